// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import EntryText
package import StaticEntries
package import Storage

/// Which documents hold the static entries, and what they say together.
///
/// A change is a new document, however many entries there are already. When sixteen of a size have come together, or most of
/// what is written is overtaken, a new document says what remains of them, and they go: so an entry is written a few
/// times in its life, and there are never more than some hundred documents. What is written anew is the state as it is,
/// so that a reader who sees only a part of it sees the same.
package struct EntryLog: Sendable {
  private struct Segment: Sendable {
    let number: Int
    /// Whom it puts or deletes.
    let names: [String]
    let bytes: Int
    /// Nil: it is not in the store yet.
    var revision: UInt64?

    /// Sixteen of one are one of the next.
    var size: Int {
      let units = self.bytes / EntryLog.smallest
      return (Int.bitWidth - units.leadingZeroBitCount + 3) / 4
    }
  }

  /// A change of a document, and what it relies on.
  package struct Write: Sendable {
    package let change: Change
    package let expectation: Expectation

    /// Of the value.
    package var bytes: Int { if case .put(_, let value) = self.change { value.utf8.count } else { 0 } }
  }

  private static let smallest = 1 << 10
  private static let together = 16
  /// Bytes of a document that is not written anew only because it has neighbours.
  private static let full = 256 << 10
  /// Names that may be overtaken before all is written anew; as many as there are entries may be so in any case.
  private static let garbage = 1_000

  private var segments: [Segment] = []
  /// As `EntryWriter` writes them.
  package private(set) var texts: [String: String] = [:]
  private var lastNumber = 0
  private var before = Before()

  /// What the last `append` changed. A copy of everything would be made anew for each change.
  private struct Before: Sendable {
    var segments: [Segment] = []
    var texts: [String: String?] = [:]
    var lastNumber = 0
  }

  package init() {}

  package var documents: Int { self.segments.count }

  // MARK: Writing

  /// What the store is to be told, in this order.
  package mutating func append(_ changes: [EntryChange]) -> [Write] {
    self.before = Before(segments: self.segments, lastNumber: self.lastNumber)
    for change in changes {
      for name in change.deletes {
        if let old = self.texts.removeValue(forKey: name) { self.touched(name, old) }
      }
      for entry in change.puts {
        self.touched(entry.name, self.texts.updateValue(EntryWriter.text(entry), forKey: entry.name))
      }
    }
    guard !self.texts.isEmpty else { return self.remove(self.segments.indices) }
    return self.write(Array(self.before.texts.keys), keepingDeletes: !self.segments.isEmpty)
  }

  private mutating func touched(_ name: String, _ old: String?) {
    if !self.before.texts.keys.contains(name) { self.before.texts.updateValue(old, forKey: name) }
  }

  /// As if what was appended last had not been: the store refused it.
  package mutating func takeBack() {
    for (name, old) in self.before.texts { self.texts[name] = old }
    (self.segments, self.lastNumber) = (self.before.segments, self.before.lastNumber)
    self.before = Before(segments: self.segments, lastNumber: self.lastNumber)
  }

  /// What makes the documents fewer; empty: they are few enough.
  package mutating func compact() -> [Write] {
    guard let first = self.compactable else { return [] }
    let old = self.segments.indices[first...]
    let names = Set(self.segments[old].flatMap(\.names))
    let added = self.write(Array(names), keepingDeletes: first > 0)
    // The oldest first: a name that one deletes must not come back by one before it.
    return added + self.remove(old)
  }

  private var compactable: Int? {
    let names = self.segments.reduce(0) { $0 + $1.names.count }
    if names > 2 * self.texts.count + Self.garbage { return 0 }
    // From the end as far as they are no larger than one size: the largest size of which there are enough.
    var first: Int?
    var largest = (size: -1, count: 0)
    for (index, segment) in self.segments.enumerated().reversed() {
      guard segment.bytes < Self.full else { break }
      if segment.size > largest.size { largest = (segment.size, 0) }
      if segment.size == largest.size { largest.count += 1 }
      if largest.count >= Self.together { first = index }
    }
    return first
  }

  private mutating func write(_ names: [String], keepingDeletes: Bool) -> [Write] {
    var writes: [Write] = []
    var part: (deletes: [String], puts: [(name: String, text: String)], bytes: Int) = ([], [], 0)
    func close(_ log: inout EntryLog) {
      guard part.bytes > 0 else { return }
      log.lastNumber += 1
      let text = EntryDocument.text(deletes: part.deletes, puts: part.puts.map(\.text))
      let key = EntryDocument.key(log.lastNumber)
      log.segments.append(
        Segment(number: log.lastNumber, names: part.deletes + part.puts.map(\.name), bytes: text.utf8.count))
      writes.append(
        Write(change: .put(key: key, value: text), expectation: Expectation(key: key, revision: nil)))
      part = ([], [], 0)
    }
    for name in names.sorted() {
      if let text = self.texts[name] {
        part.puts.append((name, text))
        part.bytes += text.utf8.count + 2
      } else if keepingDeletes {
        part.deletes.append(name)
        part.bytes += name.utf8.count + 3
      }
      if part.bytes >= Self.full { close(&self) }
    }
    close(&self)
    return writes
  }

  private mutating func remove(_ indices: Range<Int>) -> [Write] {
    defer { self.segments.removeSubrange(indices) }
    return self.segments[indices].map {
      let key = EntryDocument.key($0.number)
      return Write(change: .delete(key: key), expectation: Expectation(key: key, revision: $0.revision))
    }
  }

  /// The store has them.
  package mutating func committed(_ writes: [Write], at revision: UInt64) {
    for write in writes {
      guard case .put(let key, _) = write.change, let number = EntryDocument.number(ofKey: key),
        let index = self.segments.lastIndex(where: { $0.number == number })
      else { continue }
      self.segments[index].revision = revision
    }
  }

  /// What was read was a copy: what the store itself has counts, whatever its revision.
  package mutating func doubt() {
    for index in self.segments.indices { self.segments[index].revision = .max }
  }

  // MARK: Reading

  /// Takes over what a store holds.
  ///
  /// - Returns: what is different from before; nil: nothing is.
  /// - Throws: what `EntryDocument` does; then nothing was taken over.
  package mutating func read(_ snapshot: Snapshot, place: String) throws(StoreError) -> EntryChange? {
    let found = snapshot.documents.compactMap { document in
      EntryDocument.number(ofKey: document.key).map { (number: $0, document: document) }
    }.sorted { $0.number < $1.number }
    var revisions: [Int: UInt64] = [:]
    for (number, document) in found { revisions[number] = document.revision }
    let known = Dictionary(uniqueKeysWithValues: self.segments.map { ($0.number, $0.revision) })
    let new = found.filter { $0.number > self.lastNumber }
    let isKnown = found.allSatisfy { $0.number > self.lastNumber || known[$0.number] == .some($0.document.revision) }
    let isWhole = self.segments.allSatisfy { revisions[$0.number] != nil }
    // What went and left nothing new behind was not written anew; and where nothing known is left, all was, without what
    // was deleted.
    let goesOn = found.first.map { $0.number <= self.lastNumber } ?? false
    if goesOn && isKnown && (isWhole || !new.isEmpty) {
      if new.isEmpty { return nil }
      var next = self
      next.segments.removeAll { revisions[$0.number] == nil }
      let change = try next.replay(new, place: place)
      self = next
      return change
    }
    var next = EntryLog()
    var change = try next.replay(found, place: place) ?? EntryChange()
    change.deletes = self.texts.keys.filter { next.texts[$0] == nil }.sorted()
    change.puts.removeAll { self.texts[$0.name] == next.texts[$0.name] }
    self = next
    return change.isEmpty ? nil : change
  }

  /// All of the entries, as they are.
  package func entries(place: String) throws(StoreError) -> [StaticEntry] {
    let document = Document(
      key: EntryDocument.key(1),
      value: EntryDocument.text(deletes: [], puts: self.texts.sorted { $0.key < $1.key }.map(\.value)), revision: 0)
    return try EntryDocument(document, place: place).puts
  }

  private mutating func replay(
    _ found: [(number: Int, document: Document)], place: String
  ) throws(StoreError) -> EntryChange? {
    var puts: [String: StaticEntry] = [:]
    var deletes: Set<String> = []
    for (number, document) in found {
      let content = try EntryDocument(document, place: place)
      for name in content.deletes {
        puts[name] = nil
        if self.texts.removeValue(forKey: name) != nil { deletes.insert(name) }
      }
      for entry in content.puts {
        let text = EntryWriter.text(entry)
        deletes.remove(entry.name)
        guard self.texts.updateValue(text, forKey: entry.name) != text else { continue }
        puts[entry.name] = entry
      }
      self.segments.append(
        Segment(
          number: number, names: content.deletes + content.puts.map(\.name), bytes: document.value.utf8.count,
          revision: document.revision))
      self.lastNumber = number
    }
    let change = EntryChange(
      deletes: deletes.sorted(), puts: puts.sorted { $0.key < $1.key }.map(\.value))
    return change.isEmpty ? nil : change
  }
}
