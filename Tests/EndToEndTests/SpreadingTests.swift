// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Load over several regions, on the real switch.
  @Suite struct SpreadingTests {
    private func options(_ change: (inout LabOptions) -> Void = { _ in }) -> LabOptions {
      var options = LabOptions()
      options.name = "isthmus-spread"
      options.detection.hold = .milliseconds(500)
      options.service.policy = .roundRobin
      change(&options)
      return options
    }

    @Test func `round-robin gives each region the same share, and a dead one's to the others`() async throws {
      try await Lab.with(self.options { $0.regions = 3 }) { lab in
        try await lab.waitUntilAllServe()
        let even = try await lab.answers(900)
        #expect(even.values.reduce(0, +) == 900)
        // Six standard deviations around 300.
        for region in 1...3 { #expect((215...385).contains(even[region] ?? 0), "\(even)") }
        try await lab.goDark(1)
        try await lab.waitUntil("loss of r1") {
          try await LabEvents.read(from: lab).contains { $0.kind == "connections-cut" }
        }
        let rest = try await lab.answers(600)
        #expect(rest[1] == nil)
        for region in 2...3 { #expect((225...375).contains(rest[region] ?? 0), "\(rest)") }
      }
    }

    @Test func `weights count, and a weight of 0 makes a standby`() async throws {
      let options = self.options {
        $0.regions = 3
        $0.service.policy = .weighted
        $0.service.weights = [80, 20, 0]
      }
      try await Lab.with(options) { lab in
        try await lab.waitUntil("answers") { (try? await lab.answers(50))?.count == 2 }
        let counts = try await lab.answers(800)
        #expect(counts[3] == nil)
        #expect((570...710).contains(counts[1] ?? 0), "\(counts)")
        try await lab.goDark(1)
        try await lab.goDark(2)
        try await lab.waitUntilServing(by: 3)
      }
    }

    @Test func `all connections of a client go to one region with source-hash`() async throws {
      try await Lab.with(
        self.options {
          $0.service.policy = .sourceHash; $0.regions = 3
        }
      ) { lab in
        try await lab.waitUntil("an answer") { (try? await lab.answers(1))?.isEmpty == false }
        #expect(try await lab.answers(100).count == 1)
      }
    }

    @Test(.enabled(if: LabRequirements.has("wrk")))
    func `drain, undrain, a restart of the controller and other weights break no connection under load`() async throws {
      let options = self.options {
        $0.service.policy = .weighted
        $0.service.weights = [50, 50]
      }
      try await Lab.with(options) { lab in
        try await lab.waitUntilAllServe()
        let load = try await HeldLoad.start(.init(connections: 200, rate: 100), in: lab)
        for move in [Move.drain, .undrain, .controllerRestart, .reweight] {
          _ = try await move.perform(in: lab, under: load)
        }
        let outcome = try await load.stop()
        #expect(outcome.broken == 0 && outcome.resets == 0 && outcome.silent == 0 && outcome.requests.errors == 0)
        #expect(outcome.new.lost.isEmpty, "\(outcome.new.lost.prefix(5))")
      }
    }

    @Test func `a drain breaks no connection and says when none is left`() async throws {
      try await Lab.with(self.options { $0.service.policy = .primaryReplica }) { lab in
        try await lab.waitUntilServing(by: 1)
        let mark = lab.directory.path + "/connected"
        // Half a request now, the other half when the region is drained.
        let script = """
          exec 3<>/dev/tcp/\(LabLayout.virtualIP)/80; printf 'GET / HTTP/1.0\\r\\n' >&3; touch \(mark)
          until curl -s -m 1 http://\(LabLayout.virtualIP)/ | grep -q 'region r2'; do :; done
          until [ -e \(mark).go ]; do sleep 0.05; done; printf '\\r\\n' >&3; timeout 5 cat <&3
          """
        async let session = lab.exec(in: .client, ["bash", "-c", script], timeout: .seconds(60))
        try await lab.waitUntil("open connection") {
          try await lab.exec(in: .client, ["test", "-e", mark]).succeeded
        }
        try await self.post("/v1/regions/r1/drain", to: lab)
        try await lab.waitUntilServing(by: 2)
        try await lab.waitUntil("one connection that is left") {
          try await self.region("r1", of: lab).load?.connections == 1
        }
        #expect(try await self.region("r1", of: lab).drain?.state == .draining)
        _ = try await lab.exec(in: .client, ["touch", mark + ".go"]).requireSuccess()
        let output = try await session
        #expect(output.output.contains("region r1"), "\(output.output) \(output.error)")
        try await lab.waitUntil("the event 'drained'") {
          try await LabEvents.read(from: lab).contains { $0.kind == "drained" }
        }
        try await self.post("/v1/regions/r1/undrain", to: lab)
        try await lab.waitUntilServing(by: 1)
      }
    }

    @Test func `a drain's deadline cuts what is open, and the last region is not drained`() async throws {
      try await Lab.with(self.options { $0.service.policy = .primaryReplica }) { lab in
        try await lab.waitUntilServing(by: 1)
        let mark = lab.directory.path + "/connected"
        // A request without an end: a switch that is busy goes on by its cached flows for a moment, and is told to forget
        // once more then.
        let script = """
          exec 3<>/dev/tcp/\(LabLayout.virtualIP)/80; printf 'GET / HTTP/1.0\\r\\n' >&3; touch \(mark)
          for line in $(seq 200); do printf 'X-Line: %s\\r\\n' $line >&3 || break; sleep 0.05; done
          printf '\\r\\n' >&3; timeout 5 cat <&3
          """
        async let session = lab.exec(in: .client, ["bash", "-c", script], timeout: .seconds(60))
        try await lab.waitUntil("open connection") {
          try await lab.exec(in: .client, ["test", "-e", mark]).succeeded
        }
        try await self.post("/v1/regions/r1/drain?deadline-seconds=1", to: lab)
        let output = try await session
        #expect(output.error.contains("reset by peer"), "\(output.output) \(output.error)")
        #expect(
          try await LabEvents.read(from: lab).drop { $0.kind != "drain-expired" }.contains {
            $0.kind == "connections-cut" && $0.attributes["region"] == "r1"
          })
        let refusal = try await LabAPI.post("/v1/regions/r2/drain", to: lab)
        #expect(refusal.contains("last-region"), "\(refusal)")
      }
    }

    @Test func `UDP is spread, and moves when its region dies`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilAllServe()
        let path = lab.directory.controllerConfiguration()
        let good = try await lab.exec(in: .switch, ["cat", path]).output
        let members = lab.layout.regions.map { "r\($0): [\(LabLayout.memberAddress($0))]" }.joined(separator: ", ")
        let service = """
            - name: names
              virtual-ip: \(LabLayout.virtualIP)
              policy: round-robin
              listeners: [{port: 53, protocol: udp}]
              members: {\(members)}
              check: {tcp: {}, port: 80}

          """
        _ = try await lab.exec(in: .switch, ["sh", "-c", "cat > \(path)"], input: good + service).requireSuccess()
        let mark = lab.directory.path + "/asked"
        // A datagram is read with one call, which bash's own `read` does not do. Who gets no answer asks again after a
        // second, as resolvers do: a busy switch may forget a dead connection at the second attempt only.
        let script = """
          get() { timeout $1 dd bs=200 count=1 status=none <&$2; }
          until exec 3<>/dev/udp/\(LabLayout.virtualIP)/53 && echo >&3 && [ "$(get 0.5 3)" ]; do :; done
          for i in $(seq 10 29); do eval "exec $i<>/dev/udp/\(LabLayout.virtualIP)/53"; done
          try() { echo >&$2; get $1 $2; }
          ask() { for i in $(seq 10 29); do answer=$(try 1 $i || try 3 $i); echo "${answer% client*}"; done; }
          ask; touch \(mark); until [ -e \(mark).go ]; do sleep 0.05; done; ask
          """
        async let session = lab.exec(in: .client, ["bash", "-c", script], timeout: .seconds(90))
        try await lab.waitUntil("answers") { try await lab.exec(in: .client, ["test", "-e", mark]).succeeded }
        try await lab.goDark(1)
        try await lab.waitUntil("loss of r1") {
          try await LabEvents.read(from: lab).contains { $0.kind == "connections-cut" }
        }
        _ = try await lab.exec(in: .client, ["touch", mark + ".go"]).requireSuccess()
        let answers = try await session.output.split(separator: "\n")
        #expect(answers.count == 40)
        #expect(Set(answers.prefix(20)) == ["region r1", "region r2"], "UDP ports count: \(answers)")
        #expect(Set(answers.suffix(20)) == ["region r2"], "\(answers)")
      }
    }

    private func post(_ path: String, to lab: Lab) async throws {
      let answer = try await LabAPI.post(path, to: lab)
      #expect(answer.contains("\"accepted\" : true"), "\(answer)")
    }

    private func region(_ name: String, of lab: Lab) async throws -> RegionResource {
      try await LabAPI.get("/v1/regions/\(name)", as: RegionResource.self, from: lab)
    }
  }
}
