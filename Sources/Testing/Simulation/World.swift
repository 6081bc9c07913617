// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ControlPlane
import DatapathModel
import OpenFlow
import ServiceModel

/// A whole world from one seed: switches, gateways, members, agents, clients, a store, a network with delays and faults,
/// and the real controllers and agents in the middle. Time is virtual; nothing waits, and one seed always tells one story.
package struct World {
  package let seed: UInt64
  let scenario: Scenario
  let sabotage: Sabotage
  let numbering: Numbering
  var draw: Draw
  var now = Instant(nanoseconds: 0)
  var queue = Agenda()
  var story = Story()
  var truth: Truth
  var report: WorldReport
  var violation: Violation?

  var datapaths: [SoftwareSwitch]
  var roles: [Roles]
  /// Who decided for each switch at the last look.
  var governors: [Int?]
  var controllers: [Controller]
  var store = Store()
  var agents: [Agent]
  /// Ascending.
  var activeFaults: [Int] = []
  var clients: Clients
  var promises: Promises

  /// What can be planned.
  enum Happening: Sendable {
    case faultBegins(Int)
    case faultEnds(Int)
    case controllerStarts(Int)
    case controllerWakes(Int)
    /// It tries to lead.
    case campaigns(Int, session: UInt64)
    /// It sees that the leader's key has changed.
    case seesStore(Int, session: UInt64)
    case leadershipHeard(Int, session: UInt64, Leadership)
    case leaseEnds
    case agentStarts(Int)
    case agentWakes(Int)
    case switchConnects(Int, to: Int)
    /// Words of a controller reach a switch.
    case told(Int, by: Int, epoch: Int, Request)
    /// Words of a switch reach a controller.
    case heard(Int, by: Int, epoch: Int, Event)
    /// A controller notices something by itself.
    case hears(Int, Event)
    case probeReturns(Int, Packet, port: PortNumber)
    case heartbeatArrives(Heartbeat, at: Int)
    case heartbeatReachesPeers(Heartbeat, from: Int)
    case agentHears(Int, life: Int, AgentEvent)
    case clientsTry
    case settled
    case ended

    /// Whose work it is, who cannot do it while it is stalled.
    var controller: Int? {
      switch self {
      case .controllerWakes(let index), .campaigns(let index, _), .seesStore(let index, _),
        .leadershipHeard(let index, _, _), .switchConnects(_, let index), .heard(_, let index, _, _),
        .hears(let index, _), .heartbeatArrives(_, let index):
        index
      default: nil
      }
    }
  }

  package init(_ world: WorldSeed, sabotage: Sabotage = .none) {
    self.init(Scenario(world), seed: world.number, sabotage: sabotage)
  }

  package init(_ scenario: Scenario, seed: UInt64, sabotage: Sabotage = .none) {
    self.seed = seed
    self.scenario = scenario
    self.sabotage = sabotage
    self.numbering = Numbering(scenario.intent)
    self.draw = Draw(seed: seed ^ 0x4953_5448_4d55_5300)
    let regions = scenario.intent.regions.count
    let switches = scenario.intent.switches.count
    self.truth = Truth(
      regions: regions, switches: switches, services: scenario.intent.services.count, controllers: scenario.controllers)
    self.report = WorldReport(seed: seed, events: 0, changes: 0, losses: 0, moves: 0, judged: 0, fingerprint: 0)
    self.datapaths = (0..<switches).map {
      SoftwareSwitch(datapath: Site.datapath($0), ports: Site.makePorts(regions: regions))
    }
    self.roles = Array(repeating: Roles(), count: switches)
    self.governors = Array(repeating: nil, count: switches)
    self.controllers = Array(repeating: Controller(switches: switches), count: scenario.controllers)
    self.agents = Array(repeating: Agent(), count: regions)
    self.clients = Clients(switches: switches, services: scenario.intent.services.count)
    self.promises = Promises(scenario.intent)
    for (index, planned) in scenario.faults.enumerated() {
      self.queue.add(.faultBegins(index), at: planned.begins)
      self.queue.add(.faultEnds(index), at: planned.ends)
    }
    for controller in self.controllers.indices { self.queue.add(.controllerStarts(controller), at: self.now) }
    for region in 0..<regions { self.queue.add(.agentStarts(region), at: self.now + self.jitter()) }
    self.queue.add(.clientsTry, at: scenario.hasComeUp)
    let settled =
      scenario.healed + self.promises.recovery + self.promises.damping + (scenario.hasTampering ? .seconds(30) : .zero)
      + (scenario.losesForwarding ? self.promises.mending : .zero)
    self.queue.add(.settled, at: settled)
    self.queue.add(.ended, at: settled + .seconds(scenario.size == .large ? 5 : scenario.size == .small ? 2 : 1))
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
      world.watchControl()
      if let violation = world.violation { return .failure(violation) }
    }
    world.report.fingerprint = world.story.fingerprint
    return .success(world.report)
  }

  /// Lets everything happen until then.
  ///
  /// - Returns: false if a promise was broken.
  mutating func run(until end: Instant) -> Bool {
    while self.violation == nil, let next = self.queue.next, next <= end, let (happening, at) = self.queue.takeFirst() {
      self.now = at
      self.report.events += 1
      self.happen(happening)
      self.watchControl()
    }
    self.now = end
    return self.violation == nil
  }

  mutating func happen(_ happening: Happening) {
    if let index = happening.controller, self.isStalled(index) {
      return self.controllers[index].waiting.append(happening)
    }
    switch happening {
    case .faultBegins(let index): self.begin(index)
    case .faultEnds(let index): self.end(index)
    case .controllerStarts(let index): self.startController(index)
    case .controllerWakes(let index): self.wakeController(index)
    case .campaigns(let index, let session): self.campaigns(index, session: session)
    case .seesStore(let index, let session): self.seesStore(index, session: session)
    case .leadershipHeard(let index, let session, let leadership):
      self.leadershipHeard(index, session: session, leadership)
    case .leaseEnds: self.leaseEnds()
    case .agentStarts(let region): self.startAgent(region)
    case .agentWakes(let region): self.wakeAgent(region)
    case .switchConnects(let index, let controller): self.connect(index, to: controller)
    case .told(let index, let controller, let epoch, let request):
      self.told(index, by: controller, epoch: epoch, request)
    case .heard(let index, let controller, let epoch, let event):
      guard self.controllers[controller].channels[index].epoch == epoch else { return }
      self.step(controller, event)
    case .hears(let controller, let event): self.step(controller, event)
    case .probeReturns(let index, let packet, let port): self.probeReturns(index, packet, port)
    case .heartbeatArrives(let heartbeat, let index): self.heartbeatArrives(heartbeat, at: index)
    case .heartbeatReachesPeers(let heartbeat, let region): self.reachPeers(heartbeat, from: region)
    case .agentHears(let region, let life, let event):
      guard self.agents[region].life == life else { return }
      self.stepAgent(region, event)
    case .clientsTry: self.clientsTry()
    case .settled: self.settle()
    case .ended: break
    }
  }

  /// 0 to 20 ms, so that not everything happens at once.
  mutating func jitter() -> Duration { .milliseconds(self.draw.index(20)) }

  /// How late a message is that has met the fault of that name.
  mutating func lateness() -> Duration {
    guard let most = self.fault({ if case .jitter(let delay) = $0 { delay } else { nil } }) else { return .zero }
    return .microseconds(self.draw.index(Int(most.nanoseconds / 1_000) + 1))
  }

  mutating func tell(_ line: String) { self.story.tell(line, at: self.now) }

  mutating func fail(_ promise: String) {
    guard self.violation == nil else { return }
    self.violation = Violation(
      world: WorldSeed(self.seed, self.scenario.size), promise: promise, at: self.now, story: self.story.tail)
  }

  /// The fault that is there now and for which `value` has something to say.
  func fault<Value>(_ value: (Fault) -> Value?) -> Value? {
    for index in self.activeFaults {
      if let found = value(self.scenario.faults[index].fault) { return found }
    }
    return nil
  }
}
