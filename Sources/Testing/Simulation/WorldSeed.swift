// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// All that it takes to make a world.
package struct WorldSeed: Sendable, Hashable, CustomStringConvertible {
  package var number: UInt64
  package var size: Scenario.Size

  package init(_ number: UInt64, _ size: Scenario.Size = .small) {
    self.number = number
    self.size = size
  }

  package var description: String { "seed \(self.number) (\(self.size))" }

  /// The same seeds for ever.
  package static func fixed(_ count: Int, _ size: Scenario.Size = .small) -> [WorldSeed] {
    (0..<count).map { WorldSeed(UInt64($0), size) }
  }

  /// A seed and a size on each line; `#` begins a comment. Lines that are nothing of that kind are left out.
  package static func read(_ text: String) -> [WorldSeed] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      guard words.count == 2, let number = UInt64(words[0]), let size = Scenario.Size(rawValue: String(words[1])) else {
        return nil
      }
      return WorldSeed(number, size)
    }
  }
}
