// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The place of an element in an array, or of what a class inherits: keys of a coding path that no type has.
struct ElementKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ index: Int) {
    self.stringValue = "\(index)"
    self.intValue = index
  }

  init(name: String) {
    self.stringValue = name
    self.intValue = nil
  }

  init?(stringValue: String) { self.init(name: stringValue) }
  init?(intValue: Int) { self.init(intValue) }
}
