// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentPlane
import ControlPlane
import DatapathModel
import OpenFlow
import ServiceModel

extension World {
  /// One controller through all its lives.
  struct Controller {
    /// Nil: it is down.
    var life: Life?
    /// So many faults keep it down.
    var downs = 0
    /// What happened to it while it was stalled.
    var waiting: [Happening] = []
    /// To every switch.
    var channels: [Channel]
    var promises: DecisionMemory

    init(switches: Int) {
      self.channels = Array(repeating: Channel(), count: switches)
      self.promises = DecisionMemory(switches: switches)
    }
  }

  /// From a controller's start to its end.
  ///
  /// A class: it is large, and a world looks at it again and again.
  final class Life {
    var state: ControlState
    /// Agents that do not name it cannot have heard of this life.
    var session: UInt64
    /// The last heartbeat that counted, by region.
    var fresh: [RegionName: (boot: UInt64, sequence: UInt64)] = [:]
    var wakesAt: Instant?
    /// What the store said last of who leads.
    var told: Leadership?
    var toldAt = Instant(nanoseconds: 0)
    /// It does not stand for the lead before.
    var standsFrom = Instant(nanoseconds: 0)

    var isLeading: Bool { if case .following = self.state.leadership { false } else { true } }

    init(state: ControlState, session: UInt64) {
      self.state = state
      self.session = session
    }
  }

  static let assignmentRevision: UInt64 = 1

  /// A third of all worlds have their switches programmed in the smallest portions.
  private var pace: ProgrammingPace {
    self.seed.isMultiple(of: 3) ? ProgrammingPace(sections: 1, ahead: 2) : ProgrammingPace()
  }

  var hasSeveralControllers: Bool { self.controllers.count > 1 }

  mutating func startController(_ index: Int) {
    guard self.controllers[index].life == nil, self.controllers[index].downs == 0 else { return }
    let state = ControlState(
      seed: self.draw.number(), pace: self.pace,
      leadership: self.hasSeveralControllers ? .following(epoch: nil) : .alone, at: self.now)
    self.controllers[index].life = Life(state: state, session: self.draw.number())
    self.tell("\(self.called(index)) starts")
    self.configure(index)
    for datapath in self.datapaths.indices {
      self.queue.add(.switchConnects(datapath, to: index), at: self.now + self.jitter())
    }
    if self.hasSeveralControllers { self.campaign(index, after: self.jitter()) }
  }

  /// What the story calls a controller.
  func called(_ index: Int) -> String { self.hasSeveralControllers ? Site.controller(index) : "controller" }

  /// Gives a controller the configuration that holds now.
  mutating func configure(_ index: Int) {
    var intent = self.scenario.intent
    if self.fault({ $0 == .detectionHurried ? true : nil }) != nil {
      intent.detection.heartbeatInterval = intent.detection.heartbeatInterval / 3
    }
    for fault in self.activeFaults {
      guard case .reconfigured(let service) = self.scenario.faults[fault].fault else { continue }
      intent.services[service].pools.reverse()
      let extra = Site.makeService(intent.services.count, preference: [0, 1])
      intent.services.append(extra)
    }
    let revisions = intent.regions.map { ($0.name, Self.assignmentRevision) }
    self.step(index, .configured(intent, assignments: Dictionary(uniqueKeysWithValues: revisions)))
  }

  mutating func configureAll() {
    for index in self.controllers.indices { self.configure(index) }
  }

  /// - Parameter isClean: it gives its leadership up before.
  mutating func stopController(_ index: Int, isClean: Bool = false) {
    guard self.controllers[index].life != nil else { return }
    if isClean { self.resign(index) }
    self.controllers[index].life = nil
    self.controllers[index].waiting = []
    for datapath in self.datapaths.indices { self.controllers[index].channels[datapath].close() }
    self.controllers[index].promises.forgetLost()
  }

  mutating func wakeController(_ index: Int) {
    guard let wakesAt = self.controllers[index].life?.wakesAt, wakesAt <= self.now else { return }
    self.controllers[index].life?.wakesAt = nil
    self.step(index, .deadline)
  }

