// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import ServiceModel

private let north = RegionName(unchecked: "north")
private let south = RegionName(unchecked: "south")
private let edge = SwitchName(unchecked: "edge")

private func address(_ text: String) -> IPAddress { IPAddress(text)! }
private func gateway(_ text: String) -> IPv4Address { IPv4Address(text)! }

extension StatusView {
  /// Two services, two regions, one switch; all is well, the first region serves.
  static let healthy = StatusView(
    services: [
      ServiceStatus(
        name: ServiceName(unchecked: "web"), virtualIP: VirtualIP(address: address("203.0.113.10")),
        listeners: [
          .init(listener: Listener(port: 80, memberPort: 8080), targetPort: 17_080),
          .init(listener: Listener(port: 443, memberPort: 8443), targetPort: 29_443),
        ],
        policy: .primaryReplica, persistence: .connection, failback: .automatic, mode: .immediate,
        regions: [
          .init(region: north, members: [address("10.1.0.10"), address("10.1.0.11")], state: .serving),
          .init(region: south, members: [address("10.2.0.10")], state: .serving),
        ],
        switches: [.init(name: edge, shares: [RegionShare(region: north)], isHeld: false)]),
      ServiceStatus(
        name: ServiceName(unchecked: "mail"),
        virtualIP: VirtualIP(address: address("198.51.100.11"), owner: north),
        listeners: [.init(listener: Listener(port: 25), targetPort: 20_025)],
        policy: .primaryReplica, persistence: .connection, failback: .manual, mode: .heartbeat,
        regions: [
          .init(region: north, members: [address("10.1.0.25")], state: .serving),
          .init(region: south, members: [address("10.2.0.25")], state: .serving),
        ],
        switches: [.init(name: edge, shares: [RegionShare(region: north)], isHeld: false)]),
    ],
    regions: [
      RegionStatus(
        name: north, agent: .heard, lastHeard: .milliseconds(212), isCurrent: true,
        paths: [
          .init(
            switch: edge, port: .name("to-north"), address: gateway("198.51.100.11"),
            mac: MACAddress("52:54:00:00:01:01"), state: .well, isCarrying: true, roundTrip: .microseconds(412))
        ]),
      RegionStatus(
        name: south, agent: .heard, lastHeard: .milliseconds(87), isCurrent: true,
        paths: [
          .init(
            switch: edge, port: .number(3), address: gateway("198.51.100.12"),
            mac: MACAddress("52:54:00:00:02:01"), state: .well, isCarrying: true, roundTrip: .microseconds(1_730))
        ]),
    ],
    switches: [
      SwitchStatus(
        name: edge, datapath: DatapathID("00:00:50:3e:aa:dc:be:04")!, state: .programmed, version: "OpenFlow 1.5",
        description: "Nicira, Inc., Open vSwitch, 3.1.0",
        ports: [
          .init(number: 1, name: "uplink", isUp: true), .init(number: 2, name: "to-north", isUp: true),
          .init(number: 3, name: "to-south", isUp: true),
        ],
        flows: 23, groups: 5,
        connection: .init(
          peer: "203.0.113.4:51312", isEncrypted: true, role: "equal", age: .seconds(86_412),
          roundTrip: .microseconds(318), unsentBytes: 0, packetIns: 1_728_240, packetInsDropped: 0, refusals: 0))
    ])

  /// The first region is dark: traffic has moved.
  static var regionDark: StatusView {
    var view = Self.healthy
    view.regions[0].agent = .silent
    view.regions[0].lastHeard = .milliseconds(4_120)
    view.regions[0].paths[0].state = .out("3 probes lost in a row")
    view.regions[0].paths[0].isCarrying = false
    for index in view.services.indices { view.services[index].switches[0].shares = [RegionShare(region: south)] }
    return view
  }

  /// The first region is being taken out of service; the other one spreads its load.
  static var draining: StatusView {
    var view = Self.healthy
    view.regions[0].drain = RegionStatus.Drain(
      isDone: false, since: .seconds(95), left: .seconds(505), isForced: false)
    view.regions[0].load = GatewayLoadReport(
      load: GatewayLoad(packetsPerSecond: 340, kilobitsPerSecond: 2_150, connections: 12), age: .milliseconds(640))
    view.regions[0].paths[0].isCarrying = false
    for index in view.services.indices { view.services[index].switches[0].shares = [RegionShare(region: south)] }
    return view
  }

  /// The switch keeps no connections.
  static var hashing: StatusView {
    var view = Self.healthy
    view.switches[0].placement = .hash
    return view
  }

  /// One service's members are down everywhere: its last program is held. The other one is out in one region.
  static var serviceOut: StatusView {
    var view = Self.healthy
    view.services[0].regions[0].state = .out(.refused)
    view.services[0].regions[1].state = .out(.timeout)
    view.services[0].switches[0].isHeld = true
    view.services[1].regions[0].state = .returning(dampedFor: .milliseconds(41_500))
    view.services[1].switches[0].shares = [RegionShare(region: south)]
    return view
  }

  /// The controller has just started: the switch is not connected, an unknown one is.
  static var justStarted: StatusView {
    var view = Self.healthy
    for index in view.services.indices { view.services[index].switches[0].shares = [] }
    for index in view.regions.indices {
      view.regions[index].agent = .expected
      view.regions[index].lastHeard = nil
      view.regions[index].isCurrent = false
      view.regions[index].paths[0].state = .unknown
      view.regions[index].paths[0].mac = nil
      view.regions[index].paths[0].roundTrip = nil
      view.regions[index].paths[0].isCarrying = false
    }
    view.switches[0].state = .disconnected
    view.switches[0].connection = nil
    view.switches[0].version = nil
    view.switches[0].description = nil
    view.switches[0].ports = []
    view.switches[0].flows = 0
    view.switches[0].groups = 0
    view.switches.append(
      SwitchStatus(
        datapath: DatapathID(rawValue: 0xbad), state: .reading, version: "OpenFlow 1.3", ports: [], flows: 0, groups: 0)
    )
    return view
  }
}
