// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a file is no capture, or why the rest of it cannot be read. Offsets count from the first byte of the file.
package enum CaptureError: Error, Sendable, Hashable {
  /// The file does not begin as a capture does.
  case notACapture
  /// A version of the format that is not read.
  case unsupportedVersion(major: UInt16, minor: UInt16, offset: Int, accepted: String)
  /// A number that cannot be.
  case badValue(what: String, offset: Int, value: UInt64, accepted: String)
  /// The file ends in the middle of `what`.
  case truncated(what: String, offset: Int, needed: Int, available: Int)
}

extension CaptureError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notACapture: "the file begins as neither pcap nor pcapng does"
    case .unsupportedVersion(let major, let minor, let offset, let accepted):
      "the capture's version at byte \(offset) is \(major).\(minor), but only \(accepted) is read"
    case .badValue(let what, let offset, let value, let accepted):
      "the capture's \(what) at byte \(offset) is \(value), but it must be \(accepted)"
    case .truncated(let what, let offset, let needed, let available):
      "the capture ends in the middle of \(what): at byte \(offset) it needs \(needed) bytes, but \(available) are left"
    }
  }
}
