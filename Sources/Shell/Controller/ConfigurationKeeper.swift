// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
package import NIOCore
import Northbound
package import ServiceFiles
import ServiceModel
package import SharedDocuments
package import Storage

/// Stands between the store, where what operators order is kept, and the control loop, which acts by it.
///
/// What is ordered here is put into the store first and acted by then; what others order comes from the store. Nothing of
/// it is in the way of the control loop: that never waits for this.
package actor ConfigurationKeeper {
  /// Until a controller begins without the store.
  private static let patience = Duration.seconds(2)

  let store: any DocumentStore
  /// This machine's copy of what is in the store; nil: the store is on this machine.
  let copy: (any DocumentStore)?
  let place: StorePlace
  let loop: ControlLoop
  /// Of this controller.
  let name: String
  /// Where paths of keys begin.
  let folder: String
  /// Static entries are kept beside, in their own time.
  package nonisolated let entries: EntryKeeper
  /// One change after the other.
  let turns = Turns()

  /// This controller's own file, as it was read last.
  var ownFile: ServiceFile
  /// It and its keys were read just now.
  var isOwnFileFresh = true
  /// It is to be looked at when the store is back.
  var fileWaits = false
  /// What the loop acts by.
  var running: Running?
  /// The configuration in the store that this controller cannot act by.
  var refused: String?
  /// The drains in the store, also in this controller's time.
  var orders: [RegionName: (record: DrainRecord, order: DrainOrder)] = [:]
  /// Drains that switches remember count, because the store knows of none yet.
  var inheritsDrains = false
  /// Something was heard from the store itself.
  var knowsStore = false
  /// What is older than this was overtaken by a change of ours.
  var floor: UInt64 = 0
  /// Why the store cannot be used; nil: it can.
  var absence: StoreError?
  var hasCopyFailed = false

  struct Running {
    var file: ServiceFile
    /// Nil: it is not from the store.
    var configuration: SharedView.Configuration?
  }

  /// - Parameters:
  ///   - file: the controller's own, as it was read.
  ///   - eventLoop: may wait for a file.
  package init(
    store: any DocumentStore, copy: (any DocumentStore)?, place: StorePlace, file: ServiceFile, name: String,
    loop: ControlLoop, eventLoop: any EventLoop
  ) {
    self.store = store
    self.copy = copy
    self.place = place
    self.ownFile = file
    self.folder = ServiceFile.folder(of: file.file)
    self.name = name
    self.loop = loop
    self.entries = EntryKeeper(store: store, place: place.text, loop: loop, on: eventLoop)
  }

  var journal: Journal { self.loop.journal }

  /// Has the control loop act by what is configured. Afterwards it does, whatever the store says or not.
  package func start() async {
    await self.turns.begin()
    await self.loop.keepEntries(in: self.entries.inbox)
    do throws(StoreError) {
      try await self.begin(with: try await self.readSoon())
    } catch {
      self.absence = error
      self.entries.inbox.absence = "\(error)"
      await self.begin(without: error)
    }
    self.isOwnFileFresh = false
    await self.turns.end()
  }

  /// Follows what others change, until cancelled.
  package func run() async throws {
    while true {
      for await news in self.store.news() {
        await self.turns.begin()
        switch news {
        case .snapshot(let snapshot): await self.take(snapshot)
        case .unavailable(let error): self.lost(error)
        case .available: self.found()
        }
        await self.turns.end()
      }
      // News end when we do; else they are to begin anew.
      try await Task.sleep(for: .seconds(1))
    }
  }

  /// The controller's own file has changed.
  package func consider(_ file: ServiceFile) async {
    await self.turns.begin()
    self.ownFile = file
    self.isOwnFileFresh = true
    await self.considerFile()
    self.isOwnFileFresh = false
    await self.turns.end()
  }

  /// A key file has changed: what runs is read again with it.
  func readKeysAgain() async {
    await self.turns.begin()
    if let configuration = self.running?.configuration {
      await self.adopt(configuration)
    } else {
      await self.adopt(self.ownFile, as: nil)
    }
    await self.turns.end()
  }

  /// The key files that what runs needs.
  var keyFiles: [String] { self.running?.file.keyFiles ?? self.ownFile.keyFiles }

  /// Why nothing can be changed now.
  package var problem: String? { self.absence.map { "\($0)" } }
}

// MARK: The beginning

