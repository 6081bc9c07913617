// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import CLinux
import ControlPlane
package import Northbound
import ServiceFiles
package import ServiceModel
import SharedDocuments
import Storage

// MARK: Configurations

extension ConfigurationKeeper {
  /// What an operator sends.
  package func configure(_ proposal: ConfigurationProposal) async -> ConfigurationOutcome {
    await self.turns.begin()
    let outcome = await self.change(
      to: proposal.text, of: proposal.file, origin: .operator, expecting: proposal.revision, isTrial: proposal.isTrial)
    await self.turns.end()
    return outcome
  }

  /// What this controller runs.
  package var view: ConfigurationView {
    let configuration = self.running?.configuration
    return ConfigurationView(
      revision: configuration?.revision ?? 0, text: (self.running?.file ?? self.ownFile).shownText,
      arrival: configuration.map {
        .init(
          file: $0.record.file, origin: $0.record.origin.rawValue, controller: $0.record.controller,
          time: $0.record.time)
      }, storeProblem: self.problem)
  }

  /// Puts a text into the store and acts by it then.
  ///
  /// - Parameters:
  ///   - expected: revision of what is there; 0: nothing is; nil: whatever is.
  ///   - own: what is to be remembered of this controller's own file; nil: it is not that.
  private func change(
    to text: String, of file: String, origin: ConfigurationRecord.Origin, expecting expected: UInt64?,
    isTrial: Bool = false, own: FileRecord? = nil
  ) async -> ConfigurationOutcome {
    let shared: ServiceFile
    do throws(ServiceFileErrors) {
      shared = try await self.check(text, of: file)
    } catch {
      return .rejected("\(error)")
    }
    do throws(StoreError) {
      let snapshot = try await self.store.read()
      if !self.knowsStore { await self.take(snapshot) }
      let old = try SharedView(snapshot, place: self.place.text).configuration
      if let expected, expected != old?.revision ?? 0 { return .conflict(conflict(expected, old)) }
      let changes = ServiceFile.differences(from: self.running?.file.intent ?? .empty, to: shared.intent)
        .map(ConfigurationChangeResource.init)
      if isTrial { return .accepted(revision: old?.revision ?? 0, changes: changes) }
      if let old, old.record.digest == ConfigurationRecord.digest(of: shared.sharedText) {
        if old.record.id != self.running?.configuration?.record.id { await self.adopt(shared, as: old) }
        return .accepted(revision: old.revision, changes: changes)
      }
      let record = ConfigurationRecord(
        text: shared.sharedText, file: file, origin: origin, controller: self.name, time: wallClock(),
        after: old?.record)
      let change = try SharedChange.configure(
        record, text: shared.sharedText, regions: shared.intent.regions.map(\.name), file: own, in: snapshot,
        within: self.store.commitLimits)
      let revision = try await self.commit(change) { $0.configuration?.record.id == record.id }
      await self.adopt(
        shared, as: SharedView.Configuration(record: record, revision: revision, text: shared.sharedText))
      self.orders = self.orders.filter { region, _ in shared.intent.regions.contains { $0.name == region } }
      await self.orderDrains()
      return .accepted(revision: revision, changes: changes)
    } catch {
      if case .conflict = error { return .conflict("somebody else has changed the configuration just now: \(error)") }
      return .notKept(refusal(error))
    }
  }

  /// The shared part of a text, if nothing is wrong with it.
  private func check(_ text: String, of file: String) async throws(ServiceFileErrors) -> ServiceFile {
    let whole = try await self.read(text, file: file)
    guard !whole.isOwnOnly else {
      throw ServiceFileErrors(errors: [
        ServiceFileError(
          file: file, location: .start, code: .missingKey, message: "the file has only 'controller'",
          hint: "nothing in it is for all controllers: add 'regions', 'switches' and 'services'")
      ])
    }
    // What is kept is what was checked, to the letter.
    let shared =
      whole.sharedText == text ? whole : try await self.read(whole.sharedText, file: file)
    if !self.place.mayHoldKeys { try refuseKeys(in: shared) }
    if let objections = await self.loop.objections(to: shared) { throw objections }
    return shared
  }

  /// A large text takes seconds, so that of the own file is not read again as long as its keys are those on the disk.
  private func read(_ text: String, file: String) async throws(ServiceFileErrors) -> ServiceFile {
    guard self.isOwnFileFresh, text == self.ownFile.sharedText else {
      return try await readText(text, file: file, folder: self.folder)
    }
    var own = self.ownFile
    own.file = file
    return own
  }

