// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles
import ServiceModel
import SharedDocuments
import Storage
import Testing

/// What is in a store, as documents and back.
@Suite struct SharedDocumentsTests {
  private let limits = CommitLimits(changes: 128, valueBytes: 1_300_000)

  private func record(_ text: String, after previous: ConfigurationRecord? = nil) -> ConfigurationRecord {
    ConfigurationRecord(text: text, file: "a.yaml", origin: .operator, controller: "c1", time: 1, after: previous)
  }

  /// What a store holds after a change.
  private func apply(_ change: SharedChange, to snapshot: Snapshot) -> Snapshot {
    var documents: [String: Document] = [:]
    for document in snapshot.documents { documents[document.key] = document }
    for change in change.preparation + change.changes {
      switch change {
      case .put(let key, let value):
        documents[key] = Document(key: key, value: value, revision: snapshot.revision + 1)
      case .delete(let key): documents[key] = nil
      }
    }
    return Snapshot(revision: snapshot.revision + 1, documents: documents.values.sorted { $0.key < $1.key })
  }

  /// The last one is larger than a commit of etcd, and its characters lie across the parts' ends.
  @Test(arguments: [0, 1, 300_000]) func whatWasPutIsRead(lines: Int) throws {
    let text = String(repeating: "# ü€😀\n", count: lines)
    let record = self.record(text)
    let change = try SharedChange.configure(
      record, text: text, regions: [], file: nil, in: Snapshot(revision: 0, documents: []), within: self.limits)
    let view = try SharedView(self.apply(change, to: Snapshot(revision: 6, documents: [])), place: "here")
    #expect(view.configuration == SharedView.Configuration(record: record, revision: 7, text: text))
    #expect(change.expectations == [Expectation(key: "configuration", revision: nil)])
    for part in change.preparation { try self.expectItFits([part]) }
    try self.expectItFits(change.changes)
  }

  private func expectItFits(_ changes: [Change]) throws {
    let bytes = changes.reduce(0) { if case .put(_, let value) = $1 { $0 + value.utf8.count } else { $0 } }
    #expect(bytes <= self.limits.valueBytes && changes.count <= self.limits.changes)
  }

  @Test func theNextOneLeavesNothingOfTheOld() throws {
    let first = self.record("a")
    var snapshot = Snapshot(revision: 0, documents: [])
    let file = FileRecord(digest: "d", file: "f", controller: "c1")
    snapshot = self.apply(
      try .configure(first, text: "a", regions: [], file: file, in: snapshot, within: self.limits), to: snapshot)
    for region in ["gone", "kept"] {
      let drain = try DrainRecord(since: 1, deadline: nil, isForced: false).put(for: RegionName(unchecked: region))
      snapshot = self.apply(SharedChange(changes: [drain]), to: snapshot)
    }
    // Somebody who was killed before it was done.
    snapshot = self.apply(
      SharedChange(changes: [.put(key: "configuration/0000000000000000/000", value: "x")]), to: snapshot)
    let second = self.record("b", after: first)
    snapshot = self.apply(
      try .configure(
        second, text: "b", regions: [RegionName(unchecked: "kept")], file: nil, in: snapshot, within: self.limits),
      to: snapshot)
    #expect(
      snapshot.documents.map(\.key) == ["configuration", "configuration/\(second.id)/000", "drains/kept", "files/c1"])
    #expect(second.earlier == [first.digest])
  }

  @Test func aPartThatIsMissingIsNoConfiguration() throws {
    let record = self.record("a")
    let change = try SharedChange.configure(
      record, text: "a", regions: [], file: nil, in: Snapshot(revision: 0, documents: []), within: self.limits)
    var snapshot = self.apply(change, to: Snapshot(revision: 0, documents: []))
    snapshot.documents[1].value = "b"
    #expect(throws: StoreError.self) { try SharedView(snapshot, place: "here") }
    snapshot.documents.remove(at: 1)
    #expect(throws: StoreError.self) { try SharedView(snapshot, place: "here") }
  }

  @Test func theDigestLeavesEmptyLinesOut() {
    #expect(ConfigurationRecord.digest(of: "\n  \r\na\n") == ConfigurationRecord.digest(of: "a\n\n"))
    #expect(ConfigurationRecord.digest(of: "a\nb") != ConfigurationRecord.digest(of: "ab"))
  }

  @Test func aControllersOwnFileTakesNothingBack() {
    let first = self.record("1")
    let second = self.record("2", after: first)
    let third = self.record("3", after: second)
    func known(_ text: String) -> FileRecord {
      FileRecord(digest: ConfigurationRecord.digest(of: text), file: "f", controller: "c1")
    }
    func verdict(_ text: String, _ known: FileRecord?, _ current: ConfigurationRecord?) -> FileVerdict {
      FileVerdict(of: ConfigurationRecord.digest(of: text), known: known, current: current)
    }
    #expect(verdict("1", nil, nil) == .apply)
    #expect(verdict("1", nil, first) == .same)
    #expect(verdict("1", known("1"), second) == .unchanged)
    #expect(verdict("new", known("1"), second) == .apply)
    #expect(verdict("new", nil, second) == .foreign)
    // Late on this controller; and put back by whoever wrote what is there.
    #expect(verdict("2", known("1"), third) == .older)
    #expect(verdict("2", known("3"), third) == .apply)
  }

  @Test func aFilesKeyFitsWhateverAControllerIsCalled() {
    #expect(FileRecord.key(of: "c1") == "files/c1")
    for name in ["", "C 1", "ü/..", String(repeating: "x", count: 300)] {
      #expect(DocumentKey.isValid(FileRecord.key(of: name)), "\(name)")
    }
    #expect(FileRecord.key(of: "C1") != FileRecord.key(of: "C2"))
  }

  @Test func theStoreIsWhereTheFileSays() throws {
    var settings = ControllerSettings()
    #expect(try StorePlace(settings, file: "/etc/isthmus/isthmus.yaml") == .file("/var/lib/isthmus/controller.store"))
    #expect(try StorePlace(settings, file: "/tmp/a.yaml") == .file("/tmp/a.store"))
    #expect(try StorePlace(settings, file: ".yaml") == .file(".yaml.store"))
    settings.store = "/x"
    #expect(try StorePlace(settings, file: "a.yml") == .file("/x"))
    settings.etcd = EtcdAccess(endpoints: ["http://192.0.2.1:2379"], prefix: "/a/")
    let place = try StorePlace(settings, file: "a.yml")
    #expect(place == .etcd(try EtcdSettings(endpoints: ["http://192.0.2.1:2379"], prefix: "/a/"), copy: "/x"))
    #expect(!place.mayHoldKeys)
  }
}
