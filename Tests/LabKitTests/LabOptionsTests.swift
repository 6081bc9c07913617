// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import LabKit
import ServiceModel
import Testing

struct LabOptionsTests {
  @Test func theLayoutIsTheThesissFigure() {
    let layout = LabLayout(name: "x", regionCount: 2, hasColdClient: false)
    #expect(layout.hosts.map(\.description) == ["switch", "client", "r1-gw", "r1-member", "r2-gw", "r2-member"])
    #expect(layout.namespace(of: .gateway(2)) == "x-r2-gw")
    #expect(layout.host(named: "r2-member") == .member(2))
    #expect(layout.host(named: "r3-member") == nil)
    #expect("\(LabLayout.virtualIP) \(LabLayout.probeAddress)" == "172.20.126.100 172.20.126.5")
    #expect("\(LabLayout.gatewayAddress(1)) \(LabLayout.gatewayAddress(16))" == "172.20.126.11 172.20.126.26")
    #expect("\(LabLayout.memberAddress(1)) \(LabLayout.gatewayInsideAddress(16))" == "192.168.101.3 192.168.116.1")
    #expect("\(layout.agentEndpoint(2)) \(LabLayout.controllerAddress)" == "10.99.2.2:6655 10.99.0.1")
    #expect(LabLayout.port(of: .client) == 1 && LabLayout.port(of: .gateway(16)) == 17)
  }

  @Test func theControllersFileSaysWhatTheOptionsSay() {
    var options = LabOptions()
    options.detection.hold = .zero
    options.service.adoptedFrom = 1
    options.service.mode = .heartbeat
    #expect(
      options.controllerConfiguration() == """
        controller:
          openflow: 0.0.0.0:6653
          agents: 0.0.0.0:6654
          api: 127.0.0.1:8080
          floodlight: {listen: "0.0.0.0:8085"}
          store: controller-1.store
        detection:
          heartbeat-interval: 100ms
          misses: 3
          rise: 3
          hold: 0s
          probe: icmp
          damping: none
        regions:
          - name: r1
            key-file: r1.key
            management: 10.99.1.2:6655
          - name: r2
            key-file: r2.key
            management: 10.99.2.2:6655
        switches:
          - name: edge
            datapath: 00:00:00:00:00:00:00:01
            probe-address: 172.20.126.5
            forwarding: normal
            gateways:
              - {region: r1, port: 2, address: 172.20.126.100}
              - {region: r2, port: 3, address: 172.20.126.12}
        services:
          - name: web
            virtual-ip: 172.20.126.100
            adopted-from: r1
            policy: primary-replica
            failback: automatic
            detection: heartbeat
            listeners:
              - {port: 80, protocol: tcp}
            members:
              r1: [192.168.101.3]
              r2: [192.168.102.3]
            check: {http: {path: /, status: 200}, interval: 100ms, timeout: 100ms, fall: 3, rise: 2}

        """)
  }

  @Test func extraServicesHaveAddressesOfTheirOwn() {
    var options = LabOptions()
    options.service.extraServices = 1_000
    let addresses = options.controllerConfiguration().split(separator: "\n").filter { $0.contains("virtual-ip:") }
    #expect(Set(addresses).count == 1_001)
    #expect(addresses[1].hasSuffix("172.20.127.1") && addresses[1_000].hasSuffix("172.20.130.250"))
  }

  @Test(arguments: [("", 2), ("Upper", 2), ("a/b", 2), (String(repeating: "a", count: 33), 2), ("a", 0), ("a", 17)])
  func nonsenseIsRefusedBeforeAnythingIsTouched(name: String, regions: Int) async {
    var options = LabOptions()
    options.name = name
    options.regions = regions
    await #expect {
      try await Lab.up(options)
    } throws: { error in
      if case LabError.badOption = error { true } else { false }
    }
  }
}
