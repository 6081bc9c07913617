// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Three controllers and etcd, with a real switch: whoever leads, the service goes on.
  @Suite struct TakeoverTests {
    private var options: LabOptions {
      var options = LabOptions()
      options.name = "isthmus-three"
      options.controllers = 3
      options.detection.hold = .milliseconds(500)
      return options
    }

    @Test(arguments: [ProcessSignal.kill, .terminate])
    func `a leader that ends is followed by another, which rewrites nothing and decides`(signal: ProcessSignal)
      async throws
    {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1)
        let first = try await LabControllers.waitForLeader(in: lab)
        let flows = try await lab.ofctl("dump-flows", "--no-stats", LabLayout.bridge, version: "OpenFlow15")
        let prober = try await lab.startProber()
        try await prober.waitForAnswers(100, after: MonotonicClock.now())
        try await lab.killController(first, signal)
        let second = try await LabControllers.waitForLeader(in: lab, otherThan: first)
        try await prober.waitForAnswers(100, after: MonotonicClock.now())
        #expect(try await prober.stop().lost.isEmpty)
        #expect(
          try await lab.ofctl("dump-flows", "--no-stats", LabLayout.bridge, version: "OpenFlow15") == flows)
        let programmed = try await LabEvents.read(from: lab, controller: second).filter {
          $0.kind == "switch-programmed"
        }
        #expect(programmed.map(\.message) == ["switch edge holds the program; nothing to change"])

        try await lab.stopMember(1)
        try await lab.waitUntilServing(by: 2)
      }
    }

    @Test func `without etcd the leader goes on deciding, and nobody else begins to`() async throws {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1)
        let leader = try await LabControllers.waitForLeader(in: lab)
        try await lab.killEtcd()
        try await lab.waitUntil("a leader that misses etcd", timeout: .seconds(20)) {
          try await LabEvents.read(from: lab, controller: leader).last { $0.kind.hasPrefix("store-") }?.kind
            == "store-away"
        }
        try await lab.stopMember(1)
        try await lab.waitUntilServing(by: 2)
        for number in lab.layout.controllers {
          #expect(try await LabControllers.read(number, in: lab)?.role == (number == leader ? .leader : .follower))
        }
        try await lab.startEtcd()
        try await lab.waitUntil("etcd", timeout: .seconds(20)) {
          try await LabEvents.read(from: lab, controller: leader).last { $0.kind.hasPrefix("store-") }?.kind
            == "store-back"
        }
        try await lab.startMember(1)
        try await lab.waitUntilServing(by: 1)
      }
    }

    @Test func `a leader that was frozen finds another one, and writes nothing`() async throws {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1)
        let first = try await LabControllers.waitForLeader(in: lab)
        await lab.signalController(first, .stop)
        let second = try await LabControllers.waitForLeader(in: lab, otherThan: first)
        // What the frozen one believes is no longer so.
        try await lab.stopMember(1)
        try await lab.waitUntilServing(by: 2)
        await lab.signalController(first, .continue)
        try await lab.waitUntil("a leader that knows better", timeout: .seconds(20)) {
          try await LabControllers.read(first, in: lab)?.role == .follower
        }
        #expect(try await LabControllers.read(second, in: lab)?.role == .leader)
        try await lab.waitUntilServing(by: 2)
        // Open vSwitch writes the roles down every five seconds.
        try await lab.waitUntil("one master", timeout: .seconds(20)) {
          let roles = try await lab.vsctl("--columns=role", "--format=csv", "--no-headings", "list", "controller")
          return roles.split(separator: "\n").sorted() == ["master", "slave", "slave"]
        }
      }
    }

    @Test func `a leader that loses sight of the switch is followed by one that sees it`() async throws {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1)
        let first = try await LabControllers.waitForLeader(in: lab)
        let rows = try await lab.vsctl("--columns=_uuid,target", "--format=csv", "--no-headings", "list", "controller")
        let target = ":\(LabLayout.openFlowPort(of: first))"
        let row = try #require(rows.split(separator: "\n").first { $0.contains(target) })
        let uuid = try #require(row.split(separator: ",").first.map(String.init))
        try await lab.vsctl("remove", "bridge", LabLayout.bridge, "controller", uuid)
        let second = try await LabControllers.waitForLeader(in: lab, otherThan: first)
        try await lab.stopMember(1)
        try await lab.waitUntilServing(by: 2)
        #expect(try await LabEvents.read(from: lab, controller: first).contains { $0.kind == "yields" })
        #expect(try await LabControllers.read(second, in: lab)?.role == .leader)
      }
    }

    @Test func `a follower tells whoever asks to ask the leader`() async throws {
      try await Lab.with(self.options) { lab in
        let leader = try await LabControllers.waitForLeader(in: lab)
        let follower = leader == 1 ? 2 : 1
        let answer = try await LabAPI.post("/v1/regions/r1/drain", to: lab, controller: follower)
        #expect(answer.contains("not-the-leader") && answer.contains("c\(leader) (http://"), "\(answer)")
        try await lab.waitUntilServing(by: 1)
        _ = try await LabAPI.post("/v1/regions/r1/drain?force=true", to: lab, controller: leader)
        try await lab.waitUntil("a drain", timeout: .seconds(10)) {
          try await LabEvents.read(from: lab, controller: leader).contains { $0.kind == "drain-begun" }
        }
      }
    }
  }
}
