// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import Foundation
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Placements for switches that are not Open vSwitch, on one that is told to be like them.
  @Suite struct PlacementTests {
    private func options(_ placement: Placement, _ policy: Policy, regions: Int = 3) -> LabOptions {
      var options = LabOptions()
      options.name = "isthmus-placement"
      options.regions = regions
      options.detection.hold = .milliseconds(500)
      options.placement = placement
      options.openFlowVersions = "OpenFlow13"
      options.service.policy = policy
      return options
    }

    /// Opens a connection from each of several addresses of the client; how many each region has answered.
    private func regions(_ lab: Lab, _ count: Int = 64) async throws -> [Int: Int] {
      let script = """
        for i in $(seq 1 \(count)); do ip addr add 172.20.126.$((127 + i))/32 dev eth0 2>/dev/null; \
        curl -s -m 5 --interface 172.20.126.$((127 + i)) http://\(LabLayout.virtualIP)/; done
        """
      let answer = try await lab.exec(in: .client, ["bash", "-c", script], timeout: .seconds(120))
      var counts: [Int: Int] = [:]
      for region in lab.layout.regions {
        let served = answer.output.components(separatedBy: "region r\(region) ").count - 1
        if served > 0 { counts[region] = served }
      }
      return counts
    }

    private func waitUntilAllServe(_ lab: Lab) async throws {
      try await lab.waitUntil("answers of every region") {
        (try? await self.regions(lab, 16))?.count == lab.layout.regions.count
      }
    }

    private func changes(_ lab: Lab) async throws -> Int {
      try await LabEvents.read(from: lab).count { $0.kind == "switch-programmed" }
    }

    private func expectRestartChangesNothing(_ lab: Lab) async throws {
      func flows() async throws -> [Substring] {
        // Flows of connections come and go.
        try await lab.ofctl("dump-flows", "--no-stats", LabLayout.bridge).split(separator: "\n").filter {
          !$0.contains("idle_timeout")
        }
      }
      let before = try await flows()
      let groups = try await lab.ofctl("dump-groups", LabLayout.bridge)
      try await lab.killController()
      try await lab.startController()
      try await lab.waitUntil("a controller that has looked") {
        (try? await LabEvents.read(from: lab))?.contains { $0.message.contains("nothing to change") } == true
      }
      #expect(try await flows() == before)
      #expect(try await lab.ofctl("dump-groups", LabLayout.bridge) == groups)
    }

    @Test func `hash divides by groups over OpenFlow 1.3, and only a dead region's connections move`() async throws {
      try await Lab.with(self.options(.hash, .roundRobin)) { lab in
        try await self.waitUntilAllServe(lab)
        #expect(try await !lab.ofctl("dump-flows", LabLayout.bridge).contains("ct("))
        try await lab.goDark(1)
        try await lab.waitUntil("loss of r1") {
          try await LabEvents.read(from: lab).contains { $0.kind == "path-lost" }
        }
        let rest = try await self.regions(lab)
        #expect(rest[1] == nil)
        #expect(rest.values.reduce(0, +) == 64, "\(rest)")
        try await self.expectRestartChangesNothing(lab)
      }
    }

    @Test(arguments: [Placement.hash, .conntrack])
    func `a client keeps its region over OpenFlow 1.3, by rules for its address`(_ placement: Placement) async throws {
      try await Lab.with(self.options(placement, .sourceHash)) { lab in
        try await self.waitUntilAllServe(lab)
        // 64 addresses in a row meet every rule alike: 21 or 22 of 64 slots, give or take one of fewer rules.
        let even = try await self.regions(lab)
        for region in 1...3 { #expect((19...24).contains(even[region] ?? 0), "\(even)") }
        try await lab.goDark(2)
        try await lab.waitUntil("loss of r2") {
          try await LabEvents.read(from: lab).contains { $0.kind == "path-lost" }
        }
        let rest = try await self.regions(lab)
        #expect(rest[2] == nil)
        #expect(rest.values.reduce(0, +) == 64, "\(rest)")
        try await self.expectRestartChangesNothing(lab)
      }
    }

    @Test func `reactive divides exactly, keeps what is open and goes on over a restart`() async throws {
      var options = self.options(.reactive, .roundRobin)
      options.openFlowVersions = "OpenFlow13,OpenFlow15"
      try await Lab.with(options) { lab in
        try await self.waitUntilAllServe(lab)
        let even = try await self.regions(lab, 60)
        #expect(even == [1: 20, 2: 20, 3: 20])
        #expect(try await lab.ofctl("dump-meters", LabLayout.bridge).contains("rate=2000"))
        try await self.expectRestartChangesNothing(lab)
        #expect(try await self.regions(lab, 30).values.reduce(0, +) == 30)
        try await lab.goDark(1)
        try await lab.waitUntil("loss of r1") {
          try await LabEvents.read(from: lab).contains { $0.kind == "path-lost" }
        }
        #expect(try await self.regions(lab, 20) == [2: 10, 3: 10])
      }
    }

    @Test func `redirect sends everything to one region, and to the next when it dies`() async throws {
      try await Lab.with(self.options(.redirect, .primaryReplica, regions: 2)) { lab in
        try await lab.waitUntilServing(by: 1)
        #expect(try await !lab.ofctl("dump-groups", LabLayout.bridge).contains("group_id"))
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2)
        try await self.expectRestartChangesNothing(lab)
      }
    }
  }
}
