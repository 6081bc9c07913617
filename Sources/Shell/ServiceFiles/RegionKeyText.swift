// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// Region keys as text: 64 hexadecimal digits.
enum RegionKeyText {
  static let accepted =
    "\(RegionKey.length * 2) hexadecimal digits (\(RegionKey.length) bytes), "
    + "as 'openssl rand -hex \(RegionKey.length)' makes them"

  enum Problem: Error, CustomStringConvertible {
    case length(Int)
    case alphabet

    var description: String {
      switch self {
      case .length(let count): "has \(count) characters"
      case .alphabet: "has characters that are no hexadecimal digits"
      }
    }
  }

  /// Spaces and line ends around the digits are left out. An error holds nothing of the key.
  static func read(_ bytes: some BidirectionalCollection<UInt8>) throws(Problem) -> RegionKey {
    let digits = trimmed(bytes[...])
    guard digits.count == RegionKey.length * 2 else { throw .length(digits.count) }
    var values: [UInt8] = []
    for digit in digits {
      guard let value = hexValue(digit) else { throw .alphabet }
      values.append(value)
    }
    let octets = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    guard let key = RegionKey(bytes: octets) else { throw .length(digits.count) }
    return key
  }
}

private func trimmed<Bytes: BidirectionalCollection<UInt8>>(_ bytes: Bytes) -> Bytes.SubSequence {
  func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
  guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
  else { return bytes.prefix(0) }
  return bytes[first...last]
}

private func hexValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
