// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// A service with an IPv6 virtual IP beside one with an IPv4 virtual IP.
  @Suite struct IPv6Tests {
    private let web6 = SocketEndpoint(LabLayout.virtualIPv6, 80)

    private func options(_ change: (inout LabOptions) -> Void = { _ in }) -> LabOptions {
      var options = LabOptions()
      options.name = "isthmus-e2e"
      options.hasIPv6 = true
      options.detection.hold = .milliseconds(500)
      change(&options)
      return options
    }

    private func exec(_ host: LabHost, _ script: String, in lab: Lab) async throws -> String {
      let output = try await lab.exec(in: host, ["bash", "-c", script], timeout: .seconds(60))
      return output.output + output.error
    }

    @Test func `members see the client's own address, and both families are served`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1, at: self.web6)
        try await lab.waitUntilServing(by: 1)
        let answer = try await self.exec(.client, "curl -s -m 2 http://\(self.web6)/", in: lab)
        #expect(answer == "region r1 client 2001:db8:126::50\n")
      }
    }

    @Test func `a client that has spoken to nobody finds the address and is served, by TCP and by UDP`() async throws {
      try await Lab.with(self.options { $0.coldClient = true }) { lab in
        try await lab.waitUntilServing(by: 1, at: self.web6)
        let path = lab.directory.controllerConfiguration()
        let good = try await lab.exec(in: .switch, ["cat", path]).output
        let with53 = good.replacing(
          "- {port: 80, protocol: tcp}", with: "- {port: 80, protocol: tcp}\n      - {port: 53, protocol: udp}")
        _ = try await lab.exec(in: .switch, ["sh", "-c", "cat > \(path)"], input: with53).requireSuccess()
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2, at: self.web6)
        let region = try await lab.request(from: .coldClient, to: self.web6)
        #expect(region == 2)
        let ask = """
          exec 3<>/dev/udp/\(LabLayout.virtualIPv6)/53
          for i in 1 2 3 4 5; do echo >&3; timeout 1 dd bs=200 count=1 status=none <&3 && exit; done
          """
        let answer = try await self.exec(.coldClient, ask, in: lab)
        #expect(answer == "region r2 client 2001:db8:126::51\n")
        let neighbours = try await self.exec(.coldClient, "ip -6 neigh show \(LabLayout.virtualIPv6)", in: lab)
        #expect(neighbours.contains("\(VirtualIP.defaultMAC(for: .v6(LabLayout.virtualIPv6)))"))
      }
    }

    @Test func `the address is found, and stays found, without a controller`() async throws {
      try await Lab.with(self.options { $0.coldClient = true }) { lab in
        try await lab.waitUntilServing(by: 1, at: self.web6)
        try await lab.killController()
        let region = try await lab.request(from: .coldClient, to: self.web6)
        #expect(region == 1)
        let address = LabLayout.virtualIPv6
        // What is known of a neighbour for long is asked again, at the address itself.
        let stay = """
          mac=$(ip -6 neigh show \(address) | grep -o '0a:4a[^ ]*')
          ip -6 neigh replace \(address) dev eth0 lladdr $mac nud probe
          for i in $(seq 50); do ip -6 neigh show \(address) | grep -q REACHABLE && echo here && exit; sleep 0.1; done
          """
        let state = try await self.exec(.coldClient, stay, in: lab)
        #expect(state == "here\n")
      }
    }

    @Test func `nobody else can have the address`() async throws {
      try await Lab.with(self.options { $0.coldClient = true }) { lab in
        try await lab.waitUntilServing(by: 1, at: self.web6)
        let address = LabLayout.virtualIPv6
        let take = """
          for conf in all eth0; do echo 1 > /proc/sys/net/ipv6/conf/$conf/accept_dad; done
          ip addr add \(address)/64 dev eth0
          for i in $(seq 50); do ip -6 addr show dev eth0 | grep \(address) | grep dadfailed && exit; sleep 0.1; done
          """
        let taken = try await self.exec(.coldClient, take, in: lab)
        #expect(taken.contains("dadfailed"), "\(taken)")
        let steal = "ip addr add \(address)/128 dev ext nodad; ping -c 2 -W 1 -I \(address) 2001:db8:126::50"
        _ = try await self.exec(.gateway(2), steal, in: lab)
        let neighbours = try await self.exec(.client, "ip -6 neigh show \(address)", in: lab)
        #expect(neighbours.contains("\(VirtualIP.defaultMAC(for: .v6(address)))"), "\(neighbours)")
        let region = try await lab.request(to: self.web6)
        #expect(region == 1)
      }
    }

    @Test func `an adopted address serves from another region and still reaches its owner otherwise`() async throws {
      try await Lab.with(self.options { $0.service.adoptedFrom = 1 }) { lab in
        try await lab.waitUntilServing(by: 1, at: self.web6)
        try await lab.stopMember(1)
        try await lab.waitUntilServing(by: 2, at: self.web6)
        let ping = try await self.exec(.client, "ping -c 1 -W 2 \(LabLayout.virtualIPv6)", in: lab)
        #expect(ping.contains(" 0% packet loss"), "the owner answers what is no listener's: \(ping)")
        let own = try await self.exec(
          .gateway(1), "ping -c 1 -W 2 -I \(LabLayout.virtualIPv6) 2001:db8:126::50", in: lab)
        #expect(own.contains(" 0% packet loss"), "\(own)")
        let neighbours = try await self.exec(.client, "ip -6 neigh show \(LabLayout.virtualIPv6)", in: lab)
        #expect(neighbours.contains("\(VirtualIP.defaultMAC(for: .v6(LabLayout.virtualIPv6)))"), "\(neighbours)")
      }
    }

    @Test func `the other region serves within the bound when one dies`() async throws {
      let options = self.options()
      try await Lab.with(options) { lab in
        try await lab.waitUntilServing(by: 1, at: self.web6)
        let prober = try await lab.startProber(ProbeOptions(target: self.web6))
        try await prober.waitForAnswers(100, after: MonotonicClock.now())
        let failed = try await lab.goDark(1)
        try await prober.waitForAnswers(50, of: 2, after: failed)
        let log = try await prober.stop()
        let gap = try #require(log.unavailability(around: failed))
        #expect(gap.duration < options.detection.bound + .seconds(1))
      }
    }

    @Test func `a drain breaks no connection, and an open one to a dead region is reset`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1, at: self.web6)
        let mark = lab.directory.path + "/connected"
        let script = """
          open() { exec 3<>/dev/tcp/\(LabLayout.virtualIPv6)/80; printf 'GET / HTTP/1.0\\r\\n' >&3; touch \(mark).$1; }
          close() { until [ -e \(mark).$1.go ]; do sleep 0.05; done; printf '\\r\\n' >&3; timeout 5 cat <&3; }
          open 1; close 1; open 2; close 2
          """
        async let session = lab.exec(in: .client, ["bash", "-c", script], timeout: .seconds(60))
        try await lab.waitUntil("open connection") {
          try await lab.exec(in: .client, ["test", "-e", "\(mark).1"]).succeeded
        }
        let drain = "curl -s -m 2 -X POST http://\(LabLayout.api())/v1/regions/r1/drain"
        #expect(try await self.exec(.switch, drain, in: lab).contains("\"accepted\" : true"))
        try await lab.waitUntilServing(by: 2, at: self.web6)
        _ = try await lab.exec(in: .client, ["touch", "\(mark).1.go"]).requireSuccess()
        // The second connection leads to region 2.
        try await lab.waitUntil("open connection") {
          try await lab.exec(in: .client, ["test", "-e", "\(mark).2"]).succeeded
        }
        _ = try await self.exec(.switch, drain.replacing("drain", with: "undrain"), in: lab)
        try await lab.waitUntilServing(by: 1, at: self.web6)
        try await lab.goDark(2)
        try await lab.waitUntil("the cut") {
          try await LabEvents.read(from: lab).contains {
            $0.kind == "connections-cut" && $0.attributes["region"] == "r2"
          }
        }
        _ = try await lab.exec(in: .client, ["touch", "\(mark).2.go"]).requireSuccess()
        let output = try await session
        #expect(output.output.contains("region r1"), "\(output.output) \(output.error)")
        #expect(output.error.contains("reset by peer"), "\(output.output) \(output.error)")
      }
    }

    @Test func `a controller that starts anew finds nothing to change`() async throws {
      try await Lab.with(self.options { $0.service.policy = .sourceHash }) { lab in
        try await lab.waitUntil("answer") { try await lab.request(to: self.web6) != nil }
        try await lab.expectNothingToChangeAfterRestart()
      }
    }
  }
}
