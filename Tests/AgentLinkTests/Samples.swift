// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import NIOCore
import ServiceModel

enum Samples {
  static let east = RegionName(unchecked: "east")
  static let west = RegionName(unchecked: "west")
  static let regionKey = RegionKey(bytes: [UInt8](0..<32))!
  static let otherKey = RegionKey(bytes: [UInt8](repeating: 7, count: 32))!
  static let key = regionKey.heartbeatKey

  static func heartbeat(
    boot: UInt64 = 1_700_000_000_000_000, sequence: UInt64 = 42, sessions: [UInt64] = [0xfeed_face_cafe_beef]
  ) -> Heartbeat {
    Heartbeat(
      region: east,
      instance: AgentInstance(
        name: InstanceName(unchecked: "gw-1"), role: .active, mac: MACAddress(rawValue: 0x0200_5e00_0101)),
      boot: boot, sequence: sequence, assignment: 0x0123_4567_89ab_cdef, leaving: true, isPartial: true,
      services: [
        ServiceReport(target: 16384, state: .unknown, lastGoodAge: nil),
        ServiceReport(target: 20000, state: .up, lastGoodAge: .milliseconds(12)),
        ServiceReport(target: 32767, state: .down(.timeout), lastGoodAge: .seconds(4000)),
      ],
      sessions: sessions,
      peers: [PeerReport(region: west, sequence: 99, age: .microseconds(1))],
      load: GatewayLoadReport(
        load: GatewayLoad(
          packetsPerSecond: 12_345, kilobitsPerSecond: 98_765, connections: 2_000,
          services: [
            ServiceLoad(target: 16384, connections: 1_999, cpu: 1000), ServiceLoad(target: 20000, connections: 1),
          ]),
        age: .milliseconds(250)))
  }

  static let reply = HeartbeatReply(
    region: east, boot: 3, sequence: 4, session: 5, assignment: 6, bootFloor: 7)

  static let assignment = Assignment(
    region: east, heartbeatInterval: .milliseconds(100), gateways: [IPAddress("192.0.2.1")!],
    services: [
      AssignedService(
        name: ServiceName(unchecked: "web"), targets: [Target(transport: .tcp, port: 16500, memberPort: 80)],
        members: [IPAddress("10.0.0.2")!],
        check: Check(
          method: .http(path: "/health", status: 200...399, host: "example.org"), interval: .milliseconds(500),
          timeout: .milliseconds(500), fall: 3, rise: 2),
        mode: .heartbeat,
        clientAddress: .automatic)
    ],
    peers: [AssignedPeer(region: west, endpoint: SocketEndpoint("198.51.100.2:7946")!, key: otherKey.peerKey)])
}

extension ByteBuffer {
  /// The readable bytes with the byte at `index` changed by `mask`.
  func flipping(_ mask: UInt8, at index: Int) -> ByteBuffer {
    var bytes = Array(self.readableBytesView)
    bytes[index] ^= mask
    return ByteBuffer(bytes: bytes)
  }
}
