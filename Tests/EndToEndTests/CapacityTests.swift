// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Regions that may not, or shall not yet, carry everything, on the real switch.
  @Suite struct CapacityTests {
    private func options(_ change: (inout LabOptions) -> Void = { _ in }) -> LabOptions {
      var options = LabOptions()
      options.name = "isthmus-full"
      options.detection.hold = .milliseconds(500)
      change(&options)
      return options
    }

    /// Has the controller apply its configuration with one line after each one that ends so.
    private func insert(_ line: String, after end: String, in lab: Lab) async throws {
      let path = lab.directory.controllerConfiguration()
      let text = try await lab.exec(in: .switch, ["cat", path]).requireSuccess()
      #expect(text.contains(end))
      _ = try await lab.exec(
        in: .switch, ["tee", path], input: text.replacing(end, with: "\(end)\n    \(line)")
      ).requireSuccess()
      try await lab.waitUntil("another configuration") {
        try await LabEvents.read(from: lab).count { $0.kind == "configured" } >= 2
      }
    }

    @Test func `new connections spill over to a standby while a region is full, and those that are open stay`()
      async throws
    {
      try await Lab.with(self.options { $0.service.policy = .primaryReplica }) { lab in
        try await lab.waitUntilServing(by: 1)
        try await self.insert("capacity: {connections: 40}", after: "key-file: r1.key", in: lab)
        let mark = lab.directory.path + "/connected"
        // Half a request on each of 60 connections, and the other half when new ones go elsewhere.
        let script = """
          for i in $(seq 10 69); do eval "exec $i<>/dev/tcp/\(LabLayout.virtualIP)/80"; printf 'GET / HTTP/1.0\\r\\n' >&$i; done
          touch \(mark); until [ -e \(mark).go ]; do sleep 0.05; done
          for i in $(seq 10 69); do printf '\\r\\n' >&$i; timeout 5 cat <&$i; eval "exec $i>&-"; done
          """
        async let session = lab.exec(in: .client, ["bash", "-c", script], timeout: .seconds(60))
        try await lab.waitUntil("open connections") {
          try await lab.exec(in: .client, ["test", "-e", mark]).succeeded
        }
        try await lab.waitUntilServing(by: 2)
        #expect(
          try await LabEvents.read(from: lab).contains {
            $0.kind == "region-full" && $0.attributes["region"] == "r1"
          })
        _ = try await lab.exec(in: .client, ["touch", mark + ".go"]).requireSuccess()
        let output = try await session
        #expect(output.output.split(separator: "\n").count { $0.contains("region r1") } == 60, "\(output.error)")
        // There is room again.
        try await lab.waitUntilServing(by: 1, timeout: .seconds(20))
      }
    }

    @Test func `a region that returns gets its share step by step`() async throws {
      try await Lab.with(self.options { $0.service.policy = .roundRobin }) { lab in
        try await lab.waitUntilAllServe()
        try await self.insert("slow-start: 10s", after: "policy: round-robin", in: lab)
        _ = try await LabAPI.post("/v1/regions/r1/drain", to: lab)
        try await lab.waitUntil("a region that is out of service") { try await lab.answers(50)[1] == nil }
        _ = try await LabAPI.post("/v1/regions/r1/undrain", to: lab)
        try await lab.waitUntil("the first answer of r1") { try await lab.answers(20)[1] != nil }
        // The second or third of ten steps at most.
        let early = try await lab.answers(200)[1] ?? 0
        #expect((1...70).contains(early), "\(early) of 200")
        try await lab.waitUntil("an even share", timeout: .seconds(30)) {
          (80...120).contains(try await lab.answers(200)[1] ?? 0)
        }
      }
    }
  }
}
