// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What an entry's object says, in its order. There are a dozen: to look through them is sooner done than to hash one.
struct EntryFields: Sequence {
  private var pairs: [(key: String, text: String)] = []

  subscript(key: String) -> String? {
    get { self.pairs.first { $0.key == key }?.text }
    set {
      guard let newValue else { return self.pairs.removeAll { $0.key == key } }
      if let index = self.pairs.firstIndex(where: { $0.key == key }) {
        self.pairs[index].text = newValue
      } else {
        self.pairs.append((key, newValue))
      }
    }
  }

  func makeIterator() -> IndexingIterator<[(key: String, text: String)]> { self.pairs.makeIterator() }
}
