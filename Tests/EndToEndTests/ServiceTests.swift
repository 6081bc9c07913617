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
  @Suite struct ServiceTests {
    private func options(_ change: (inout LabOptions) -> Void = { _ in }) -> LabOptions {
      var options = LabOptions()
      options.name = "isthmus-e2e"
      options.detection.hold = .milliseconds(500)
      change(&options)
      return options
    }

    @Test func `members see the client's own address`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        let answer = try await lab.exec(in: .client, ["curl", "-s", "-m", "2", "http://\(LabLayout.virtualIP)/"])
        #expect(answer.output.contains("client \(LabLayout.clientAddress)"))
      }
    }

    @Test func `a client that has spoken to nobody is served while the primary region is dark`() async throws {
      try await Lab.with(self.options { $0.coldClient = true }) { lab in
        try await lab.waitUntilServing(by: 1)
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2)
        let region = try await lab.request(from: .coldClient)
        #expect(region == 2)
      }
    }

    @Test func `over mutual TLS all is as without, and the switch's connection is told to be encrypted`() async throws {
      try await Lab.with(self.options { $0.isEncrypted = true }) { lab in
        try await lab.waitUntilServing(by: 1)
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2)
        let url = "http://\(LabLayout.api())/v1/switches/\(LabLayout.bridge)"
        let answer = try await lab.exec(in: .switch, ["curl", "-s", "-m", "2", url]).requireSuccess()
        let found = try JSONDecoder().decode(SwitchResource.self, from: Data(answer.utf8))
        let connection = try #require(found.connection)
        #expect(found.version == "OpenFlow 1.5")
        #expect(connection.encrypted)
        #expect(connection.role == "equal")
        #expect(connection.packetIns > 0)
        let plain = try await lab.exec(
          in: .switch, ["curl", "-s", "-m", "2", "http://\(LabLayout.controllerAddress):\(LabLayout.openFlowPort())/"])
        #expect(!plain.succeeded, "without TLS nobody gets a word out of it: \(plain.output)")
      }
    }

    @Test func `what is no service's traffic is forwarded as before`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        for region in lab.layout.regions {
          let ping = try await lab.exec(
            in: .client, ["ping", "-c", "1", "-W", "2", "\(LabLayout.gatewayAddress(region))"])
          #expect(ping.succeeded, "\(ping.output)")
        }
      }
    }

    @Test func `an adopted address serves from another region and still reaches its owner otherwise`() async throws {
      try await Lab.with(self.options { $0.service.adoptedFrom = 1 }) { lab in
        try await lab.waitUntilServing(by: 1)
        try await lab.stopMember(1)
        try await lab.waitUntilServing(by: 2)
        let ping = try await lab.exec(in: .client, ["ping", "-c", "1", "-W", "2", "\(LabLayout.virtualIP)"])
        #expect(ping.succeeded, "the owner answers what is no listener's: \(ping.output)")
        let own = try await lab.exec(
          in: .gateway(1), ["ping", "-c", "1", "-W", "2", "-I", "\(LabLayout.virtualIP)", "\(LabLayout.clientAddress)"])
        #expect(own.succeeded, "\(own.output)")
        let neighbours = try await lab.exec(in: .client, ["ip", "neigh", "show", "\(LabLayout.virtualIP)"])
        let mac = VirtualIP.defaultMAC(for: LabLayout.virtualIP)
        #expect(neighbours.output.contains("\(mac)"), "one address, one MAC: \(neighbours.output)")
      }
    }

    @Test func `an open connection to a region that died is reset at its next packet`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        let mark = lab.directory.path + "/connected"
        let script = """
          exec 3<>/dev/tcp/\(LabLayout.virtualIP)/80; printf 'GET / HTTP/1.0\\r\\n' >&3; touch \(mark)
          until curl -s -m 1 http://\(LabLayout.virtualIP)/ | grep -q 'region r2'; do :; done
          printf '\\r\\n' >&3; timeout 3 cat <&3
          """
        async let session = lab.exec(in: .client, ["bash", "-c", script], timeout: .seconds(30))
        try await lab.waitUntil("open connection") {
          try await lab.exec(in: .client, ["test", "-e", mark]).succeeded
        }
        try await lab.goDark(1)
        let output = try await session
        #expect(output.error.contains("reset by peer"), "\(output.output) \(output.error) \(output.status)")
      }
    }

    @Test func `a switch without NORMAL forwards and fails over all the same`() async throws {
      try await Lab.with(self.options { $0.forwarding = .learning }) { lab in
        try await lab.waitUntilServing(by: 1)
        let flows = try await lab.ofctl("dump-flows", LabLayout.bridge)
        #expect(!flows.contains("NORMAL"))
        for region in lab.layout.regions {
          let ping = try await lab.exec(
            in: .client, ["ping", "-c", "2", "-W", "2", "\(LabLayout.gatewayAddress(region))"])
          #expect(ping.succeeded, "\(ping.output)")
        }
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2)
        try await lab.goLight(1)
        try await lab.waitUntilServing(by: 1)
      }
    }

    @Test func `heartbeats may go over the provider network, as in the thesis`() async throws {
      try await Lab.with(self.options { $0.heartbeatNetwork = .provider }) { lab in
        try await lab.waitUntilServing(by: 1)
        try await lab.stopMember(1)
        try await lab.waitUntilServing(by: 2)
        try await lab.startMember(1)
        try await lab.waitUntilServing(by: 1)
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2)
      }
    }

    @Test func `services behind one gateway keep apart`() async throws {
      try await Lab.with(self.options { $0.service.extraServices = 20 }) { lab in
        try await lab.waitUntilServing(by: 1)
        _ = try await lab.exec(in: .client, ["ip", "route", "add", "172.20.127.0/24", "dev", "eth0"]).requireSuccess()
        for last in ["1", "7", "20"] {
          let address = try #require(SocketEndpoint("172.20.127.\(last):80"))
          let region = try await lab.request(to: address)
          #expect(region == 1, "\(address)")
        }
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2)
        let address = try #require(SocketEndpoint("172.20.127.20:80"))
        let region = try await lab.request(to: address)
        #expect(region == 2)
      }
    }

    @Test func `flows that somebody deletes come back`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        try await lab.ofctl("del-flows", LabLayout.bridge, version: "OpenFlow15")
        try await lab.waitUntilServing(by: 1)
        try await lab.ofctl("del-groups", LabLayout.bridge, version: "OpenFlow15")
        try await lab.waitUntilServing(by: 1, timeout: .seconds(40))
      }
    }

    @Test func `noise on the OpenFlow port ends that connection and no other`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        let before = try await lab.exec(in: .switch, ["cat", lab.directory.controllerLog()]).output
        let noises = [
          #"GET / HTTP/1.1\r\n\r\n"#, #"\x01\x00\x00\x08\x00\x00\x00\x01"#, #"\x04\x00\x00\x03\x00\x00\x00\x01"#,
          #"\x04\x0e\x00\x08\x00\x00\x00\x01"#, #"\xff\xff\xff\xff\xff\xff\xff\xff"#,
        ]
        for noise in noises {
          let script = "exec 3<>/dev/tcp/10.99.0.1/6653; printf '\(noise)' >&3; timeout 3 cat <&3 | od -An -tx1"
          let answer = try await lab.exec(in: .switch, ["bash", "-c", script])
          // The HELLO of the controller and, behind it, an OFPT_ERROR (type 1).
          #expect(answer.output.contains(" 01 "), "\(noise): \(answer.output)")
        }
        let connected = try await lab.switchIsConnected()
        #expect(connected)
        let region = try await lab.request()
        #expect(region == 1)
        let after = try await lab.exec(in: .switch, ["cat", lab.directory.controllerLog()]).output
        #expect(after.split(separator: "\n").count >= before.split(separator: "\n").count + noises.count)
      }
    }

    @Test func `forged heartbeats are ignored and counted`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        // Magic, version, kind, "r1", and nothing that could be authentic.
        let forgery = #"ISTH\x01\x01\x02r1\x00\x06\x60\xdc\x3d\xa5\x30\x9a\x00\x00\x00\x00"#
        let send = "printf '\(forgery)' > /dev/udp/10.99.0.1/6654; printf 'noise' > /dev/udp/10.99.0.1/6654"
        _ = try await lab.exec(in: .gateway(2), ["bash", "-c", send]).requireSuccess()
        try await lab.waitUntil("count of ignored datagrams") {
          try await lab.exec(in: .switch, ["grep", "-q", "datagrams were ignored", lab.directory.controllerLog()])
            .succeeded
        }
        let region = try await lab.request()
        #expect(region == 1)
      }
    }

    @Test func `a configuration that is wrong is refused and what runs stays`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        let path = lab.directory.controllerConfiguration()
        let good = try await lab.exec(in: .switch, ["cat", path]).output
        for (bad, complaint) in [
          (good.replacing("port: 2,", with: "port: 7,"), "7"), (good.replacing("misses: 3", with: "mises: 3"), "mises"),
        ] {
          _ = try await lab.exec(in: .switch, ["sh", "-c", "cat > \(path)"], input: bad).requireSuccess()
          try await lab.waitUntil("refusal") {
            try await LabEvents.read(from: lab).contains {
              $0.kind == "configuration-rejected" && $0.message.contains(complaint)
            }
          }
          let region = try await lab.request()
          #expect(region == 1)
        }
      }
    }

    @Test func `the other region can be preferred by editing the file, and connections are not lost`() async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1)
        let prober = try await lab.startProber()
        let path = lab.directory.controllerConfiguration()
        let good = try await lab.exec(in: .switch, ["cat", path]).output
        let swapped = good.replacing("policy: primary-replica", with: "policy: primary-replica\n    regions: [r2, r1]")
        _ = try await lab.exec(in: .switch, ["sh", "-c", "cat > \(path)"], input: swapped).requireSuccess()
        try await lab.waitUntilServing(by: 2)
        let log = try await prober.stop()
        #expect(log.lost.isEmpty)
      }
    }
  }
}
