// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// What operators order, kept in a real etcd by three controllers of a real switch.
  @Suite struct ConfigurationStoreTests {
    private var options: LabOptions {
      var options = LabOptions()
      options.name = "isthmus-store"
      options.controllers = 3
      options.detection.hold = .milliseconds(500)
      return options
    }

    /// `isthmus apply` as an operator runs it, with the addresses of all controllers.
    private func apply(_ options: LabOptions, to lab: Lab, _ arguments: [String] = []) async throws -> CommandOutput {
      let file = "/tmp/isthmus-store-test.yaml"
      try await lab.exec(in: .switch, ["tee", file], input: options.controllerConfiguration()).requireSuccess()
      let urls = lab.layout.controllers.map { "http://\(LabLayout.api(of: $0))" }.joined(separator: ",")
      let isthmus = try #require(ExecutablePath.ofProduct("isthmus", override: nil))
      return try await lab.exec(in: .switch, [isthmus, "apply", file, "--api", urls] + arguments)
    }

    private func service(_ name: String, in lab: Lab, controller: Int) async -> ServiceResource? {
      try? await LabAPI.get("/v1/services/\(name)", as: ServiceResource.self, from: lab, controller: controller)
    }

    @Test func `what is applied through one controller is acted on by the next, and never while etcd is away`()
      async throws
    {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1)
        let first = try await LabControllers.waitForLeader(in: lab)
        var more = self.options
        more.service.extraServices = 1
        let trial = try await self.apply(more, to: lab, ["--dry-run"])
        #expect(try trial.requireSuccess().contains("  + service extra-1\n"), "\(trial)")
        #expect(await self.service("extra-1", in: lab, controller: first) == nil)
        #expect(try await self.apply(more, to: lab).requireSuccess().hasPrefix("applied as revision "))
        #expect(await self.service("extra-1", in: lab, controller: first) != nil)

        try await lab.killController(first)
        let second = try await LabControllers.waitForLeader(in: lab, otherThan: first)
        #expect(await self.service("extra-1", in: lab, controller: second) != nil)
        // Its file says nothing of it, and is older.
        try await lab.startController(first)

        try await lab.killEtcd()
        more.service.extraServices = 2
        let refused = try await self.apply(more, to: lab)
        #expect(
          !refused.succeeded && refused.error.contains("error[store-unavailable]: nothing was changed"), "\(refused)")
        let drain = try await LabAPI.post("/v1/regions/r2/drain", to: lab, controller: second)
        #expect(drain.contains("store-unavailable"), "\(drain)")
        try await lab.stopMember(1)
        try await lab.waitUntilServing(by: 2)
        try await lab.startMember(1)
        try await lab.waitUntilServing(by: 1)
        #expect(await self.service("extra-2", in: lab, controller: second) == nil)
        try await lab.startEtcd()
        try await lab.waitUntil("etcd", timeout: .seconds(20)) {
          try await self.apply(more, to: lab).succeeded
        }
        let leader = try await LabControllers.waitForLeader(in: lab)
        #expect(await self.service("extra-2", in: lab, controller: leader) != nil)
        try await lab.waitUntilServing(by: 1)
      }
    }

    @Test func `a drain and its deadline outlive the leader that was told`() async throws {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1)
        let first = try await LabControllers.waitForLeader(in: lab)
        _ = try await LabAPI.post("/v1/regions/r1/drain?deadline-seconds=8", to: lab, controller: first)
        try await lab.waitUntilServing(by: 2)
        try await lab.killController(first)
        let second = try await LabControllers.waitForLeader(in: lab, otherThan: first)
        let region = try await LabAPI.get("/v1/regions/r1", as: RegionResource.self, from: lab, controller: second)
        let drain = try #require(region.drain)
        #expect(drain.sinceSeconds > 0 && (drain.deadlineSeconds ?? 0) < 8)
        try await lab.waitUntil("the deadline", timeout: .seconds(20)) {
          try await LabEvents.read(from: lab, controller: second).contains { $0.kind == "drain-expired" }
        }
        try await lab.waitUntilServing(by: 2)
        _ = try await LabAPI.post("/v1/regions/r1/undrain", to: lab, controller: second)
        try await lab.waitUntilServing(by: 1)
      }
    }
  }
}
