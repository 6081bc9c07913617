// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlowNIO
package import Outbound
package import ServiceModel
import Synchronization

/// All switches that other controllers drive, as the configuration has them now.
package final class DrivenSwitches: Sendable {
  private struct Entry {
    var foreign: ForeignController
    var since: ContinuousClock.Instant
    var commands: AsyncStream<SwitchCommand>.Continuation
    var task: Task<Void, Never>
  }

  private let http: HTTPOutbound
  private let folder: String
  private let entries = Mutex<[DatapathID: Entry]>([:])
  private let onReport: @Sendable (DatapathID, DrivenReport) -> Void

  /// - Parameters:
  ///   - folder: where paths of files with passwords begin that are not absolute; empty, or ends with a slash.
  ///   - onReport: called from any thread, in order for each switch.
  package init(_ http: HTTPOutbound, folder: String, onReport: @escaping @Sendable (DatapathID, DrivenReport) -> Void) {
    self.http = http
    self.folder = folder
    self.onReport = onReport
  }

  /// Drives these switches from now on, and no others.
  package func configure(_ switches: [Switch]) {
    var wanted: [DatapathID: ForeignController] = [:]
    for config in switches { wanted[config.datapath] = config.southbound?.relative(to: self.folder) }
    self.entries.withLock { entries in
      for (id, entry) in entries where wanted[id] != entry.foreign {
        entry.task.cancel()
        entry.commands.finish()
        entries[id] = nil
      }
      for (id, foreign) in wanted where entries[id] == nil { entries[id] = self.start(id, foreign) }
    }
  }

  private func start(_ id: DatapathID, _ foreign: ForeignController) -> Entry {
    let (stream, continuation) = AsyncStream.makeStream(
      of: SwitchCommand.self, bufferingPolicy: .bufferingOldest(DrivenSwitch.queueLimit))
    let onReport = self.onReport
    let driven = DrivenSwitch(id, through: foreign.driver(self.http), of: foreign) { onReport(id, $0) }
    let task = Task {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await driven.watch() }
        group.addTask { await driven.serve(stream) }
      }
    }
    return Entry(foreign: foreign, since: .now, commands: continuation, task: task)
  }

  package func drives(_ id: DatapathID) -> Bool { self.entries.withLock { $0[id] != nil } }

  /// Has a switch do something.
  ///
  /// - Returns: false if it is none of these.
  package func perform(_ command: SwitchCommand, on id: DatapathID) -> Bool {
    guard let commands = self.entries.withLock({ $0[id]?.commands }) else { return false }
    if case .dropped(let command) = commands.yield(command), let ticket = command.ticket {
      self.onReport(id, .said(.unanswered(ticket: ticket, .tooManyRequests(limit: DrivenSwitch.queueLimit))))
    }
    return true
  }

  /// Who drives each, and for how long.
  package var statuses: [(datapath: DatapathID, foreign: ForeignController, age: Duration)] {
    self.entries.withLock { entries in
      entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value.foreign, .now - $0.value.since) }
    }
  }

  /// Ends all, and waits until they have.
  package func close() async {
    let tasks = self.entries.withLock { entries in
      let tasks = entries.values.map(\.task)
      for entry in entries.values {
        entry.task.cancel()
        entry.commands.finish()
      }
      entries = [:]
      return tasks
    }
    for task in tasks { await task.value }
  }
}

extension ForeignController {
  fileprivate func relative(to folder: String) -> ForeignController {
    var foreign = self
    if let path = self.login?.passwordFile, !path.hasPrefix("/") { foreign.login?.passwordFile = folder + path }
    return foreign
  }
}

extension SwitchCommand {
  fileprivate var ticket: UInt64? {
    switch self {
    case .change(_, let ticket, _), .read(let ticket, _), .ask(_, let ticket), .requestRole(_, _, let ticket): ticket
    case .send, .close: nil
    }
  }
}
