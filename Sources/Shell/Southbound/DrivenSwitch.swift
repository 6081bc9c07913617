// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
package import OpenFlow
package import OpenFlowNIO
import Reconciliation
import ServiceModel

/// What is heard of a switch that another controller drives.
package enum DrivenReport: Sendable {
  /// As of any switch.
  case said(SwitchReport)
  /// A message was not done. Comes before what is said of its ticket.
  case refused(String, MessageBody?)
}

/// One switch behind another controller: takes the commands that a connection takes, in their order, and says what a
/// connection says.
///
/// A change is confirmed when the switch holds it: what it was told is read back, because such a controller answers before
/// the switch has seen anything, and tells nobody what the switch refused.
actor DrivenSwitch {
  /// Commands that wait for those before them. One is for a change, one for a comparison: more are never asked for by
  /// one who waits for answers.
  static let queueLimit = 256

  private let datapath: DatapathID
  private let driver: any SouthboundDriver
  private let foreign: ForeignController
  private let report: @Sendable (DrivenReport) -> Void
  /// Nil: the controller does not have it, or is away.
  private var ports: [PortDescription]?

  init(
    _ datapath: DatapathID, through driver: any SouthboundDriver, of foreign: ForeignController,
    report: @escaping @Sendable (DrivenReport) -> Void
  ) {
    self.datapath = datapath
    self.driver = driver
    self.foreign = foreign
    self.report = report
  }

  /// Looks at the switch again and again, until it is cancelled.
  func watch() async {
    while !Task.isCancelled {
      await self.look()
      try? await Task.sleep(for: self.foreign.poll)
    }
    self.lose("it is no longer driven")
  }

  /// Does what is asked, one after the other, until it is cancelled.
  func serve(_ commands: AsyncStream<SwitchCommand>) async {
    for await command in commands { await self.perform(command) }
  }

  private func look() async {
    do throws(DriverFailure) {
      guard let found = try await self.driver.ports(of: self.datapath) else {
        return self.lose("\(self.foreign.kind.title) does not have the switch, or hears nothing of it")
      }
      guard !Task.isCancelled else { return }
      let known = self.ports
      self.ports = found
      guard let known else { return self.greet(found) }
      for port in found where !known.contains(port) {
        let isNew = !known.contains { $0.number == port.number }
        self.report(.said(.portStatus(PortStatus(reason: isNew ? .add : .modify, port: port))))
      }
      for port in known where !found.contains(where: { $0.number == port.number }) {
        self.report(.said(.portStatus(PortStatus(reason: .delete, port: port))))
      }
    } catch {
      guard !Task.isCancelled else { return }
      self.lose("\(error)")
    }
  }

  private func greet(_ ports: [PortDescription]) {
    self.report(
      .said(
        .connected(
          SwitchReport.Greeting(
            version: .v1_3, features: FeaturesReply(datapathID: self.datapath),
            description: "driven through \(self.foreign.kind.title)", ports: ports, peer: self.foreign.url))))
  }

  private func lose(_ reason: String) {
    guard self.ports != nil else { return }
    self.ports = nil
    self.report(.said(.closed(reason: reason)))
  }

  // MARK: Commands

  private func perform(_ command: SwitchCommand) async {
    guard self.ports != nil else { return }
    switch command {
    case .change(let messages, let ticket, _): await self.change(messages, ticket)
    case .read(let ticket, let scope): await self.read(ticket, scope)
    case .requestRole(let role, let epoch, let ticket):
      // Nobody else is kept from it; but this one may write.
      self.report(.said(.role(ticket: ticket, .granted(RoleMessage(role: role, generationID: epoch)))))
    case .ask(_, let ticket): self.report(.said(.unanswered(ticket: ticket, .closed)))
    case .close(let reason): self.lose(reason)
    // Packets, which no such controller sends for others, and what nobody waits for.
    case .send: break
    }
  }

  private func read(_ ticket: UInt64, _ scope: ReadBack.Scope) async {
    do throws(DriverFailure) {
      let found = try await self.driver.flows(of: self.datapath, .ours(entries: scope.contains(.entries)))
      var readBack = ReadBack()
      readBack.add(found.flows.map { SingleTable.restore($0.flow) })
      self.report(.said(.read(ticket: ticket, readBack)))
    } catch {
      self.report(.said(.unanswered(ticket: ticket, .closed)))
      self.lose("\(error)")
    }
  }

  private func change(_ messages: [MessageBody], _ ticket: UInt64) async {
    var mods: [FlowMod] = []
    var isWhole = true
    for message in messages {
      switch message {
      case .flowMod(let mod):
        if let why = type(of: self.driver).objection(to: SingleTable.flatten(mod)) {
          isWhole = false
          self.report(.refused("\(self.foreign.kind.title) cannot be told \(why)", message))
        } else {
          mods.append(mod)
        }
      // Nothing is tracked.
      case .conntrackFlush: break
      default:
        isWhole = false
        self.report(.refused("\(self.foreign.kind.title) is only told of flows", message))
      }
    }
    do throws(DriverFailure) {
      for step in Self.steps(mods) {
        try await self.driver.perform(step.map(SingleTable.flatten), on: self.datapath)
      }
      if let missing = try await self.missing(of: mods.map(SingleTable.flatten)) {
        isWhole = false
        self.report(.refused(missing.why, .flowMod(missing.mod)))
      }
    } catch {
      switch error {
      case .refused(let why):
        isWhole = false
        self.report(.refused(why, nil))
      case .away, .noSwitch:
        self.report(.said(.unanswered(ticket: ticket, .closed)))
        return self.lose("\(error)")
      }
    }
    self.report(.said(isWhole ? .confirmed(ticket: ticket) : .unanswered(ticket: ticket, .closed)))
  }

  /// Messages that may go out together, in any order, before those that come after: what is added before what is
  /// deleted, and later tables before those that lead there, as they come.
  static func steps(_ mods: [FlowMod]) -> [[FlowMod]] {
    var steps: [[FlowMod]] = []
    for mod in mods {
      if let last = steps.last?.last, last.command == mod.command, mod.command != .add || last.tableID == mod.tableID {
        steps[steps.count - 1].append(mod)
      } else {
        steps.append([mod])
      }
    }
    return steps
  }

  /// How long it may take from a controller's answer until the switch shows what it was told.
  private static let patience = Duration.seconds(1)

  /// The first message whose effect the switch does not show; nil: all were done.
  private func missing(of mods: [FlowMod]) async throws(DriverFailure) -> (mod: FlowMod, why: String)? {
    guard !mods.isEmpty else { return nil }
    let end = ContinuousClock.now + Self.patience
    var pause = Duration.milliseconds(5)
    while true {
      let missing = try await self.missingNow(of: mods)
      guard missing != nil, ContinuousClock.now + pause < end else { return missing }
      try? await Task.sleep(for: pause)
      pause *= 2
    }
  }

  private func missingNow(of mods: [FlowMod]) async throws(DriverFailure) -> (mod: FlowMod, why: String)? {
    var last: [DatapathProgram.FlowKey: FlowMod] = [:]
    for mod in mods { last[DatapathProgram.FlowKey(mod)] = mod }
    let hasEntries = mods.contains { $0.command != .add || EntryCookie.isOurs($0.cookie) }
    let found = try await self.driver.flows(of: self.datapath, .ours(entries: hasEntries))
    var held: [DatapathProgram.FlowKey: FlowStatistics] = [:]
    for flow in found.flows.map(\.flow) {
      held[DatapathProgram.FlowKey(table: flow.tableID, priority: flow.priority, match: flow.match)] = flow
    }
    let title = self.foreign.kind.title
    for mod in mods {
      let key = DatapathProgram.FlowKey(mod)
      guard last[key] == mod else { continue }
      let place = "table \(key.table), priority \(key.priority), \(key.match)"
      if mod.command == .add, held[key]?.cookie != mod.cookie || held[key]?.instructions != mod.instructions {
        return (mod, "\(title) took a flow, and the switch does not have it: \(place)")
      }
      if mod.command != .add, held[key] != nil {
        return (mod, "\(title) was to delete a flow, and the switch still has it: \(place)")
      }
    }
    return nil
  }
}

extension DatapathProgram.FlowKey {
  fileprivate init(_ mod: FlowMod) {
    self.init(table: mod.tableID, priority: mod.priority, match: mod.match)
  }
}
