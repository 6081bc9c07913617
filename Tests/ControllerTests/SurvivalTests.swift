// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import FoundationEssentials
import Glibc
import LabKit
import Outbound
import ServiceModel
import SharedDocuments
import Testing

/// The real controller, which is killed in the middle of its work, and whose disk is full.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SurvivalTests {
  /// A configuration that tells in many places which one it is, so that a mixture would be seen. Some are larger than one
  /// part of the store.
  private func yaml(_ number: Int) -> String {
    let filler = number.isMultiple(of: 4) ? 30_000 : 100
    let lines = (0..<filler).map { "# \(number): line \($0) of a configuration" }.joined(separator: "\n")
    return "detection: {misses: \(number % 100 + 1)}\n\(lines)\n"
      + "regions:\n  - {name: r1, key-file: r1.key}\nswitches: []\nservices: []\n# \(number)\n"
  }

  private func send(_ number: Int, to controller: RealController) async -> HTTPAnswer? {
    try? await controller.post("/v1/configuration?file=\(number)", Array(self.yaml(number).utf8))
  }

  @Test func killedAgainAndAgainItHasTheOldOrTheNewConfiguration() async throws {
    try await Workshop.with { workshop in
      try RealController.prepare(workshop)
      var acknowledged = 0
      var sent = 0
      for round in 1...25 {
        try await RealController.with(workshop) { controller in
          let found = try await controller.configuration()
          if acknowledged > 0 {
            // What was sent last may have come through, or not.
            let candidates = (acknowledged...sent).filter { self.yaml($0) == found.text }
            #expect(candidates.count == 1, "round \(round): \(found.text.prefix(100))")
            acknowledged = candidates.first ?? acknowledged
            sent = acknowledged
          }
          // At any moment of its work: this is chance, and puts nothing in order.
          let life = Duration.milliseconds(Int.random(in: 1...500))
          let killer = Task {
            try await Task.sleep(for: life)
            await controller.kill()
          }
          while let answer = await self.send(sent + 1, to: controller) {
            guard answer.status == 200 else { break }
            sent += 1
            acknowledged = sent
          }
          // The one under way when it was killed.
          sent += 1
          if acknowledged == 0 { sent = 0 }
          try await killer.value
        }
      }
      #expect(acknowledged > 5)
    }
  }

  @Test(.enabled(if: geteuid() == 0, "not root: a full file system cannot be mounted"))
  func aFullDiskRefusesChangesAndKeepsWhatWas() async throws {
    try await Workshop.with { workshop in
      _ = try await Command(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", workshop.directory]).runSuccessfully()
      defer { umount2(workshop.directory, Int32(MNT_DETACH)) }
      try RealController.prepare(workshop)
      try await RealController.with(workshop) { controller in
        #expect(await self.send(1, to: controller)?.status == 200)
        _ = try await Command(["sh", "-c", "cat /dev/zero >$0; true", workshop.path("filler")]).run()
        let answer = try await controller.post("/v1/configuration?file=2", Array(self.yaml(3).utf8))
        let problem = try JSON.decode(ProblemResource.self, from: answer.body)
        #expect(problem.status == 503 && problem.code == "store-unavailable")
        #expect(
          problem.detail.contains("nothing was changed") && problem.detail.contains("is full"), "\(problem.detail)")
        #expect(try await controller.configuration().text == self.yaml(1))
        let drain = try await controller.post("/v1/regions/r1/drain?force=true", [])
        #expect(drain.status == 503, "\(String(decoding: drain.body, as: UTF8.self))")
      }
      // The disk is full when it starts, too.
      try await RealController.with(workshop) { controller in
        let kept = try await controller.configuration()
        #expect(kept.text == self.yaml(1))
        unlink(workshop.path("filler"))
        #expect(await self.send(3, to: controller)?.status == 200)
        #expect(try await controller.configuration().text == self.yaml(3))
        #expect(try await controller.post("/v1/regions/r1/drain?force=true", []).status == 202)
      }
    }
  }

  @Test func aConfigurationOfTenThousandServicesIsApplied() async throws {
    try await Workshop.with { workshop in
      try RealController.prepare(workshop)
      let services = (0..<10_000).map { number in
        """
          - name: s\(number)
            virtual-ip: 10.\(number / 60_000).\(number / 250).\(number % 250 + 1)
            listeners: [{port: 80}]
            members: {r1: [192.168.1.1]}
        """
      }
      let text =
        "regions:\n  - {name: r1, key-file: r1.key}\nswitches:\n  - name: edge\n"
        + "    datapath: 00:00:00:00:00:00:00:01\n    probe-address: 172.20.126.5\n"
        + "    gateways: [{region: r1, port: 2, address: 172.20.126.110}]\nservices:\n"
        + services.joined(separator: "\n") + "\n"
      try await RealController.with(workshop) { controller in
        let answer = try await controller.post("/v1/configuration", Array(text.utf8))
        #expect(answer.status == 200, "\(String(decoding: answer.body.prefix(1000), as: UTF8.self))")
        await controller.kill()
      }
      try await RealController.with(workshop) { controller in
        let kept = try await controller.configuration()
        #expect(kept.text == text)
      }
    }
  }
}
