// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation
import Testing

/// What is done as often as somebody decides by it, and not more often.
@Suite struct PaceTests {
  private let web = Site.makeService(0, preference: [0, 1])

  private func assignment(_ change: (inout Intent) -> Void) throws -> Assignment {
    var intent = Site.makeIntent(regions: 2, services: [self.web])
    change(&intent)
    return try #require(Assignment(for: Site.region(0), in: intent) { $0.bytes })
  }

  @Test func `peers are told seldom where paths are probed, and with every heartbeat where they are not`() throws {
    #expect(try self.assignment { $0.detection.probe = .icmp }.peerInterval == .seconds(1))
    #expect(try self.assignment { $0.detection.probe = .arp }.peerInterval == .seconds(1))
    #expect(try self.assignment { $0.detection.probe = .none }.peerInterval == nil)
  }

  @Test func `the load is measured often where something is decided by it`() throws {
    #expect(try self.assignment { _ in }.loadInterval == GatewayLoad.idleInterval)
    #expect(try self.assignment { $0.regions[0].capacity = Capacity(.connections, limit: 9) }.loadInterval == nil)
    #expect(
      try self.assignment { $0.regions[1].capacity = Capacity(.connections, limit: 9) }.loadInterval
        == GatewayLoad.idleInterval, "that is the other gateway's")
    #expect(try self.assignment { $0.services[0].policy = .linkLoad }.loadInterval == nil)
  }

  /// Gateways that were found at different moments were probed at different moments for ever, each with a write, an echo
  /// of its own and a look at everything.
  @Test func `probes of all paths come to leave together, each once every T_h`() {
    let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))
    var rehearsal = Rehearsal(Site.makeIntent(regions: 5, detection: detection, services: [self.web]))
    rehearsal.dark = [0, 1, 2, 3, 4]
    rehearsal.connect()
    for region in 0..<5 {
      rehearsal.run(for: .milliseconds(137))
      rehearsal.dark.remove(region)
    }
    rehearsal.run(for: .seconds(3))
    let before = rehearsal.probes
    rehearsal.run(for: .seconds(10))
    let writes = rehearsal.probes.writes - before.writes
    #expect((99...101).contains(writes), "\(writes)")
    // Five gateways, and the one that the switch hands back.
    let packets = rehearsal.probes.packets - before.packets
    #expect((594...606).contains(packets), "\(packets)")
  }

  @Test func `a path that hurries takes no other along`() {
    let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 20, rise: 3, hold: .seconds(2))
    var rehearsal = Rehearsal(Site.makeIntent(regions: 5, detection: detection, services: [self.web]))
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    rehearsal.dark = [4]
    let before = rehearsal.probes
    rehearsal.run(for: .seconds(1))
    let packets = rehearsal.probes.packets - before.packets
    // Ten times four gateways, the dark one every T_h/4 with what looks for its address, and echoes with each of those.
    #expect((100...165).contains(packets), "\(packets)")
  }
}

/// Without probes of paths, what an agent hears of another region keeps that region in.
@Suite struct PeersWordTests {
  private let web = Site.makeService(0, preference: [0, 1])
  private let detection = Detection(
    heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2), probe: .none)
  private var sequence: UInt64 = 0
  private var rehearsal: Rehearsal

  init() {
    var intent = Site.makeIntent(regions: 3, detection: self.detection, services: [self.web])
    for index in intent.switches[0].gateways.indices {
      intent.switches[0].gateways[index].mac = Site.gatewayMAC(index)
    }
    self.rehearsal = Rehearsal(intent)
    self.rehearsal.connect()
  }

  /// - Parameter age: of the last heartbeat that this region's agent had of the first region's; nil: it hears none.
  private mutating func beat(_ region: Int, assignment: UInt64 = 1, hearsFirst age: Duration? = nil) {
    self.sequence += 1
    let reports = age.map { [PeerReport(region: Site.region(0), sequence: 1, age: $0)] } ?? []
    self.rehearsal.tell(
      .heartbeat(
        Heartbeat(
          region: Site.region(region), boot: 1, sequence: self.sequence, assignment: assignment, peers: reports)))
  }

  private mutating func settle() {
    for _ in 0..<10 {
      for region in 0..<3 { self.beat(region) }
      self.rehearsal.run(for: .milliseconds(100))
    }
    _ = self.rehearsal.look()
  }

  private mutating func changes() -> [String] { self.rehearsal.look().filter { $0.hasPrefix("change") } }

  @Test mutating func `a region that a peer hears stays in, and goes when the peer does not either`() {
    self.settle()
    for _ in 0..<30 {
      for region in 1..<3 { self.beat(region, hearsFirst: .milliseconds(80)) }
      self.rehearsal.run(for: .milliseconds(100))
    }
    #expect(self.changes() == [])
    for _ in 0..<4 {
      for region in 1..<3 { self.beat(region) }
      self.rehearsal.run(for: .milliseconds(100))
    }
    #expect(self.changes() == ["change s1: modify group", "change s1: flush"])
  }

  /// Until they know of it, agents tell each other as seldom as they were told to.
  @Test mutating func `when probes are turned off, a peer's word is waited for`() {
    var intent = self.rehearsal.intent
    intent.detection.probe = .icmp
    self.rehearsal.configure(intent)
    self.settle()
    intent.detection.probe = .none
    self.rehearsal.revision = 2
    self.rehearsal.configure(intent)
    // The first region's agent does not get through, and the others come to know a second later.
    for tenth in 1...12 {
      self.rehearsal.run(for: .milliseconds(100))
      for region in 1..<3 { self.beat(region, assignment: 1, hearsFirst: tenth % 10 == 0 ? .milliseconds(20) : nil) }
    }
    for _ in 0..<30 {
      self.rehearsal.run(for: .milliseconds(100))
      for region in 1..<3 { self.beat(region, assignment: 2, hearsFirst: .milliseconds(80)) }
    }
    #expect(self.changes() == [])
    for _ in 0..<15 {
      self.rehearsal.run(for: .milliseconds(100))
      for region in 1..<3 { self.beat(region, assignment: 2) }
    }
    #expect(self.changes() == ["change s1: modify group", "change s1: flush"])
  }
}
