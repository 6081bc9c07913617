// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel
package import Storage

/// What Isthmus keeps in a store, read from one snapshot of it.
package struct SharedView: Sendable, Equatable {
  package struct Configuration: Sendable, Equatable {
    package var record: ConfigurationRecord
    /// Of the record's document; for whoever changes it next.
    package var revision: UInt64
    /// YAML without `controller`.
    package var text: String

    package init(record: ConfigurationRecord, revision: UInt64, text: String) {
      self.record = record
      self.revision = revision
      self.text = text
    }
  }

  /// Nil: nothing was ever configured.
  package var configuration: Configuration?
  package var drains: [RegionName: DrainRecord]
  /// By key.
  package var files: [String: FileRecord]

  /// - Throws: `StoreError.damaged` for what no Isthmus writes, `.newerFormat` for what a newer one does.
  package init(_ snapshot: Snapshot, place: String) throws(StoreError) {
    self.drains = [:]
    self.files = [:]
    for document in snapshot.documents {
      if document.key.hasPrefix(DrainRecord.prefix) {
        guard let region = RegionName(document.key.dropFirst(DrainRecord.prefix.count)) else { continue }
        self.drains[region] = try read(DrainRecord.self, from: document, place: place)
      } else if document.key.hasPrefix("files/") {
        self.files[document.key] = try read(FileRecord.self, from: document, place: place)
      }
    }
    guard let document = snapshot[ConfigurationRecord.key] else { return }
    let head = try read(Head.self, from: document, place: place)
    guard head.format == ConfigurationRecord.format else {
      throw .newerFormat(place: place, found: head.format, known: ConfigurationRecord.format)
    }
    let record = try read(ConfigurationRecord.self, from: document, place: place)
    var text = ""
    for part in 0..<max(0, min(record.parts, StoreLimits.documents)) {
      guard let document = snapshot[ConfigurationText.key(record.id, part)] else {
        throw .damaged(place: place, reason: "part \(part + 1) of \(record.parts) of the configuration is not there")
      }
      text += document.value
    }
    guard ConfigurationRecord.digest(of: text) == record.digest else {
      throw .damaged(place: place, reason: "the configuration's text is not the one that was put there")
    }
    self.configuration = Configuration(record: record, revision: document.revision, text: text)
  }

  /// As they are to be put into a store that may take them in several commits: what names the parts comes after them.
  package static func ordered(_ documents: [Document]) -> [Document] {
    documents.filter { $0.key != ConfigurationRecord.key } + documents.filter { $0.key == ConfigurationRecord.key }
  }

  /// What tells whether the rest can be read.
  private struct Head: Decodable {
    var format: Int
  }
}

/// Changes of a store that belong together.
package struct SharedChange: Sendable, Equatable {
  /// What one commit, or several, put before the last one.
  package var preparation: [Change]
  /// All or nothing. Nobody sees the new configuration before.
  package var changes: [Change]
  package var expectations: [Expectation]

  package init(preparation: [Change] = [], changes: [Change], expectations: [Expectation] = []) {
    self.preparation = preparation
    self.changes = changes
    self.expectations = expectations
  }

  /// Puts a configuration in the place of that in `snapshot`, of which nothing stays: its text's parts, what is left of
  /// changes that never came to their end, and drains of regions that are not configured any more.
  ///
  /// - Parameters:
  ///   - regions: those of the new configuration.
  ///   - file: what is to be remembered of the controller's own file; nil: nothing.
  package static func configure(
    _ record: ConfigurationRecord, text: String, regions: [RegionName], file: FileRecord?, in snapshot: Snapshot,
    within limits: CommitLimits
  ) throws(StoreError) -> SharedChange {
    let parts = ConfigurationText.parts(of: text).enumerated().map {
      Change.put(key: ConfigurationText.key(record.id, $0.offset), value: $0.element)
    }
    var changes = [Change.put(key: ConfigurationRecord.key, value: try json(record))]
    if let file { changes.append(.put(key: FileRecord.key(of: file.controller), value: try json(file))) }
    let kept = Set(regions.map { DrainRecord.key(of: $0) })
    let old = snapshot.documents.map(\.key).filter { key in
      key.hasPrefix(ConfigurationRecord.key + "/") || (key.hasPrefix(DrainRecord.prefix) && !kept.contains(key))
    }
    let expectations = [
      Expectation(key: ConfigurationRecord.key, revision: snapshot[ConfigurationRecord.key]?.revision)
    ]
    let bytes = (parts + changes).reduce(0) { $0 + $1.valueBytes }
    let fits = bytes <= limits.valueBytes && parts.count + changes.count <= limits.changes
    let rest = fits ? parts + changes : changes
    // What does not fit goes with the next change.
    let gone = old.prefix(max(0, limits.changes - rest.count)).map { Change.delete(key: $0) }
    return SharedChange(preparation: fits ? [] : parts, changes: rest + gone, expectations: expectations)
  }

  /// Adds the same to a store, one commit after the other.
  ///
  /// - Returns: the revision of the last one.
  package func commit(to store: some DocumentStore) async throws(StoreError) -> UInt64 {
    for change in self.preparation { _ = try await store.commit([change]) }
    return try await store.commit(self.changes, expecting: self.expectations)
  }
}

extension Change {
  fileprivate var valueBytes: Int { if case .put(_, let value) = self { value.utf8.count } else { 0 } }
}

extension DrainRecord {
  package func put(for region: RegionName) throws(StoreError) -> Change {
    .put(key: Self.key(of: region), value: try json(self))
  }
}

extension FileRecord {
  package func put() throws(StoreError) -> Change {
    .put(key: Self.key(of: self.controller), value: try json(self))
  }
}
