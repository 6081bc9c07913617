// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import LabKit
import ServiceModel
import Testing

/// What a lab is and what its faults do, on the real thing.
@Suite(.enabled(if: TestLab.canRun))
struct LabTests {
  private func member(_ region: Int) -> SocketEndpoint { SocketEndpoint(LabLayout.memberAddress(region), 80) }

  @Test func membersAnswerThroughSwitchAndGateway() async throws {
    try await Lab.with(TestLab.options("plain")) { lab in
      #expect(try await lab.request(to: member(1), timeout: .milliseconds(200)) == nil, "the switch forwards unasked")
      try await lab.connectPlainly()
      #expect(try await lab.request(to: member(1)) == 1)
      #expect(try await lab.request(to: member(2)) == 2)
      let answer = try await lab.exec(in: .client, ["curl", "-si", "http://\(member(1))/any/path"]).requireSuccess()
      #expect(answer.contains("X-Region: r1") && answer.contains("X-Client: \(LabLayout.clientAddress)"))
    }
  }

  @Test func theManagementNetworkConnectsGatewaysAndController() async throws {
    try await Lab.with(TestLab.options("mgmt")) { lab in
      // Any TCP answer, a refusal included, shows that packets go there and come back.
      for address in [LabLayout.controllerAddress, LabLayout.managementAddress(2)] {
        let refused = try await lab.exec(in: .gateway(1), ["curl", "-sS", "--max-time", "2", "http://\(address):9/"])
        #expect(refused.error.contains("Connection refused") || refused.error.contains("Couldn't connect"))
        #expect(refused.status == .exited(7))
      }
    }
  }

  @Test func sixteenRegionsAndAColdClient() async throws {
    var options = TestLab.options("many")
    options.regions = LabLayout.maximumRegions
    options.coldClient = true
    try await Lab.with(options) { lab in
      let ports = try await lab.ofctl("show", "edge")
      #expect(ports.contains(" 17(r16)") && ports.contains(" 32(cold)"))
      try await lab.connectPlainly()
      #expect(try await lab.request(to: member(16)) == 16)
    }
  }

  @Test func anAdoptedVirtualIPBelongsToItsGateway() async throws {
    var options = TestLab.options("adopted")
    options.service.adoptedFrom = 2
    try await Lab.with(options) { lab in
      let addresses = try await lab.exec(in: .gateway(2), ["ip", "addr"]).requireSuccess()
      let others = try await lab.exec(in: .gateway(1), ["ip", "addr"]).requireSuccess()
      #expect(addresses.contains("\(LabLayout.virtualIP)/24") && !others.contains("\(LabLayout.virtualIP)/24"))
    }
  }

  @Test func aCutLinkIsAPortDown() async throws {
    try await Lab.with(TestLab.options("cut")) { lab in
      try await lab.connectPlainly()
      try await lab.cutLink(1)
      try await lab.waitUntil("port 2 to go down") { try await lab.portState("r1") == "down" }
      #expect(try await lab.request(to: member(1), timeout: .milliseconds(200)) == nil)
      #expect(try await lab.request(to: member(2)) == 2)
      try await lab.restoreLink(1)
      try await lab.waitUntil("port 2 to come up") { try await lab.portState("r1") == "up" }
      try await lab.waitUntil("answer of r1") { try await lab.request(to: member(1)) == 1 }
    }
  }

  @Test func darknessIsSilentAndLeavesThePortUp() async throws {
    try await Lab.with(TestLab.options("dark")) { lab in
      try await lab.connectPlainly()
      #expect(try await lab.request(to: member(1)) == 1)
      try await lab.goDark(1)
      #expect(try await lab.request(to: member(1), timeout: .milliseconds(200)) == nil)
      #expect(try await lab.portState("r1") == "up")

      try await lab.flushClientARP()
      #expect(try await lab.request(to: member(1), timeout: .milliseconds(200)) == nil)
      let neighbours = try await lab.exec(in: .client, ["ip", "neigh"]).output
      #expect(neighbours.contains("\(LabLayout.gatewayAddress(1)) dev eth0 INCOMPLETE"), "ARP is answered")
      let management = try await lab.exec(
        in: .switch, ["curl", "-sS", "--max-time", "0.3", "http://\(LabLayout.managementAddress(1)):9/"])
      #expect(management.status == .exited(28), "the management network is not dark")

      try await lab.goLight(1)
      try await lab.waitUntil("answer of r1") { try await lab.request(to: member(1)) == 1 }
    }
  }

  @Test func aRegionCanBeHalfDark() async throws {
    try await Lab.with(TestLab.options("half")) { lab in
      try await lab.connectPlainly()
      try await lab.goDark(1, networks: [.management])
      #expect(try await lab.request(to: member(1)) == 1)
      let management = try await lab.exec(
        in: .gateway(2), ["curl", "-sS", "--max-time", "0.3", "http://\(LabLayout.managementAddress(1)):9/"])
      #expect(management.status == .exited(28))
    }
  }

  @Test func theProberTellsWhoServedAndForHowLongNobodyDid() async throws {
    try await Lab.with(TestLab.options("prober")) { lab in
      try await lab.connectPlainly()
      let prober = try await lab.startProber(ProbeOptions(target: member(1), timeout: .milliseconds(300)))
      #expect(try prober.last()?.outcome == .answered)

      let stopped = try await lab.stopMember(1)
      try await lab.waitUntil("refused request") { try prober.last()?.outcome == .refused }
      try await lab.startMember(1)
      try await lab.waitUntil("answer") { try prober.last()?.outcome == .answered }

      let hung = try await lab.hangMember(1)
      try await lab.waitUntil("request timed out") { try prober.last()?.outcome == .timeout }
      try await lab.resumeMember(1)
      try await lab.waitUntil("answer") { try prober.last()?.outcome == .answered }

      try await lab.exec(in: .client, ["ip", "route", "flush", "192.168.101.0/24"]).requireSuccess()
      try await lab.waitUntil("unreachable request") { try prober.last()?.outcome == .unreachable }

      let log = try await prober.stop()
      #expect(log.count(of: .refused) > 0 && log.count(of: .timeout) > 0)
      #expect(log.reigns.map(\.region) == [1])
      #expect(log.lost.allSatisfy { $0.start > stopped - .milliseconds(100) })
      let refusal = try #require(log.unavailability(around: stopped, before: hung))
      #expect(refusal.duration > .zero && refusal.lost > 0)
      let silence = try #require(log.unavailability(around: hung))
      #expect(silence.duration >= .milliseconds(300))
    }
  }
}

extension Lab {
  /// `up` or `down`, as the switch sees it.
  fileprivate func portState(_ interface: String) async throws -> String {
    try await self.vsctl("get", "interface", interface, "link_state").filter(\.isLetter)
  }
}
