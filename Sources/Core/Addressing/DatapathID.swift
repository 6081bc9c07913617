// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The 64-bit identity of an OpenFlow datapath (OpenFlow 1.3.5, 7.3.1).
public struct DatapathID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The identity as a number; the switch's MAC is often in its low 48 bits.
  public let rawValue: UInt64

  /// Takes any number.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Reads eight octets `00:00:50:3e:aa:dc:be:04`, or 1 to 16 hexadecimal digits with or without `0x`.
  public init?(_ text: some StringProtocol) {
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let value = colonSeparated(text, octets: 8) else { return nil }
      self.rawValue = value
    } else {
      let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
      guard (1...16).contains(digits.utf8.count), digits.utf8.allSatisfy(isHexDigit),
        let value = UInt64(digits, radix: 16)
      else { return nil }
      self.rawValue = value
    }
  }

  /// Eight octets, `00:00:50:3e:aa:dc:be:04`.
  public var description: String {
    (0..<8).map { hexOctet(UInt8(truncatingIfNeeded: self.rawValue >> (56 - 8 * $0))) }.joined(separator: ":")
  }

  /// By number.
  public static func < (a: DatapathID, b: DatapathID) -> Bool { a.rawValue < b.rawValue }
}
