// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// ICMP and ICMPv6: echo, and errors that belong to a connection.
  @Suite struct ControlMessageTests {
    private func options(_ change: (inout LabOptions) -> Void = { _ in }) -> LabOptions {
      var options = LabOptions()
      options.name = "isthmus-e2e"
      options.hasIPv6 = true
      options.detection.hold = .milliseconds(500)
      change(&options)
      return options
    }

    /// Nil: connection tracking. Elsewhere the controller translates errors.
    private static let placements: [Placement?] = [nil, .hash, .reactive]
    private static let addresses: [IPAddress] = [.v4(LabLayout.virtualIP), .v6(LabLayout.virtualIPv6)]

    private func exec(_ host: LabHost, _ script: String, in lab: Lab) async throws -> String {
      let output = try await lab.exec(in: host, ["bash", "-c", script], timeout: .seconds(60))
      return output.output + output.error
    }

    @Test(arguments: addresses.prefix(1))
    func `an echo request is answered as long as a region serves`(address: IPAddress) async throws {
      try await Lab.with(self.options()) { lab in
        try await lab.waitUntilServing(by: 1, at: SocketEndpoint(address, 80))
        let ping = "ping -c 3 -i 0.2 -W 1 -s 1000 \(address)"
        let first = try await self.exec(.client, ping, in: lab)
        #expect(first.contains(" 0% packet loss"), "\(first)")
        let gateway = try await self.exec(.client, ping.replacing("\(address)", with: self.gateway(address)), in: lab)
        #expect(gateway.contains(" 0% packet loss"), "a gateway itself is answered for as before: \(gateway)")
        try await lab.goDark(1)
        try await lab.waitUntilServing(by: 2, at: SocketEndpoint(address, 80))
        let second = try await self.exec(.client, ping, in: lab)
        #expect(second.contains(" 0% packet loss"), "\(second)")
        try await lab.goDark(2)
        try await lab.waitUntil("silence") { try await self.exec(.client, ping, in: lab).contains(" 100% packet loss") }
      }
    }

    private func gateway(_ address: IPAddress) -> String {
      address.family == .v4 ? "\(LabLayout.gatewayAddress(2))" : "\(LabLayout.gatewayIPv6(2))"
    }

    /// Beyond the client is a network of smaller packets, and the client tells the region that serves so.
    @Test(arguments: addresses, placements)
    func `what is too big for a router on the clients' side is sent again in smaller packets`(
      address: IPAddress, placement: Placement?
    ) async throws {
      try await Lab.with(self.options { $0.placement = placement }) { lab in
        try await lab.waitUntilServing(by: 1, at: SocketEndpoint(address, 80))
        for region in lab.layout.regions {
          _ = try await self.exec(
            .gateway(region),
            "ip route add 10.77.0.0/24 via 172.20.126.50; ip route add 2001:db8:77::/64 via 2001:db8:126::50", in: lab)
        }
        let script = """
          unshare -n sleep 30 & far=$!
          until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
          ip link add far type veth peer name eth0 netns $far
          ip link set far mtu 1300 up; ip addr add 10.77.0.1/24 dev far; ip addr add 2001:db8:77::1/64 dev far nodad
          echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
          nsenter -t $far -n bash -c '
            echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad; ethtool -K eth0 tx off > /dev/null
            ip link set eth0 up; ip addr add 10.77.0.2/24 dev eth0; ip addr add 2001:db8:77::2/64 dev eth0 nodad
            ip route add default via 10.77.0.1; ip route add ::/0 via 2001:db8:77::1
            curl -s -m 10 -o /dev/null -w "%{http_code} %{size_download}" \
              http://\(SocketEndpoint(address, 80))/large'
          kill $far
          """
        let answer = try await self.exec(.client, script, in: lab)
        #expect(answer.hasPrefix("200 300000"), "\(answer)")
      }
    }

    /// Behind the gateway is a network of smaller packets, and the gateway tells the client so. By connection tracking
    /// IPv4 only: Open vSwitch 3.1 spoils the source address that a translated ICMPv6 error quotes.
    @Test(arguments: placements, addresses)
    func `what is too big for the network behind a gateway is sent again in smaller packets`(
      placement: Placement?, address: IPAddress
    ) async throws {
      guard placement != nil || address.family == .v4 else { return }
      try await Lab.with(self.options { $0.placement = placement }) { lab in
        try await lab.waitUntilServing(by: 1, at: SocketEndpoint(address, 80))
        _ = try await self.exec(.gateway(1), "ip link set int mtu 1300", in: lab)
        let script = """
          head -c 300000 /dev/zero |
            curl -s -m 10 -o /dev/null -w '%{http_code} %{size_upload}' -H 'Expect:' --data-binary @- \
              http://\(SocketEndpoint(address, 80))/
          """
        let answer = try await self.exec(.client, script, in: lab)
        #expect(answer.hasPrefix("200 300000"), "\(answer)")
      }
    }
  }
}
