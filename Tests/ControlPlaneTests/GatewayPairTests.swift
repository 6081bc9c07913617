// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import FailureDetection
import ServiceModel
import Simulation
import Testing

/// Two agents of one region, on gateways of which one holds the address.
@Suite struct GatewayPairTests: ThreeRegions {
  private static let first = InstanceName(unchecked: "gw1")
  private static let second = InstanceName(unchecked: "gw2")
  private static let firstMachine = Site.gatewayMAC(0, onSwitch: 0)
  private static let secondMachine = MACAddress(rawValue: 0x0200_0000_0b0b)

  private struct Speaker {
    var sequence: UInt64 = 0

    mutating func beat(
      _ name: InstanceName, _ role: AgentInstance.Role, _ reports: [ServiceReport] = [], load: GatewayLoad? = nil,
      to rehearsal: inout Rehearsal
    ) {
      self.sequence += 1
      let machine = name == GatewayPairTests.first ? GatewayPairTests.firstMachine : GatewayPairTests.secondMachine
      rehearsal.tell(
        .heartbeat(
          Heartbeat(
            region: Site.region(0),
            instance: AgentInstance(name: name, role: role, mac: role == .active ? machine : nil),
            boot: 1, sequence: self.sequence, assignment: 1, services: reports,
            load: load.map { GatewayLoadReport(load: $0, age: .zero) })))
    }
  }

  private func run(
    _ rehearsal: inout Rehearsal, _ speaker: inout Speaker, tenths: Int,
    _ beating: [(InstanceName, AgentInstance.Role)]
  ) {
    for _ in 0..<tenths {
      rehearsal.run(for: .milliseconds(100))
      for (name, role) in beating { speaker.beat(name, role, to: &rehearsal) }
      for region in 1...2 { rehearsal.beat(region) }
    }
  }

  private func pair() -> (Rehearsal, Speaker) {
    var rehearsal = self.rehearse()
    var speaker = Speaker()
    self.run(&rehearsal, &speaker, tenths: 10, [(Self.first, .active), (Self.second, .standby)])
    _ = rehearsal.look()
    return (rehearsal, speaker)
  }

  private func region(_ rehearsal: Rehearsal) throws -> RegionStatus {
    try #require(rehearsal.controller.status(at: rehearsal.now).regions.first)
  }

  @Test func `both are shown, and one counts`() throws {
    let (rehearsal, _) = self.pair()
    let region = try self.region(rehearsal)
    #expect(region.standing == .complete)
    #expect(region.instances.map(\.name) == [Self.first, Self.second])
    #expect(region.instances.map(\.role) == [.active, .standby])
    #expect(region.instances.map(\.isCounted) == [true, false])
  }

  @Test func `what a standby reports changes nothing`() throws {
    var (rehearsal, speaker) = self.pair()
    var twin = rehearsal
    for _ in 0..<20 {
      rehearsal.run(for: .milliseconds(100))
      twin.run(for: .milliseconds(100))
      speaker.beat(Self.first, .active, to: &rehearsal)
      speaker.beat(
        Self.second, .standby, [self.report(self.web, .down(.refused), in: rehearsal)],
        load: GatewayLoad(packetsPerSecond: 1, kilobitsPerSecond: 1, connections: 1), to: &rehearsal)
      var silent = Speaker(sequence: speaker.sequence)
      silent.beat(Self.first, .active, to: &twin)
      silent.beat(Self.second, .standby, to: &twin)
      for region in 1...2 {
        rehearsal.beat(region)
        twin.beat(region)
      }
    }
    #expect(rehearsal.look() == [])
    let (now, other) = (rehearsal.controller.status(at: rehearsal.now), twin.controller.status(at: twin.now))
    #expect(now.services == other.services)
    #expect(now.regions.map(\.load) == other.regions.map(\.load))
    #expect(self.changes(twin.look()) == [])
  }

  @Test func `a takeover is one change, as soon as the other machine has answered`() throws {
    var (rehearsal, speaker) = self.pair()
    rehearsal.moveGateway(0, to: Self.secondMachine)
    speaker.beat(Self.second, .active, to: &rehearsal)
    let lines = rehearsal.look()
    #expect(self.changes(lines) == ["change s1: add flow"] || self.changes(lines).count == 1)
    #expect(lines.contains("gateway of region r1 is \(Self.secondMachine) on switch s1"))
    #expect(lines.contains("gateway gw2 of region r1 holds the address now, instead of gw1"))
    #expect(try self.region(rehearsal).paths.map(\.mac) == [Self.secondMachine])
    // Nothing moves to another region, and nobody's connections are cut.
    self.run(&rehearsal, &speaker, tenths: 20, [(Self.second, .active)])
    #expect(self.changes(rehearsal.look()) == [])
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
    #expect(try self.region(rehearsal).standing == .noStandby)
    // It reports for the region now.
    speaker.beat(Self.second, .active, [self.report(self.web, .down(.refused), in: rehearsal)], to: &rehearsal)
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(1))
  }

  @Test func `one that says that it is active and does not answer gets nothing`() throws {
    var (rehearsal, speaker) = self.pair()
    self.run(&rehearsal, &speaker, tenths: 10, [(Self.first, .active), (Self.second, .active)])
    let lines = rehearsal.look()
    #expect(self.changes(lines) == [])
    #expect(lines == ["gw1 and gw2 both hold the gateway's address of region r1; reports of gw1 count"])
    #expect(try self.region(rehearsal).paths.map(\.mac) == [Self.firstMachine])
    speaker.beat(Self.second, .active, [self.report(self.web, .down(.refused), in: rehearsal)], to: &rehearsal)
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `a silent active agent takes nothing out, with a standby or without`() throws {
    var (rehearsal, speaker) = self.pair()
    self.run(&rehearsal, &speaker, tenths: 10, [(Self.second, .standby)])
    let lines = rehearsal.look()
    #expect(self.changes(lines) == [])
    #expect(lines.count == 1 && lines[0].contains("standby gw2 does not hold its address"))
    #expect(try self.region(rehearsal).standing == .noActive)
    self.run(&rehearsal, &speaker, tenths: 10, [])
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `without either gateway the region is out at its bound`() {
    var (rehearsal, speaker) = self.pair()
    rehearsal.dark = [0]
    self.run(&rehearsal, &speaker, tenths: 4, [])
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
  }

  @Test func `without heartbeats a takeover is seen by ARP, before the region is out`() throws {
    var (rehearsal, _) = self.pair()
    rehearsal.moveGateway(0, to: Self.secondMachine)
    rehearsal.run(for: .milliseconds(250))
    #expect(try self.region(rehearsal).paths.map(\.mac) == [Self.secondMachine])
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
  }
}
