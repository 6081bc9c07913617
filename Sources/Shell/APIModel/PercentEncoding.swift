// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
  /// A part of a URL as it was meant (RFC 3986, 2.1). A `%` without two hexadecimal digits stays as it is.
  package var percentDecoded: String {
    guard self.utf8.contains(UInt8(ascii: "%")) else { return String(self) }
    var bytes: [UInt8] = []
    var rest = Substring(self).utf8
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2, digits.first != UInt8(ascii: "+"),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