extension ConfigurationKeeper {
  /// What is in the store, unless that takes long.
  private func readSoon() async throws(StoreError) -> Snapshot {
    let store = self.store
    let place = self.place.text
    let result = await withTaskGroup(of: Result<Snapshot, StoreError>.self) { group in
      group.addTask { await reading(store) }
      group.addTask {
        try? await Task.sleep(for: Self.patience)
        return .failure(.unreachable(place: place, reason: "no answer within \(Self.patience)"))
      }
      let first = await group.next() ?? .failure(.cancelled)
      group.cancelAll()
      return first
    }
    return try result.get()
  }

  private func begin(with first: Snapshot) async throws(StoreError) {
    var first = first
    var view = try SharedView(first, place: self.place.text)
    if view.configuration == nil {
      self.inheritsDrains = view.drains.isEmpty
      if let snapshot = try await self.restore() {
        view = try SharedView(snapshot, place: self.place.text)
        first = snapshot
      }
    }
    self.knowsStore = true
    await self.entries.begin(with: first)
    await self.considerFile(beside: view)
    if self.running == nil, let configuration = view.configuration { await self.adopt(configuration) }
    if self.running == nil { await self.adopt(self.ownFile, as: nil) }
    await self.follow(view.drains)
  }

  private func begin(without error: StoreError) async {
    if let copy = self.copy, let snapshot = try? await copy.read(),
      let view = try? SharedView(snapshot, place: "the copy"), let configuration = view.configuration
    {
      await self.entries.begin(withCopy: snapshot)
      self.journal.record(StoreDecision.startedWithout(.copy(configuration.record), because: "\(error)"))
      await self.adopt(configuration)
      await self.follow(view.drains)
    } else {
      self.journal.record(StoreDecision.startedWithout(.file(self.ownFile.file), because: "\(error)"))
    }
    if self.running == nil { await self.adopt(self.ownFile, as: nil) }
    self.fileWaits = true
  }

  /// Puts what this machine kept into a store that has nothing.
  ///
  /// - Returns: what is in the store then; nil: nothing was kept.
  private func restore() async throws(StoreError) -> Snapshot? {
    guard let copy = self.copy, let kept = try? await copy.read(),
      let view = try? SharedView(kept, place: "the copy"), view.configuration != nil
    else { return nil }
    do throws(StoreError) {
      try await self.store.replaceAll(with: SharedView.ordered(kept.documents))
      self.inheritsDrains = false
      self.journal.record(StoreDecision.restored(documents: kept.documents.count))
    } catch {
      // Another controller does the same.
      guard case .conflict = error else { throw error }
    }
    return try await self.store.read()
  }
}

private func reading(_ store: any DocumentStore) async -> Result<Snapshot, StoreError> {
  do throws(StoreError) { return .success(try await store.read()) } catch { return .failure(error) }
}

// MARK: News

extension ConfigurationKeeper {
  private func lost(_ error: StoreError) {
    self.floor = 0
    self.entries.inbox.absence = "\(error)"
    guard self.absence == nil else { return self.absence = error }
    self.absence = error
    // Where there is an election, that says it.
    if self.copy == nil { self.journal.record(StoreDecision.away("\(error)", hasElection: false)) }
  }

  private func found() {
    self.entries.inbox.absence = nil
    guard self.absence != nil else { return }
    self.absence = nil
    if self.copy == nil { self.journal.record(StoreDecision.back) }
  }

  func take(_ snapshot: Snapshot) async {
    guard snapshot.revision >= self.floor else { return }
    self.floor = snapshot.revision
    self.found()
    do throws(StoreError) {
      var snapshot = snapshot
      var view = try SharedView(snapshot, place: self.place.text)
      if view.configuration == nil, let restored = try await self.restore() {
        snapshot = restored
        view = try SharedView(restored, place: self.place.text)
      }
      self.knowsStore = true
      self.entries.inbox.tell(snapshot)
      if self.fileWaits { await self.considerFile(beside: view) }
      if let configuration = view.configuration { await self.adoptIfNew(configuration) }
      await self.follow(view.drains)
      await self.keepCopy(of: snapshot)
    } catch {
      self.lost(error)
    }
  }

  private func adoptIfNew(_ configuration: SharedView.Configuration) async {
    if configuration.record.id == self.running?.configuration?.record.id {
      // What came from the copy has another revision there.
      self.running?.configuration = configuration
    } else if configuration.record.id != self.refused {
      await self.adopt(configuration)
    }
  }

  private func keepCopy(of snapshot: Snapshot) async {
    guard let copy = self.copy else { return }
    do throws(StoreError) {
      try await copy.replaceAll(with: SharedView.ordered(snapshot.documents))
      self.hasCopyFailed = false
    } catch {
      if !self.hasCopyFailed { self.journal.record(StoreDecision.copyFailed("\(error)")) }
      self.hasCopyFailed = true
    }
  }
}