  mutating func step(_ index: Int, _ event: Event) {
    guard let life = self.controllers[index].life else { return }
    let mending = Set(life.state.repairs.keys)
    let decided = life.state.step(event, at: self.now)
    if let wakesAt = life.state.nextDeadline.map({ max($0, self.now) }),
      life.wakesAt.map({ $0 > wakesAt || $0 < self.now }) ?? true
    {
      life.wakesAt = wakesAt
      self.queue.add(.controllerWakes(index), at: wakesAt)
    }
    guard !decided.isEmpty else { return }
    let areFaultsThere = self.now > self.scenario.faultsBegin
    let effects = decided.compactMap { self.sabotage.alter($0, areFaultsThere: areFaultsThere) }
    // What was decided first, so that the story of a broken promise ends with it.
    for case .record(let decision) in effects {
      self.tell(self.hasSeveralControllers ? "\(Site.controller(index)): \(decision.message)" : decision.message)
    }
    self.judge(effects, of: index, mending: mending)
    for effect in effects { self.perform(effect, of: index) }
  }

  private mutating func perform(_ effect: Effect, of index: Int) {
    switch effect {
    case .change(let id, let ticket, let messages): self.order(id, .change(ticket: ticket, messages), by: index)
    case .send(let id, let messages): self.order(id, .send(messages), by: index)
    case .read(let id, let ticket, let scope): self.order(id, .read(ticket: ticket, scope), by: index)
    case .claim(let id, let ticket, let epoch): self.order(id, .claim(ticket: ticket, epoch: epoch), by: index)
    case .follow(let id, _, let epoch): self.order(id, .follow(epoch: epoch), by: index)
    case .yield: self.yield(index)
    // A world has no operators' entries.
    case .answer, .keep: break
    case .record: break
    }
  }

  mutating func heartbeatArrives(_ heartbeat: Heartbeat, at index: Int) {
    guard let region = self.scenario.intent.regions.firstIndex(where: { $0.name == heartbeat.region }),
      let life = self.controllers[index].life, !self.isCutOff(region, from: index)
    else { return }
    let last = life.fresh[heartbeat.region] ?? (0, 0)
    let reply = HeartbeatReply(
      region: heartbeat.region, boot: heartbeat.boot, sequence: heartbeat.sequence, session: life.session,
      assignment: Self.assignmentRevision, bootFloor: heartbeat.boot < last.boot ? last.boot : 0)
    self.queue.add(
      .agentHears(region, life: self.agents[region].life, .replied(reply, controller: index)),
      at: self.now + self.scenario.managementLatency)
    guard heartbeat.sessions.contains(life.session), (heartbeat.boot, heartbeat.sequence) > last else { return }
    self.controllers[index].life?.fresh[heartbeat.region] = (heartbeat.boot, heartbeat.sequence)
    var heartbeat = heartbeat
    if self.sabotage == .ignoresReports { heartbeat.services = [] }
    self.step(index, .heartbeat(heartbeat))
  }

  /// Agent and controller do not hear each other.
  func isCutOff(_ region: Int, from index: Int) -> Bool {
    self.fault { fault -> Bool? in
      switch fault {
      case .agentCutOff(region), .agentLinkCutOff(region, index), .controllerIsolated(index): true
      default: nil
      }
    } ?? false
  }

  /// A controller that was stalled goes on, with all that waits for it, in the order in which it came.
  mutating func resumeController(_ index: Int) {
    guard !self.isStalled(index) else { return }
    let waiting = self.controllers[index].waiting
    self.controllers[index].waiting = []
    for happening in waiting { self.happen(happening) }
  }

  func isStalled(_ index: Int) -> Bool {
    self.fault { $0 == .controllerStalled(index) ? true : nil } ?? false
  }

  /// The controller that decides for a switch now: the one that it takes orders from.
  func governor(of datapath: Int) -> Int? {
    let governor = self.hasSeveralControllers ? self.roles[datapath].master : 0
    return governor.flatMap { self.controllers[$0].life == nil ? nil : $0 }
  }

  func decider(for datapath: Int) -> ControlState? {
    self.governor(of: datapath).flatMap { self.controllers[$0].life?.state }
  }
}
