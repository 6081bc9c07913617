// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A name that an operator gives: 1 to 63 of `a-z 0-9 - _ .`, beginning with a letter or digit.
///
/// Names appear in URLs, in log lines and on the wire of heartbeats, hence the narrow alphabet.
package protocol Name: Sendable, Hashable, Comparable, CustomStringConvertible, Codable, CodingKeyRepresentable {
  var text: String { get }
  /// Takes the text as it is: for literals and for what was checked before.
  init(unchecked text: String)
}

extension Name {
  /// What `init(_:)` accepts, for messages.
  package static var accepted: String { "1 to 63 of a-z 0-9 - _ . beginning with a letter or digit" }

  package init?(_ text: some StringProtocol) {
    self.init(String(text))
  }

  package init?(_ text: String) {
    var text = text
    guard text.withUTF8(isName) else { return nil }
    self.init(unchecked: text)
  }

  package var description: String { self.text }
  package static func < (a: Self, b: Self) -> Bool { a.text < b.text }

  package var codingKey: any CodingKey { NameKey(stringValue: self.text) }
  package init?<T: CodingKey>(codingKey: T) { self.init(codingKey.stringValue) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(self.text)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let name = Self(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no name: \(Self.accepted)")
    }
    self = name
  }
}

private struct NameKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

private func isName(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  guard (1...63).contains(bytes.count), isLetterOrDigit(bytes[0]) else { return false }
  return bytes.allSatisfy { isLetterOrDigit($0) || $0 == 0x2d || $0 == 0x5f || $0 == 0x2e }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

package struct RegionName: Name {
  package let text: String
  package init(unchecked text: String) { self.text = text }
}

package struct ServiceName: Name {
  package let text: String
  package init(unchecked text: String) { self.text = text }
}

package struct SwitchName: Name {
  package let text: String
  package init(unchecked text: String) { self.text = text }
}
