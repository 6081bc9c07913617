// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import Experiments
import Foundation
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Switches that other controllers have: a real Ryu, and for Floodlight the API of another Isthmus, on a real Open
  /// vSwitch.
  @Suite struct SouthboundDriverTests {
    /// None could be had of ONOS.
    static let controllers = ForeignController.Kind.allCases.filter { $0 != .onos }.filter { kind in
      LabRequirements.shouldTest(FailoverScenario.regionDark(through: kind).options)
    }

    private func options(_ kind: ForeignController.Kind) -> LabOptions {
      var options = FailoverScenario.regionDark(through: kind).options
      options.name = "isthmus-driver"
      return options
    }

    @Test(arguments: Self.controllers)
    func `every driver keeps every law`(kind: ForeignController.Kind) async throws {
      var options = self.options(kind)
      options.processes = .none
      try await Lab.with(options) { lab in
        try await lab.waitUntil("connection of the switch") { try await lab.switchIsConnected() }
        let isthmus = try #require(LabExecutables.find("isthmus"))
        let answer = try await lab.exec(
          in: .switch,
          [
            isthmus, "lab", "driver-laws", "--controller", kind.rawValue, "--url", Lab.foreignURL, "--datapath",
            "\(LabLayout.datapath(ofSwitch: 1))",
          ], timeout: .seconds(90))
        let lines = answer.output.split(separator: "\n")
        #expect(lines.count == 10)
        #expect(lines.filter { !$0.hasPrefix("kept: ") } == [], "\(answer.error)")
      }
    }

    @Test(arguments: Self.controllers)
    func `traffic leaves a region that dies silently, and a restart rewrites nothing`(
      kind: ForeignController.Kind
    ) async throws {
      try await Lab.with(self.options(kind)) { lab in
        // Somebody else's flow, about packets that nobody sends.
        try await lab.ofctl("add-flow", LabLayout.bridge, "cookie=0x77,priority=77,in_port=77,actions=drop")
        try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
        try await lab.waitUntil("agents") {
          try await LabEvents.read(from: lab).count { $0.kind == "agent-heard" } == 2
        }
        let prober = try await lab.startProber()
        try await prober.waitForAnswers(20, after: MonotonicClock.now())
        // Whose ARP table is cold is answered too.
        try await lab.flushClientARP()
        let event = try await lab.goDark(1)
        try await prober.waitForAnswers(20, of: 2, after: event)
        let log = try await prober.stop()
        let outage = try #require(log.unavailability(around: event))
        #expect(outage.duration < lab.options.detection.bound + .seconds(1))

        let before = try await self.flows(lab)
        #expect(before.contains { $0.contains("cookie=0x77,") })
        try await lab.goLight(1)
        try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
        try await lab.waitUntil("change that is confirmed") {
          let events = try await LabEvents.read(from: lab)
          return events.last { $0.kind == "switch-programmed" || $0.kind == "steered" }?.kind == "switch-programmed"
        }
        let settled = try await self.flows(lab)
        try await lab.killController()
        try await lab.startController()
        try await lab.waitUntil("a controller that has looked") {
          (try? await LabEvents.read(from: lab))?.contains { $0.message.contains("nothing to change") } == true
        }
        #expect(try await self.flows(lab) == settled)
      }
    }

    @Test(arguments: Self.controllers)
    func `entries of a running controller are taken along, and the rest is told`(
      kind: ForeignController.Kind
    ) async throws {
      try await Lab.with(self.options(kind)) { lab in
        try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
        let isthmus = try #require(LabExecutables.find("isthmus"))
        let datapath = LabLayout.datapath(ofSwitch: 1)
        let push =
          kind == .ryu
          ? [
            "/stats/flowentry/add",
            #"{"dpid":"0x\#(String(datapath.rawValue, radix: 16))","priority":901,"match":{"in_port":1,"eth_type":2048,"#
              + #""ipv4_dst":"192.0.2.77"},"actions":[{"type":"OUTPUT","port":2}]}"#,
          ]
          : [
            "/wm/staticentrypusher/json",
            #"{"switch":"\#(datapath)","name":"old","priority":"901","in_port":"1","eth_type":"0x800","#
              + #""ipv4_dst":"192.0.2.77","actions":"output=2"}"#,
          ]
        try await lab.exec(in: .switch, ["curl", "-sf", "-d", push[1], Lab.foreignURL + push[0]]).requireSuccess()
        try await lab.waitUntil("flow in the switch") {
          try await self.flows(lab).contains { $0.contains("priority=901") }
        }
        let words = [isthmus, "flow", "import", "--from", kind.rawValue, Lab.foreignURL, "--dry-run"]
        let answer = try await lab.exec(in: .switch, words)
        try answer.requireSuccess()
        #expect(answer.output.contains("192.0.2.77"))
        #expect(answer.output.contains(#""priority":901"#))
        #expect(answer.error.contains("not taken: "))
        #expect(try await lab.exec(in: .switch, words).output == answer.output)
      }
    }

    /// Without those that a learning switch has written meanwhile.
    private func flows(_ lab: Lab) async throws -> Set<String> {
      let dump = try await lab.ofctl("dump-flows", "--no-stats", LabLayout.bridge)
      return Set(
        dump.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
          $0.contains("cookie=0x4953") || $0.contains("cookie=0x77,") || $0.contains("priority=901")
        })
    }
  }
}