  /// Acts by what is in the store, if this controller can.
  func adopt(_ configuration: SharedView.Configuration) async {
    do throws(ServiceFileErrors) {
      let file = try await self.read(configuration.text, file: configuration.record.file)
      await self.adopt(file, as: configuration)
    } catch {
      self.refused = configuration.record.id
      self.journal.record(
        Decision.configurationRejected(
          "this controller cannot act by revision \(configuration.revision) of the store: \(error)"))
    }
  }

  /// - Parameter configuration: what it is in the store; nil: it is not from there.
  func adopt(_ file: ServiceFile, as configuration: SharedView.Configuration?) async {
    var file = file
    file.controller = self.ownFile.controller
    await self.loop.adopt(file)
    // A configuration of ten thousand services leaves a hundred megabytes behind.
    clinux_return_memory()
    let isNew = configuration?.record.id != self.running?.configuration?.record.id
    self.running = Running(file: file, configuration: configuration)
    self.refused = nil
    // Of what is from the copy more was said.
    if isNew, self.knowsStore, let configuration {
      self.journal.record(StoreDecision.applied(configuration.record, revision: configuration.revision))
    }
  }
}

/// Away from the keeper, which others wait for: a large text takes seconds.
@concurrent
private func readText(_ text: String, file: String, folder: String) async throws(ServiceFileErrors) -> ServiceFile {
  try ServiceFile.read(text, file: file, folder: folder)
}

/// Keys in the text are as safe in a SQLite file that only its owner can read as in the controller's own file. etcd shows
/// them to whoever may read there, and writes them into its backups.
private func refuseKeys(in file: ServiceFile) throws(ServiceFileErrors) {
  let errors: [ServiceFileError] = file.intent.regions.compactMap { region in
    guard case .text(let location)? = file.keySources[region.name] else { return nil }
    return ServiceFileError(
      file: file.file, location: location, code: .keyExposed,
      message: "a key is in this file, and would be in etcd for everybody who may read there",
      hint: "use 'key-file': every controller has the key in that file")
  }
  if !errors.isEmpty { throw ServiceFileErrors(errors: errors) }
}

private func conflict(_ expected: UInt64, _ found: SharedView.Configuration?) -> String {
  guard let found else { return "the change is for revision \(expected), and nothing is configured now" }
  return "the change is for revision \(expected), and the configuration has revision \(found.revision) now "
    + "(\(found.record.file), through controller \(found.record.controller)): look at it, and apply yours again"
}

private func refusal(_ error: StoreError) -> String {
  if case .uncertain = error { return "it is not known whether this was done: \(error)" }
  return "nothing was changed, and what runs goes on: \(error)"
}

extension ConfigurationChangeResource {
  init(_ difference: ConfigurationDifference) {
    let kind: Kind =
      switch difference.kind {
      case .added: .added
      case .removed: .removed
      case .changed: .changed
      }
    self.init(kind: kind, subject: difference.subject, lines: difference.lines)
  }
}

// MARK: The controller's own file

extension ConfigurationKeeper {
  /// Looks at it beside what is in the store now.
  func considerFile() async {
    do throws(StoreError) {
      await self.considerFile(beside: try SharedView(try await self.store.read(), place: self.place.text))
    } catch {
      self.wait(because: "\(error)")
    }
  }

  func considerFile(beside view: SharedView) async {
    self.fileWaits = false
    guard !self.ownFile.isOwnOnly else { return }
    let path = self.ownFile.file
    let known = view.files[FileRecord.key(of: self.name)]
    let own = FileRecord(
      digest: ConfigurationRecord.digest(of: self.ownFile.sharedText), file: path, controller: self.name)
    let verdict = FileVerdict(of: own.digest, known: known, current: view.configuration?.record)
    switch verdict {
    case .apply: await self.applyFile(own, expecting: view.configuration?.revision ?? 0)
    case .same: await self.remember(own, instead: known)
    case .unchanged, .older, .foreign:
      self.journal.record(StoreDecision.fileLeft(path, verdict, configured: view.configuration?.record))
      await self.remember(own, instead: known)
    }
  }

  private func applyFile(_ own: FileRecord, expecting expected: UInt64) async {
    let outcome = await self.change(
      to: self.ownFile.sharedText, of: own.file, origin: .file, expecting: expected, own: own)
    switch outcome {
    case .accepted: break
    case .rejected(let why): self.journal.record(Decision.configurationRejected(why))
    // The other's change is news in a moment.
    case .conflict: self.fileWaits = true
    case .notKept(let why): self.wait(because: why)
    }
  }

