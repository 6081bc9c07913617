// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Two lower-case hexadecimal digits.
@usableFromInline
func hexOctet(_ octet: UInt8) -> String {
  let text = String(octet, radix: 16)
  return octet < 16 ? "0" + text : text
}

/// Reads octets of two hexadecimal digits each, with a colon between two; nil for anything else.
///
/// - Parameter count: up to 8.
func colonSeparated(_ text: some StringProtocol, octets count: Int) -> UInt64? {
  var value: UInt64 = 0
  var place = 0
  for byte in text.utf8 {
    if place % 3 == 2 {
      guard byte == UInt8(ascii: ":") else { return nil }
    } else {
      guard place < 3 * count, let digit = hexDigit(byte) else { return nil }
      value = value << 4 | digit
    }
    place += 1
  }
  return place == 3 * count - 1 ? value : nil
}

func isHexDigit(_ byte: UInt8) -> Bool { hexDigit(byte) != nil }

private func hexDigit(_ byte: UInt8) -> UInt64? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
  default: nil
  }
}
