// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Two real switches between the same segments.
  @Suite struct SwitchLossTests {
    private var options: LabOptions {
      var options = SwitchLoss.options()
      options.name = "isthmus-pair"
      options.coldClient = true
      return options
    }

    private func program(_ lab: Lab, ofSwitch number: Int) async throws -> [Substring] {
      try await lab.ofctl("dump-flows", "--no-stats", LabLayout.bridge, version: "OpenFlow15", onSwitch: number)
        .split(separator: "\n").filter { $0.contains("cookie=0x495354484d55530") }.sorted()
    }

    @Test func `one forwards, the other takes over when it is killed, and each comes back whole`() async throws {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1)
        #expect(try await LabSwitches.waitUntilPaired(in: lab) == 1)
        #expect(try await lab.request(from: .coldClient) == 1)
        for active in [1, 2] {
          let whole = try await self.program(lab, ofSwitch: 3 - active)
          try await lab.killSwitch(active)
          try await lab.waitUntilServing(by: 1)
          #expect(try await LabSwitches.active(in: lab) == 3 - active)
          #expect(try await lab.request(from: .coldClient) == 1)
          #expect(try await self.program(lab, ofSwitch: 3 - active).count == whole.count - 1)
          try await lab.startSwitch(active)
          #expect(try await LabSwitches.waitUntilPaired(in: lab) == 3 - active)
          #expect(try await self.program(lab, ofSwitch: active).count == whole.count)
        }
        // Who asks for a virtual IP gets one answer.
        let capture = try await lab.start(
          in: .client, ["tcpdump", "-i", "eth0", "-n", "-l", "--immediate-mode", "arp"], log: "arp.log")
        try await lab.waitUntil("tcpdump") { lab.written(to: "arp.log").contains("listening on") }
        try await lab.flushClientARP()
        try await lab.waitUntilServing(by: 1)
        _ = try await lab.exec(in: .client, ["ping", "-c", "3", "-i", "0.2", "\(LabLayout.virtualIP)"])
        capture.send(.terminate)
        _ = try await capture.wait()
        let heard = lab.written(to: "arp.log").split(separator: "\n")
        let asked = heard.count { $0.contains("who-has \(LabLayout.virtualIP) tell \(LabLayout.clientAddress)") }
        #expect(asked > 0)
        #expect(heard.count { $0.contains("Reply \(LabLayout.virtualIP) is-at") } == asked)
      }
    }

    @Test func `one that only the controller does not hear stays, and nothing is lost`() async throws {
      try await Lab.with(self.options) { lab in
        let run = try await SwitchLoss.run(.control, in: lab)
        #expect(run.decided == nil)
        #expect(run.lost == 0)
        #expect(try await LabSwitches.waitUntilPaired(in: lab) == 1)
      }
    }

    @Test(arguments: [SwitchLoss.Scenario.hung, .uplink, .rebooted])
    func `the other one takes over, and what it was for is mended`(scenario: SwitchLoss.Scenario) async throws {
      try await Lab.with(self.options) { lab in
        let run = try await SwitchLoss.run(scenario, in: lab)
        #expect(run.decided != nil)
        #expect(try await LabSwitches.waitUntilPaired(in: lab) == 2)
        try await lab.waitUntilServing(by: 1)
      }
    }

    @Test func `the standby's death is noticed by nobody`() async throws {
      try await Lab.with(self.options) { lab in
        let run = try await SwitchLoss.run(.standby, in: lab)
        #expect(run.decided == nil)
        #expect(run.lost == 0)
      }
    }

    @Test func `a controller that begins anew finds nothing to change on either`() async throws {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1)
        _ = try await LabSwitches.waitUntilPaired(in: lab)
        try await lab.killSwitch(1)
        try await lab.waitUntilServing(by: 1)
        try await lab.startSwitch(1)
        #expect(try await LabSwitches.waitUntilPaired(in: lab) == 2)
        try await lab.killController()
        try await lab.startController()
        #expect(try await LabSwitches.waitUntilPaired(in: lab) == 2)
        let programmed = try await LabEvents.read(from: lab).filter { $0.kind == "switch-programmed" }
        #expect(programmed.count == 2)
        #expect(programmed.allSatisfy { $0.message.hasSuffix("nothing to change") })
      }
    }

    @Test(arguments: Placement.allCases)
    func `connections survive the loss of a switch, whoever sends first`(placement: Placement) async throws {
      let result = try await SwitchSurvivors.measure(placement, hasKnownRouter: true, connections: 8)
      #expect(result.clientFirst == 8)
      #expect(result.regionFirst == 8)
    }

    @Test func `where no router is named, a region's packets find the way when a client has shown it`() async throws {
      let result = try await SwitchSurvivors.measure(.conntrack, connections: 8)
      #expect(result.clientFirst == 8)
      #expect(result.regionFirstLater == 8)
    }

    @Test func `two that forward hash alike, and a connection may come and go by either`() async throws {
      var options = SwitchLoss.options(policy: .roundRobin)
      options.name = "isthmus-both"
      options.switchMode = .activeActive
      try await Lab.with(options) { lab in
        func regions(through switches: [Int]) async throws -> [Substring] {
          try await lab.route(through: switches)
          // A port is used again at once.
          let script = """
            sysctl -qw net.ipv4.tcp_max_tw_buckets=0
            for port in $(seq 40000 40063); do curl -s -m 5 -H "Connection: close" --local-port $port http://\(LabLayout.virtualIP)/; done
            """
          let output = try await lab.exec(in: .client, ["bash", "-c", script], timeout: .seconds(60))
          return output.output.split(separator: "\n")
        }
        try await lab.route(through: [1, 2])
        try await lab.waitUntilServing()
        _ = try await LabSwitches.waitUntilPaired(in: lab)
        try await lab.waitUntilAllServe()
        for number in lab.layout.switches {
          let flows = try await lab.ofctl("dump-flows", LabLayout.bridge, version: "OpenFlow15", onSwitch: number)
            .split(separator: "\n").filter { $0.contains("nw_dst=\(LabLayout.virtualIP) ") }
          #expect(flows.contains { !$0.contains("n_packets=0,") }, "nothing came by switch \(number)")
        }
        let first = try await regions(through: [1])
        let second = try await regions(through: [2])
        #expect(first.count == 64)
        #expect(Set(first).count == 2)
        #expect(first == second)
        #expect(try await regions(through: [1, 2]) == first)
      }
    }

    @Test(arguments: [Placement.hash, .redirect])
    func `where both forward, connections go on by the one that is left`(placement: Placement) async throws {
      let result = try await SwitchSurvivors.measure(placement, mode: .activeActive, connections: 8)
      #expect(result.clientFirst == 8)
      #expect(result.regionFirstLater == 8)
    }
  }
}
