// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a value cannot be said in OpenFlow. Nothing is ever cut off or sent with a wrong length instead.
public enum OpenFlowEncodingError: Error, Sendable, Hashable {
  /// More bytes than the length field can say.
  case tooLong(what: String, length: Int, maximum: Int)
  /// A value outside of its range.
  case invalid(what: String, problem: String)
  /// Something that the connection's version does not have.
  case unsupported(what: String, version: ProtocolVersion)
}

extension OpenFlowEncodingError: CustomStringConvertible {
  /// Says what is wrong and what is accepted.
  public var description: String {
    switch self {
    case .tooLong(let what, let length, let maximum):
      "\(what) would take \(length) bytes; at most \(maximum) are possible"
    case .invalid(let what, let problem): "\(what) \(problem)"
    case .unsupported(let what, let version): "OpenFlow \(version) has no \(what)"
    }
  }
}
