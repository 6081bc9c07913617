// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import OpenFlow

/// Writes flows into a real switch and measures how long until it has them all.
package enum FlowInstallation {
  /// Flows that differ, each with two actions: from one address to another, out of port 1.
  package static func flows(_ count: Int) -> [FlowMod] {
    (0..<count).map { number in
      FlowMod(
        command: .add, tableID: 200, priority: 100, cookie: UInt64(number),
        match: [
          .ethernetType(0x0800), .ipv4Source(address(0x0a00_0000, number)),
          .ipv4Destination(address(0x0b00_0000, number)),
        ],
        instructions: [
          .applyActions([.setField(.ipv4Destination(address(0x0c00_0000, number))), .output(PortNumber(1))])
        ])
    }
  }

  /// The same as `ovs-ofctl add-flows` reads them.
  package static func text(_ count: Int) -> String {
    (0..<count).map { number in
      """
      table=200,priority=100,cookie=\(number),ip,nw_src=\(address(0x0a00_0000, number)),\
      nw_dst=\(address(0x0b00_0000, number)),\
      actions=set_field:\(address(0x0c00_0000, number))->ip_dst,output:1

      """
    }.joined()
  }

  private static func address(_ base: UInt32, _ number: Int) -> IPv4Address {
    IPv4Address(rawValue: base | UInt32(number & 0xff_ffff))
  }

  /// - Parameter socket: of a switch's bridge, as `/run/openvswitch/br0.mgmt`.
  /// - Returns: from the first FLOW_MOD's encoding to the answer to the barrier behind the last one.
  package static func measure(_ flows: [FlowMod], socket: String) async throws -> Duration {
    try await SwitchSocket.with(socket, version: .v1_3) { connection in
      let start = ContinuousClock.now
      try await connection.perform(flows.map(MessageBody.flowMod))
      return ContinuousClock.now - start
    }
  }
}
