// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import FlowPipeline
package import OpenFlow

/// What operators order at once: first what goes, then what comes or takes another's place.
package struct EntryChange: Sendable, Equatable {
  package var deletes: [String]
  package var puts: [StaticEntry]

  package init(deletes: [String] = [], puts: [StaticEntry] = []) {
    self.deletes = deletes
    self.puts = puts
  }

  package var isEmpty: Bool { self.deletes.isEmpty && self.puts.isEmpty }
}

/// All entries, by name, and which of them has which flow or group of which switch: never two the same.
package struct EntryBook: Sendable, Equatable {
  package private(set) var entries: [String: StaticEntry] = [:]
  private var switches: [DatapathID: Owners] = [:]

  private struct Owners: Sendable, Equatable {
    var flows: [DatapathProgram.FlowKey: String] = [:]
    var groups: [GroupNumber: String] = [:]

    var isEmpty: Bool { self.flows.isEmpty && self.groups.isEmpty }
  }

  package init() {}

  package subscript(name: String) -> StaticEntry? { self.entries[name] }

  package var count: Int { self.entries.count }

  /// Names of a switch's entries: groups first, which flows may name.
  package func names(on datapath: DatapathID) -> [String] {
    guard let owners = self.switches[datapath] else { return [] }
    return owners.groups.sorted { $0.key < $1.key }.map(\.value) + owners.flows.values.sorted()
  }

  package func flowCount(on datapath: DatapathID) -> Int { self.switches[datapath]?.flows.count ?? 0 }

  package func groups(on datapath: DatapathID) -> [GroupNumber] {
    self.switches[datapath]?.groups.keys.sorted() ?? []
  }

  /// The entry whose flow or group this is.
  package func owner(of key: DatapathProgram.FlowKey, on datapath: DatapathID) -> String? {
    self.switches[datapath]?.flows[key]
  }

  package func owner(of group: GroupNumber, on datapath: DatapathID) -> String? {
    self.switches[datapath]?.groups[group]
  }

  /// Takes entries over, after others are gone; an older entry with the same flow or group makes room.
  ///
  /// - Returns: what was there before of all that is named now or made room.
  @discardableResult
  package mutating func apply(_ change: EntryChange) -> [StaticEntry] {
    var gone: [StaticEntry] = []
    gone.reserveCapacity(change.deletes.count)
    for name in change.deletes { if let old = self.remove(name) { gone.append(old) } }
    for var entry in change.puts {
      let old = self.remove(entry.name)
      if let old { gone.append(old) }
      if let old, old.isSame(as: entry) { entry.isReplacement = true }
      if let other = self.rival(of: entry), let old = self.remove(other) { gone.append(old) }
      self.insert(entry)
    }
    return gone
  }

  /// The entry of another name that has the same flow or group.
  package func rival(of entry: StaticEntry) -> String? {
    let owners = self.switches[entry.datapath]
    let owner =
      switch entry.content {
      case .flow(let flow): owners?.flows[flow.key]
      case .group(let group): owners?.groups[group.number]
      }
    return owner == entry.name ? nil : owner
  }

  private mutating func insert(_ entry: StaticEntry) {
    self.entries[entry.name] = entry
    switch entry.content {
    case .flow(let flow): self.switches[entry.datapath, default: Owners()].flows[flow.key] = entry.name
    case .group(let group): self.switches[entry.datapath, default: Owners()].groups[group.number] = entry.name
    }
  }

  private mutating func remove(_ name: String) -> StaticEntry? {
    guard let entry = self.entries.removeValue(forKey: name) else { return nil }
    switch entry.content {
    case .flow(let flow): self.switches[entry.datapath]?.flows[flow.key] = nil
    case .group(let group): self.switches[entry.datapath]?.groups[group.number] = nil
    }
    if self.switches[entry.datapath]?.isEmpty == true { self.switches[entry.datapath] = nil }
    return entry
  }
}

extension StaticEntry {
  /// Whether a switch takes both for the same flow or group.
  package func isSame(as other: StaticEntry) -> Bool {
    guard self.datapath == other.datapath else { return false }
    switch (self.content, other.content) {
    case (.flow(let mine), .flow(let others)): return mine.key == others.key
    case (.group(let mine), .group(let others)): return mine.number == others.number
    default: return false
    }
  }
}
