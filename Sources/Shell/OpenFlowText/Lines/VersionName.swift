// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The versions of the protocol as the JSON form names them: the number in a header, and what people call it.
enum VersionName {
  private static let names: [(number: UInt8, name: String)] = [
    (1, "1.0"), (2, "1.1"), (3, "1.2"), (4, "1.3"), (5, "1.4"), (6, "1.5"),
  ]

  /// `1.3`, or `0x2a` for a number that no version has.
  static func text(_ number: UInt8) -> String {
    self.names.first { $0.number == number }?.name ?? "0x" + Hex.text([number])
  }

  /// The number that `text` stands for; nil: none.
  static func number(_ text: String) -> UInt8? {
    if let known = self.names.first(where: { $0.name == text }) { return known.number }
    guard text.hasPrefix("0x"), text.utf8.count == 4 else { return nil }
    return Hex.bytes(text.utf8.dropFirst(2))?.first
  }
}
