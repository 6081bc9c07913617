// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Why bytes are no OpenFlow message. Offsets count from the first byte of the message.
public enum OpenFlowDecodingError: Error, Sendable, Hashable {
  /// The bytes end before `what` does.
  case truncated(what: String, offset: Int, needed: Int, available: Int)
  /// A length that cannot be.
  case badLength(what: String, offset: Int, length: Int, accepted: String)
  /// A value that has no meaning there.
  case badValue(what: String, offset: Int, value: UInt64, accepted: String)
  /// A match field that cannot be read.
  case badField(oxmClass: UInt16, number: UInt8, offset: Int, problem: String)
  /// A message of another version than the connection's; HELLO and ERROR are exempt.
  case badVersion(found: UInt8, expected: ProtocolVersion)
}

extension OpenFlowDecodingError: CustomStringConvertible {
  /// Says where, what was found and what is accepted.
  public var description: String {
    switch self {
    case .truncated(let what, let offset, let needed, let available):
      "\(what) at byte \(offset) needs \(needed) bytes, but \(available) are left"
    case .badLength(let what, let offset, let length, let accepted):
      "\(what) at byte \(offset) has the length \(length), but it must be \(accepted)"
    case .badValue(let what, let offset, let value, let accepted):
      "\(what) at byte \(offset) is \(value), but it must be \(accepted)"
    case .badField(let oxmClass, let number, let offset, let problem):
      "match field 0x\(String(oxmClass, radix: 16)):\(number) at byte \(offset) \(problem)"
    case .badVersion(let found, let expected):
      "the message has the version 0x\(String(found, radix: 16)), but this connection speaks OpenFlow \(expected) "
        + "(0x\(String(expected.rawValue, radix: 16)))"
    }
  }
}