  private func remember(_ own: FileRecord, instead known: FileRecord?) async {
    guard own != known else { return }
    // If that fails, the same is found the next time.
    if let change = try? own.put() { _ = try? await self.store.commit([change]) }
  }

  private func wait(because why: String) {
    self.fileWaits = true
    self.journal.record(StoreDecision.fileWaits(self.ownFile.file, because: why))
  }
}

// MARK: Drains

extension ConfigurationKeeper {
  /// - Returns: why it was not done; nil: it was.
  package func drain(_ region: RegionName, deadline: Duration?, isForced: Bool) async -> String? {
    let since = wallClock()
    let record = DrainRecord(
      since: since, deadline: deadline.map { since + $0.nanoseconds / 1000 }, isForced: isForced)
    return await self.changeDrain(of: region, to: record)
  }

  /// - Returns: why it was not done; nil: it was.
  package func undrain(_ region: RegionName) async -> String? { await self.changeDrain(of: region, to: nil) }

  private func changeDrain(of region: RegionName, to record: DrainRecord?) async -> String? {
    await self.turns.begin()
    let problem: String?
    do throws(StoreError) {
      try await self.keepDrain(of: region, record)
      problem = nil
    } catch {
      problem = refusal(error)
    }
    await self.turns.end()
    return problem
  }

  private func keepDrain(of region: RegionName, _ record: DrainRecord?) async throws(StoreError) {
    if !self.knowsStore { await self.take(try await self.store.read()) }
    var wanted = self.orders.mapValues(\.record)
    var changes: [Change] = []
    if self.inheritsDrains {
      // What switches remembered until now is kept like the rest from now on.
      for (other, order) in await self.loop.drains() where other != region {
        let inherited = DrainRecord(order, at: ControlLoop.now())
        wanted[other] = inherited
        changes.append(try inherited.put(for: other))
      }
    }
    wanted[region] = record
    changes.append(try record?.put(for: region) ?? .delete(key: DrainRecord.key(of: region)))
    let change = SharedChange(changes: changes)
    _ = try await self.commit(change) { $0.drains[region] == record }
    self.inheritsDrains = false
    await self.follow(wanted)
  }

  /// Acts by the drains that are in the store.
  func follow(_ drains: [RegionName: DrainRecord]) async {
    if self.inheritsDrains, drains.isEmpty { return }
    self.inheritsDrains = false
    let (now, wall) = (ControlLoop.now(), wallClock())
    var orders: [RegionName: (record: DrainRecord, order: DrainOrder)] = [:]
    for (region, record) in drains {
      let known = self.orders[region].flatMap { $0.record == record ? $0.order : nil }
      orders[region] = (record, known ?? DrainOrder(record, at: now, wall))
    }
    self.orders = orders
    await self.orderDrains()
  }

  func orderDrains() async {
    guard !self.inheritsDrains else { return }
    await self.loop.order(self.orders.mapValues(\.order))
  }

  /// - Parameter isDone: by what is in the store, if nobody said so.
  private func commit(
    _ change: SharedChange, isDone: (SharedView) -> Bool
  ) async throws(StoreError) -> UInt64 {
    let revision: UInt64
    do throws(StoreError) {
      revision = try await change.commit(to: self.store)
    } catch {
      guard case .uncertain = error, let snapshot = try? await self.store.read(),
        let view = try? SharedView(snapshot, place: self.place.text), isDone(view)
      else { throw error }
      revision = snapshot.revision
    }
    self.floor = max(self.floor, revision)
    return revision
  }
}

extension DrainOrder {
  /// - Parameters:
  ///   - now: this moment by the control loop's clock.
  ///   - wall: and by the wall's.
  init(_ record: DrainRecord, at now: Instant, _ wall: Int64) {
    // Not so far away that it cannot be said.
    func instant(_ time: Int64) -> Instant {
      let (difference, isTooFar) = time.subtractingReportingOverflow(wall)
      return now + .microseconds(isTooFar ? (time < 0 ? -century : century) : min(max(difference, -century), century))
    }
    self.init(since: instant(record.since), deadline: record.deadline.map(instant), isForced: record.isForced)
  }
}

private let century: Int64 = 3_155_760_000_000_000

extension DrainRecord {
  fileprivate init(_ order: DrainOrder, at now: Instant) {
    let wall = wallClock()
    self.init(
      since: wall - (now - order.since).nanoseconds / 1000,
      deadline: order.deadline.map { wall + ($0 - now).nanoseconds / 1000 }, isForced: order.isForced)
  }
}
