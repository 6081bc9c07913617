// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Stands for a character of a file while the YAML parser reads it.
///
/// - The parser replaces aliases (`*name`) by what they stand for before anybody can look, so a few lines can grow
///   without limit. With a placeholder for every `*` there are no aliases; what would have been one is a plain scalar
///   that begins with the placeholder.
/// - It refuses a mapping with a key twice and says only where the first is. With a placeholder in the first, the
///   rest can be read, and both can be named.
enum Placeholder {
  /// The end of a private use area: no file has these, `SourceText` sees to it.
  static let range: ClosedRange<UInt32> = 0x10_ff00...0x10_ff08

  static let asterisk: Unicode.Scalar = "\u{10ff00}"

  /// For duplicate keys: so many of them can be named together with the first, at the price of another parse each.
  static let duplicates: [Unicode.Scalar] = Self.range.dropFirst().compactMap { Unicode.Scalar($0) }
}
