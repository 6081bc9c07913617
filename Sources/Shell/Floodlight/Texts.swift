// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

func trimmed(_ text: String) -> String {
  guard text.utf8.first.map(isBlank) == true || text.utf8.last.map(isBlank) == true else { return text }
  let rest = text.utf8.drop(while: isBlank)
  let count = rest.reversed().drop(while: isBlank).count
  return String(decoding: rest.prefix(count), as: UTF8.self)
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

/// Decimal, or hexadecimal behind `0x`.
func number(_ text: String) -> UInt64? { wide(trimmed(text)) }

private func wide(_ text: String) -> UInt64? {
  text.hasPrefix("0x") || text.hasPrefix("0X") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
}

/// Also the words, which Floodlight's documentation has and its check does not survive.
func protocolNumber(_ text: String) -> UInt64? {
  switch trimmed(text.lowercased()) {
  case "tcp": 6
  case "udp": 17
  case "sctp": 132
  case "icmp": 1
  case let text: number(text)
  }
}

/// The first place of an ASCII word in a text.
func range(of word: String, in text: String) -> Range<String.Index>? {
  guard let first = word.utf8.first else { return nil }
  var rest = text.utf8[...]
  while let start = rest.firstIndex(of: first) {
    rest = rest[start...]
    if rest.starts(with: word.utf8) { return start..<rest.index(start, offsetBy: word.utf8.count) }
    rest = rest.dropFirst()
  }
  return nil
}
