// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ControlPlane
import DatapathModel
import OpenFlow
import ServiceModel

/// A whole world from one seed: switches, gateways, members, agents, clients, a network with delays and faults, and
/// the real controller and agents in the middle. Time is virtual; nothing waits, and one seed always tells one story.
package struct World: Sendable {
  package let seed: UInt64
  let scenario: Scenario
  let sabotage: Sabotage
  let numbering: Numbering
  var draw: Draw
  var now = Instant(nanoseconds: 0)
  var queue = DeadlineQueue<Happening>()
  var story = Story()
  var truth: Truth
  var report: WorldReport
  var violation: Violation?

  var datapaths: [SoftwareSwitch]
  var channels: [Channel]
  var controller: Controller?
  var isControllerDown = 0
  var agents: [Agent]
  var activeFaults: Set<Int> = []
  /// What happened to the controller while it was stalled.
  var waiting: [Happening] = []
  var clients: Clients
  var promises: Promises

  /// What can be planned.
  enum Happening: Sendable {
    case faultBegins(Int)
    case faultEnds(Int)
    case controllerStarts
    case controllerWakes
    case agentStarts(Int)
    case agentWakes(Int)
    case switchConnects(Int)
    /// Words of the controller reach a switch.
    case told(Int, epoch: Int, Request)
    /// Words of a switch reach the controller.
    case heard(Int, epoch: Int, Event)
    case probeReturns(Int, Packet, port: PortNumber)
    case heartbeatArrives(Heartbeat)
    case heartbeatReachesPeers(Heartbeat, from: Int)
    case agentHears(Int, life: Int, AgentEvent)
    case clientsTry
    case settled
    case ended

    var isForController: Bool {
      switch self {
      case .controllerWakes, .switchConnects, .heard, .heartbeatArrives: true
      default: false
      }
    }
  }

  package init(seed: UInt64, sabotage: Sabotage = .none) {
    self.init(Scenario(seed: seed), seed: seed, sabotage: sabotage)
  }

  package init(_ scenario: Scenario, seed: UInt64, sabotage: Sabotage = .none) {
    self.seed = seed
    self.scenario = scenario
    self.sabotage = sabotage
    self.numbering = Numbering(scenario.intent)
    self.draw = Draw(seed: seed ^ 0x4953_5448_4d55_5300)
    let regions = scenario.intent.regions.count
    let switches = scenario.intent.switches.count
    self.truth = Truth(regions: regions, switches: switches, services: scenario.intent.services.count)
    self.report = WorldReport(seed: seed, events: 0, changes: 0, moves: 0, judged: 0, fingerprint: 0)
    self.datapaths = (0..<switches).map {
      SoftwareSwitch(datapath: Site.datapath($0), ports: Site.makePorts(regions: regions))
    }
    self.channels = Array(repeating: Channel(), count: switches)
    self.agents = Array(repeating: Agent(), count: regions)
    self.clients = Clients(switches: switches, services: scenario.intent.services.count)
    self.promises = Promises(scenario.intent, switches: switches)
    for (index, planned) in scenario.faults.enumerated() {
      self.queue.add(.faultBegins(index), at: planned.begins)
      self.queue.add(.faultEnds(index), at: planned.ends)
    }
    self.queue.add(.controllerStarts, at: self.now)
    for region in 0..<regions { self.queue.add(.agentStarts(region), at: self.now + self.jitter()) }
    self.queue.add(.clientsTry, at: Scenario.faultsBegin - .seconds(1))
    let settled =
      Scenario.healed + self.promises.recovery + self.promises.damping + (scenario.hasTampering ? .seconds(30) : .zero)
      + (scenario.losesForwarding ? self.promises.mending : .zero)
    self.queue.add(.settled, at: settled)
    self.queue.add(.ended, at: settled + .seconds(5))
  }

  /// Lets everything happen.
  package func run() -> Result<WorldReport, Violation> {
    var world = self
    while let (happening, at) = world.queue.takeFirst() {
      world.now = at
      world.report.events += 1
      world.story.mix(UInt64(bitPattern: at.nanoseconds))
      if case .ended = happening { break }
      world.happen(happening)
      if let violation = world.violation { return .failure(violation) }
    }
    world.report.fingerprint = world.story.fingerprint
    return .success(world.report)
  }

  private mutating func happen(_ happening: Happening) {
    if happening.isForController, self.isControllerStalled { return self.waiting.append(happening) }
    switch happening {
    case .faultBegins(let index): self.begin(index)
    case .faultEnds(let index): self.end(index)
    case .controllerStarts: self.startController()
    case .controllerWakes: self.wakeController()
    case .agentStarts(let region): self.startAgent(region)
    case .agentWakes(let region): self.wakeAgent(region)
    case .switchConnects(let index): self.connect(index)
    case .told(let index, let epoch, let request): self.told(index, epoch, request)
    case .heard(let index, let epoch, let event):
      guard self.channels[index].epoch == epoch else { return }
      self.step(event)
    case .probeReturns(let index, let packet, let port): self.probeReturns(index, packet, port)
    case .heartbeatArrives(let heartbeat): self.heartbeatArrives(heartbeat)
    case .heartbeatReachesPeers(let heartbeat, let region): self.reachPeers(heartbeat, from: region)
    case .agentHears(let region, let life, let event):
      guard self.agents[region].life == life else { return }
      self.stepAgent(region, event)
    case .clientsTry: self.clientsTry()
    case .settled: self.settle()
    case .ended: break
    }
  }

  private var isControllerStalled: Bool { self.fault { $0 == .controllerStalled ? true : nil } ?? false }

  /// A controller that was stalled goes on, with all that waits for it, in the order in which it came.
  mutating func resumeController() {
    guard !self.isControllerStalled else { return }
    let waiting = self.waiting
    self.waiting = []
    for happening in waiting { self.happen(happening) }
  }

  /// 0 to 20 ms, so that not everything happens at once.
  mutating func jitter() -> Duration { .milliseconds(self.draw.index(20)) }

  mutating func fail(_ promise: String) {
    guard self.violation == nil else { return }
    self.violation = Violation(seed: self.seed, promise: promise, at: self.now, story: self.story.tail)
  }

  /// The fault that is there now and for which `value` has something to say.
  func fault<Value>(_ value: (Fault) -> Value?) -> Value? {
    for index in self.activeFaults.sorted() {
      if let found = value(self.scenario.faults[index].fault) { return found }
    }
    return nil
  }
}
