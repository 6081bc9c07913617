// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import ServiceModel
import Testing

/// Several agents of one region: whose reports count, and how well they stand in for each other.
@Suite struct RegionAgentsTests {
  private static let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3)
  private static let a = InstanceName(unchecked: "a")
  private static let b = InstanceName(unchecked: "b")
  private static let machineA = MACAddress(rawValue: 0xa)
  private static let machineB = MACAddress(rawValue: 0xb)

  /// A region's agents, and what is said of them.
  private struct World {
    var agents = RegionAgents(at: Instant(nanoseconds: 0))
    var now = Instant(nanoseconds: 0)
    var nextHops: [MACAddress] = []
    var sequences: [InstanceName?: UInt64] = [:]

    mutating func beat(_ name: InstanceName?, _ role: AgentInstance.Role = .active, leaving: Bool = false)
      -> RegionAgents.Outcome
    {
      self.sequences[name, default: 0] += 1
      let mac = name == RegionAgentsTests.a ? RegionAgentsTests.machineA : RegionAgentsTests.machineB
      return self.agents.heard(
        Heartbeat(
          region: RegionName(unchecked: "r"),
          instance: name.map { AgentInstance(name: $0, role: role, mac: role == .active ? mac : nil) }, boot: 1,
          sequence: self.sequences[name] ?? 0, leaving: leaving),
        nextHops: self.nextHops, at: self.now, RegionAgentsTests.detection)
    }

    /// Time passes, and each of these beats every T_h.
    mutating func run(_ tenths: Int, _ beating: [(InstanceName?, AgentInstance.Role)]) {
      for _ in 0..<tenths {
        self.now = self.now + .milliseconds(100)
        self.agents.advance(to: self.now, nextHops: self.nextHops, RegionAgentsTests.detection)
        for (name, role) in beating { _ = self.beat(name, role) }
      }
    }
  }

  /// `a` is active and `b` waits.
  private func pair() -> World {
    var world = World()
    world.nextHops = [Self.machineA]
    world.run(10, [(Self.a, .active), (Self.b, .standby)])
    return world
  }

  @Test func `an only agent counts, whatever it is called, and has no standing without a name`() {
    for name in [nil, Self.a] {
      var world = World()
      world.run(2, [(name, .active)])
      #expect(world.agents.counting == .some(name))
      #expect(world.agents.standing == nil, "it is too early to miss a standby")
      world.run(8, [(name, .active)])
      #expect(world.agents.standing == (name == nil ? nil : .noStandby))
      world.run(3, [])
      #expect(world.agents.state == .silent)
    }
  }

  @Test func `of a pair the active one counts`() {
    var world = self.pair()
    #expect(world.agents.standing == .complete)
    #expect(world.beat(Self.a) == .counts)
    #expect(world.beat(Self.b, .standby) == .standsBy)
  }

  @Test func `the active one's silence is noticed though the standby is heard, and nobody counts then`() {
    var world = self.pair()
    world.run(2, [(Self.b, .standby)])
    #expect(world.agents.state == .heard)
    world.run(2, [(Self.b, .standby)])
    #expect(world.agents.state == .silent)
    #expect(world.agents.standing == .noActive)
    #expect(world.beat(Self.b, .standby) == .standsBy)
    world.run(1, [(Self.a, .active), (Self.b, .standby)])
    #expect(world.agents.standing == .complete)
  }

  @Test func `a standby that becomes active counts when the switches send to it, and before the other one is missed`() {
    var world = self.pair()
    #expect(world.beat(Self.b) == .standsBy, "the switches still send to a")
    #expect(world.agents.isHeir(Self.b, isPathLost: false))
    #expect(!world.agents.isHeir(Self.a, isPathLost: false))
    world.nextHops = [Self.machineB]
    world.agents.elect(world.nextHops)
    #expect(world.agents.counting == .some(Self.b))
    #expect(world.beat(Self.b) == .counts)
    world.run(5, [(Self.b, .active)])
    #expect(world.agents.standing == .noStandby)
    #expect(world.agents.state == .heard)
  }

  @Test func `where the switches' next hop does not tell, who became active last counts`() {
    var world = self.pair()
    world.nextHops = []
    world.run(1, [(Self.a, .active), (Self.b, .standby)])
    #expect(world.beat(Self.b) == .counts)
    #expect(world.beat(Self.a) == .standsBy)
    world.nextHops = [Self.machineA, Self.machineB]
    world.run(1, [(Self.a, .active), (Self.b, .active)])
    #expect(world.agents.counting == .some(Self.b))
  }

  @Test func `two that are both active are an alarm after n T_h, and do not take turns`() {
    var world = self.pair()
    world.run(2, [(Self.a, .active), (Self.b, .active)])
    #expect(world.agents.standing == .complete, "one of them may have just ended")
    world.run(3, [(Self.a, .active), (Self.b, .active)])
    #expect(world.agents.standing == .split)
    for _ in 0..<20 {
      world.run(1, [(Self.a, .active), (Self.b, .active)])
      #expect(world.agents.counting == .some(Self.a), "the switches send there")
      #expect(!world.agents.isHeir(Self.a, isPathLost: false))
      #expect(world.agents.isHeir(Self.a, isPathLost: true))
    }
    world.run(1, [(Self.a, .standby), (Self.b, .active)])
    #expect(world.agents.standing == .complete)
    #expect(world.agents.counting == .some(Self.b))
  }

  @Test func `a planned switch-over is no alarm, whoever speaks first`() {
    for isReleasedFirst in [true, false] {
      var world = self.pair()
      let roles: [(InstanceName?, AgentInstance.Role)] = [(Self.a, .standby), (Self.b, .active)]
      for (name, role) in isReleasedFirst ? roles : roles.reversed() {
        _ = world.beat(name, role)
        #expect(world.agents.standing == .complete)
        world.now = world.now + .milliseconds(20)
      }
      #expect(world.agents.counting == .some(Self.b))
      world.run(10, roles)
      #expect(world.agents.standing == .complete)
    }
  }

  @Test func `restarts that were announced are no alarm`() {
    var world = self.pair()
    _ = world.beat(Self.b, .standby, leaving: true)
    world.run(100, [(Self.a, .active)])
    #expect(world.agents.standing == .complete)
    _ = world.beat(Self.b, .standby)
    _ = world.beat(Self.a, leaving: true)
    world.run(100, [(Self.b, .standby)])
    #expect(world.agents.standing == .complete)
    #expect(world.agents.state == .leaving)
  }

  @Test func `names that come and go are bounded`() {
    var world = World()
    for number in 1...50 {
      world.now = world.now + .milliseconds(1)
      _ = world.beat(InstanceName(unchecked: "m\(number)"))
      #expect(world.agents.members.count <= AgentInstance.limit)
    }
    #expect(world.agents.counting == .some(InstanceName(unchecked: "m50")))
    #expect(world.agents.members.map { $0.name?.text ?? "" } == ["m47", "m48", "m49", "m50"])
  }

  /// Whatever is heard of whom and in which order: what a standby says never counts, and who counts is active.
  @Test func `a standby's report never counts`() {
    var random = RandomSource(seed: 7)
    for _ in 0..<200 {
      var world = World()
      for _ in 0..<60 {
        let name = [Self.a, Self.b, nil][Int(random.next(below: 3))]
        let role: AgentInstance.Role = random.next(below: 2) == 0 ? .active : .standby
        world.nextHops =
          [[], [Self.machineA], [Self.machineB], [Self.machineA, Self.machineB]][Int(random.next(below: 4))]
        let before = world.agents
        let outcome = world.beat(name, role, leaving: random.next(below: 8) == 0)
        if name != nil, role == .standby {
          #expect(outcome == .standsBy)
          #expect(world.agents.lastHeard == before.lastHeard)
          #expect(world.agents.assignment == before.assignment)
        }
        world.now = world.now + .milliseconds(Int64(random.next(below: 200)))
        world.agents.advance(to: world.now, nextHops: world.nextHops, Self.detection)
      }
    }
  }
}
