// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentPlane
import ControlPlane
import DatapathModel
import OpenFlow
import ServiceModel

extension World {
  /// One life of the controller.
  struct Controller: Sendable {
    var state: ControlState
    /// Agents that do not name it cannot have heard of this life.
    var session: UInt64
    /// The last heartbeat that counted, by region.
    var fresh: [RegionName: (boot: UInt64, sequence: UInt64)] = [:]
    var wakesAt: Instant?
  }

  static let assignmentRevision: UInt64 = 1

  /// A third of all worlds have their switches programmed in the smallest portions.
  private var pace: ProgrammingPace {
    self.seed.isMultiple(of: 3) ? ProgrammingPace(sections: 1, ahead: 2) : ProgrammingPace()
  }

  mutating func startController() {
    guard self.controller == nil, self.isControllerDown == 0 else { return }
    self.controller = Controller(
      state: ControlState(seed: self.draw.number(), pace: self.pace, at: self.now), session: self.draw.number())
    self.story.tell("controller starts", at: self.now)
    self.configure()
    for index in self.datapaths.indices { self.queue.add(.switchConnects(index), at: self.now + self.jitter()) }
  }

  /// Gives the controller the configuration that holds now.
  mutating func configure() {
    var intent = self.scenario.intent
    if self.fault({ $0 == .detectionHurried ? true : nil }) != nil {
      intent.detection.heartbeatInterval = intent.detection.heartbeatInterval / 3
    }
    for index in self.activeFaults.sorted() {
      guard case .reconfigured(let service) = self.scenario.faults[index].fault else { continue }
      intent.services[service].pools.reverse()
      let extra = Site.makeService(intent.services.count, preference: [0, 1])
      intent.services.append(extra)
    }
    let revisions = intent.regions.map { ($0.name, Self.assignmentRevision) }
    self.step(.configured(intent, assignments: Dictionary(uniqueKeysWithValues: revisions)))
  }

  mutating func stopController() {
    self.controller = nil
    for index in self.channels.indices { self.channels[index].close() }
    self.promises.forgetLost()
  }

  mutating func wakeController() {
    guard let wakesAt = self.controller?.wakesAt, wakesAt <= self.now else { return }
    self.controller?.wakesAt = nil
    self.step(.deadline)
  }

  mutating func step(_ event: Event) {
    let mending = Set(
      self.datapaths.indices.filter { self.controller?.state.isRepairing(Site.switchName($0)) == true })
    guard let decided = self.controller?.state.step(event, at: self.now) else { return }
    let effects = decided.compactMap { self.sabotage.alter($0, at: self.now) }
    self.judge(effects, mending: mending)
    for effect in effects {
      switch effect {
      case .change(let id, let ticket, let messages): self.order(id, .change(ticket: ticket, messages))
      case .send(let id, let messages): self.order(id, .send(messages))
      case .read(let id, let ticket, let scope): self.order(id, .read(ticket: ticket, scope))
      // There is one controller here, which asks for no role.
      case .claim, .follow: break
      case .record(let decision): self.story.tell(decision.message, at: self.now)
      }
    }
    guard let deadline = self.controller?.state.nextDeadline else { return }
    let wakesAt = max(deadline, self.now)
    if let planned = self.controller?.wakesAt, planned <= wakesAt, planned >= self.now { return }
    self.controller?.wakesAt = wakesAt
    self.queue.add(.controllerWakes, at: wakesAt)
  }

  mutating func heartbeatArrives(_ heartbeat: Heartbeat) {
    guard let region = self.scenario.intent.regions.firstIndex(where: { $0.name == heartbeat.region }),
      let controller = self.controller, !self.isCutOff(region)
    else { return }
    let reply = HeartbeatReply(
      region: heartbeat.region, boot: heartbeat.boot, sequence: heartbeat.sequence, session: controller.session,
      assignment: Self.assignmentRevision)
    self.queue.add(
      .agentHears(region, life: self.agents[region].life, .replied(reply, controller: 0)),
      at: self.now + self.scenario.managementLatency)
    let last = controller.fresh[heartbeat.region] ?? (0, 0)
    guard heartbeat.sessions.contains(controller.session), (heartbeat.boot, heartbeat.sequence) > last else { return }
    self.controller?.fresh[heartbeat.region] = (heartbeat.boot, heartbeat.sequence)
    var heartbeat = heartbeat
    if self.sabotage == .ignoresReports { heartbeat.services = [] }
    self.step(.heartbeat(heartbeat))
  }

  /// Agent and controller do not hear each other.
  func isCutOff(_ region: Int) -> Bool {
    self.fault { $0 == .agentCutOff(region: region) ? true : nil } ?? false
  }
}
