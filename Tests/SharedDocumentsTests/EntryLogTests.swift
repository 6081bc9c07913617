// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel
import SharedDocuments
import StaticEntries
import Storage
import Testing

/// Static entries as documents, and back.
@Suite struct EntryLogTests {
  /// A store in memory that takes one commit after the other.
  private struct Shelf {
    var documents: [String: Document] = [:]
    var revision: UInt64 = 0
    var bytesWritten = 0

    var snapshot: Snapshot {
      Snapshot(revision: self.revision, documents: self.documents.values.sorted { $0.key < $1.key })
    }

    mutating func commit(_ writes: [EntryLog.Write], to log: inout EntryLog) throws {
      for write in writes {
        let found = self.documents[write.expectation.key]?.revision
        try #require(found == write.expectation.revision, "\(write.expectation)")
      }
      self.revision += 1
      for write in writes {
        self.bytesWritten += write.bytes
        switch write.change {
        case .put(let key, let value):
          try #require(value.utf8.count <= StoreLimits.valueBytes)
          self.documents[key] = Document(key: key, value: value, revision: self.revision)
        case .delete(let key): self.documents[key] = nil
        }
      }
      log.committed(writes, at: self.revision)
    }
  }

  private func entry(_ number: Int, priority: UInt16 = 1) throws -> StaticEntry {
    let address = try #require(IPv4Address("10.1.\(number >> 8 & 255).\(number & 255)"))
    return StaticEntry(
      name: "e\(number)", datapath: DatapathID(rawValue: 1),
      content: .flow(
        StaticFlow(
          priority: priority, match: [.ethernetType(0x0800), .ipv4Destination(address)],
          instructions: [.applyActions([.output(2)])])))
  }

  private func names(_ log: EntryLog) throws -> [String: StaticEntry] {
    Dictionary(uniqueKeysWithValues: try log.entries(place: "here").map { ($0.name, $0) })
  }

  /// Changes at random, by a writer that compacts, and sometimes by the next one; read by one who sees some of it.
  @Test(arguments: 0..<20) func whatIsReadIsWhatWasWritten(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    var shelf = Shelf()
    var writer = EntryLog()
    var reader = EntryLog()
    var told: [String: StaticEntry] = [:]
    var truth: [String: StaticEntry] = [:]
    for step in 0..<400 {
      var change = EntryChange()
      if random.next(below: 60) == 0 { change.deletes = truth.keys.sorted() }
      for _ in 0..<random.next(below: 4) { change.deletes.append("e\(random.next(below: 300))") }
      for _ in 0..<(random.next(below: 40) == 0 ? 200 : random.next(below: 4)) {
        change.puts.append(try self.entry(Int(random.next(below: 300)), priority: UInt16(random.next(below: 9))))
      }
      if random.next(below: 10) == 0 {
        _ = writer.append([change])
        writer.takeBack()
        try #require(try self.names(writer) == truth)
        continue
      }
      for name in change.deletes { truth[name] = nil }
      for entry in change.puts { truth[entry.name] = entry }
      try shelf.commit(writer.append([change]), to: &writer)
      try #require(try self.names(writer) == truth)
      if random.next(below: 4) > 0 {
        try shelf.commit(writer.compact(), to: &writer)
      }
      if random.next(below: 30) == 0 {
        writer = EntryLog()
        _ = try writer.read(shelf.snapshot, place: "here")
        try #require(try self.names(writer) == truth)
      }
      if random.next(below: 3) == 0 {
        if let news = try reader.read(shelf.snapshot, place: "here") {
          for name in news.deletes { told[name] = nil }
          for entry in news.puts { told[entry.name] = entry }
        }
        let isSame = told == truth
        #expect(isSame, "step \(step): \(Set(told.keys).symmetricDifference(truth.keys).sorted())")
      }
    }
  }

  /// One entry each: how much is written, and into how many documents.
  @Test func anEntryIsWrittenAFewTimes() throws {
    var shelf = Shelf()
    var log = EntryLog()
    var most = 0
    for number in 0..<10_000 {
      try shelf.commit(log.append([EntryChange(puts: [self.entry(number)])]), to: &log)
      try shelf.commit(log.compact(), to: &log)
      most = max(most, shelf.documents.count)
    }
    let bytes = log.texts.values.reduce(0) { $0 + $1.utf8.count }
    #expect(shelf.bytesWritten < 6 * bytes, "\(shelf.bytesWritten) for \(bytes)")
    #expect(most <= 100, "\(most)")
    // The same ones again and again do not pile up.
    for number in 0..<10_000 {
      try shelf.commit(log.append([EntryChange(puts: [self.entry(number % 10, priority: 7)])]), to: &log)
      try shelf.commit(log.compact(), to: &log)
      most = max(most, shelf.documents.count)
    }
    #expect(most <= 100, "\(most)")
    try shelf.commit(log.append([EntryChange(deletes: log.texts.keys.sorted())]), to: &log)
    #expect(shelf.documents.isEmpty)
  }

  /// Somebody else has the store's next document.
  @Test func twoWritersAreNoticed() throws {
    var shelf = Shelf()
    var first = EntryLog()
    try shelf.commit(first.append([EntryChange(puts: [self.entry(1)])]), to: &first)
    var second = EntryLog()
    _ = try second.read(shelf.snapshot, place: "here")
    try shelf.commit(second.append([EntryChange(puts: [self.entry(2)])]), to: &second)
    let late = first.append([EntryChange(puts: [try self.entry(3)])])
    #expect(late.contains { shelf.documents[$0.expectation.key]?.revision != $0.expectation.revision })
  }

  @Test(arguments: ["entries/9223372036854775807", "entries/1", "entries/+000000001", "entries/0000000000", "entries/"])
  func otherKeysAreNoneOfItsDocuments(key: String) throws {
    #expect(EntryDocument.number(ofKey: key) == nil)
    var log = EntryLog()
    let document = Document(key: key, value: "{}", revision: 1)
    #expect(try log.read(Snapshot(revision: 1, documents: [document]), place: "here") == nil)
    #expect(!log.append([EntryChange(puts: [try self.entry(1)])]).isEmpty)
  }

  /// What somebody put there by hand is told, not read over.
  @Test(arguments: [
    "", "{}", #"{"format":2,"entries":[]}"#, #"{"format":1}"#, #"{"format":1,"entries":[1]}"#,
    #"{"format":1,"deletes":[1],"entries":[]}"#, #"{"format":1,"entries":[{"name":"a"}]}"#,
  ])
  func whatIsDamagedIsTold(text: String) throws {
    let document = Document(key: EntryDocument.key(1), value: text, revision: 3)
    var log = EntryLog()
    #expect(throws: StoreError.self) {
      _ = try log.read(Snapshot(revision: 3, documents: [document]), place: "here")
    }
    #expect(log.texts.isEmpty && log.documents == 0)
  }
}
