// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Clients on a region's own segment, behind the same port of the switch as its gateway.
  @Suite struct InsideClientTests {
    private func options(_ change: (inout LabOptions) -> Void = { _ in }) -> LabOptions {
      var options = LabOptions()
      options.name = "isthmus-inside"
      options.hasIPv6 = true
      options.insideClients = true
      options.detection.hold = .milliseconds(500)
      change(&options)
      return options
    }

    private static let addresses: [IPAddress] = [.v4(LabLayout.virtualIP), .v6(LabLayout.virtualIPv6)]

    private func exec(_ host: LabHost, _ script: String, in lab: Lab) async throws -> String {
      let output = try await lab.exec(in: host, ["bash", "-c", script], timeout: .seconds(60))
      return output.output + output.error
    }

    private func waitUntilServing(
      _ lab: Lab, _ host: LabHost, by region: Int, at endpoint: SocketEndpoint
    ) async throws {
      try await lab.waitUntil("answer of r\(region) to \(host)") {
        try await lab.request(from: host, to: endpoint) == region
      }
    }

    @Test(arguments: addresses)
    func `they are served by their own region, by another one and over a failover`(address: IPAddress) async throws {
      try await Lab.with(self.options()) { lab in
        let web = SocketEndpoint(address, 80)
        try await lab.waitUntilServing(by: 1, at: web)
        #expect(try await lab.request(from: .insideClient(1), to: web) == 1, "its own region")
        #expect(try await lab.request(from: .insideClient(2), to: web) == 1, "another region")
        #expect(try await lab.request(from: .gateway(1), to: web) == 1, "the gateway that serves itself")
        #expect(try await lab.request(from: .gateway(2), to: web) == 1, "another gateway")
        let large = "curl -s -m 10 -o /dev/null -w '%{http_code} %{size_download}' http://\(web)/large"
        #expect(try await self.exec(.insideClient(1), large, in: lab) == "200 300000")
        // Straight to the gateway, on the segment and not by the switch, as before.
        #expect(
          try await self.exec(.insideClient(1), "ping -c 1 -W 2 \(LabLayout.gatewayAddress(1))", in: lab)
            .contains(" 0% packet loss"))
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2, at: web)
        #expect(try await lab.request(from: .insideClient(1), to: web) == 2)
        #expect(try await lab.request(from: .insideClient(2), to: web) == 2)
        #expect(try await lab.request(from: .client, to: web) == 2)
        try await lab.goLight(1)
        try await self.waitUntilServing(lab, .insideClient(1), by: 1, at: web)
      }
    }

    /// A member has its gateway as its router, and calls the service that it is a member of.
    @Test func `a member is served by way of its own gateway`() async throws {
      try await Lab.with(self.options { $0.insideClients = false }) { lab in
        try await lab.waitUntilServing(by: 1)
        #expect(try await lab.request(from: .member(1)) == 1)
      }
    }

    @Test(arguments: addresses)
    func `a drain breaks no connection of theirs, and an open one to a dead region is reset`(
      address: IPAddress
    ) async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1, at: SocketEndpoint(address, 80))
        let mark = lab.directory.path + "/connected"
        let script = """
          open() { exec 3<>/dev/tcp/\(address)/80; printf 'GET / HTTP/1.0\\r\\n' >&3; touch \(mark).$1; }
          close() { until [ -e \(mark).$1.go ]; do sleep 0.05; done; printf '\\r\\n' >&3; timeout 5 cat <&3; }
          open 1; close 1; open 2; close 2
          """
        async let session = lab.exec(in: .insideClient(1), ["bash", "-c", script], timeout: .seconds(60))
        try await self.wait(for: "\(mark).1", in: lab)
        let drain = "curl -s -m 2 -X POST http://\(LabLayout.api())/v1/regions/r1/drain"
        #expect(try await self.exec(.switch, drain, in: lab).contains("\"accepted\" : true"))
        try await lab.waitUntilServing(by: 2, at: SocketEndpoint(address, 80))
        #expect(try await lab.request(from: .insideClient(1), to: SocketEndpoint(address, 80)) == 2)
        _ = try await self.exec(.switch, drain.replacing("drain", with: "undrain"), in: lab)
        try await self.waitUntilServing(lab, .insideClient(1), by: 1, at: SocketEndpoint(address, 80))
        _ = try await lab.exec(in: .client, ["touch", "\(mark).1.go"]).requireSuccess()
        try await self.wait(for: "\(mark).2", in: lab)
        try await lab.goDark(1)
        try await lab.waitUntil("the cut") {
          try await LabEvents.read(from: lab).contains { $0.kind == "connections-cut" }
        }
        _ = try await lab.exec(in: .client, ["touch", "\(mark).2.go"]).requireSuccess()
        let output = try await session
        #expect(output.output.contains("region r1"), "\(output.output) \(output.error)")
        #expect(output.error.contains("reset by peer"), "\(output.output) \(output.error)")
      }
    }

    private func wait(for file: String, in lab: Lab) async throws {
      try await lab.waitUntil("open connection") { try await lab.exec(in: .client, ["test", "-e", file]).succeeded }
    }

    @Test func `a controller that starts anew finds nothing to change`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        try await lab.expectNothingToChangeAfterRestart()
      }
    }
  }
}
