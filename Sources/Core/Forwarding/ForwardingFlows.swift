// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import PacketHeaders

/// The flows of a switch that forwards by flows, and how they go.
enum ForwardingFlows {
  /// What is there from the beginning: probes of links and unknown packets come to the controller, and what concerns
  /// two neighbours only (IEEE 802.1Q, 8.6.3) stays between them.
  static func base(table: UInt8) -> [MessageBody] {
    let toController: [Instruction] = [.applyActions([.output(.controller)])]
    return [
      .flowMod(
        FlowMod(
          tableID: table, priority: TableLayout.Forward.linkProbe, cookie: ForwardingCookie.base,
          match: [.ethernetType(LLDPDataUnit.etherType)], instructions: toController)),
      .flowMod(
        FlowMod(
          tableID: table, priority: TableLayout.Forward.linkLocal, cookie: ForwardingCookie.base,
          match: [.ethernetDestination(FrameHeader.linkLocal, mask: FrameHeader.linkLocalMask)])),
      .flowMod(
        FlowMod(
          tableID: table, priority: TableLayout.Forward.miss, cookie: ForwardingCookie.base,
          instructions: toController)),
    ]
  }

  /// Removes all learnt flows whose cookie has the bits of `cookie` in `mask`.
  static func forget(_ cookie: UInt64, mask: UInt64, table: UInt8) -> MessageBody {
    .flowMod(FlowMod(command: .delete, tableID: table, cookie: cookie, cookieMask: mask))
  }

  /// Removes all learnt flows of packets that came by a port.
  static func forget(from port: PortNumber, table: UInt8) -> MessageBody {
    .flowMod(
      FlowMod(
        command: .delete, tableID: table, cookie: ForwardingCookie.learnt, cookieMask: ForwardingCookie.learntMask,
        match: [.inPort(port)]))
  }

  /// Removes all learnt flows to and from a host.
  static func forget(_ host: HostAddress, table: UInt8) -> [MessageBody] {
    [MatchEntry.ethernetDestination(host.mac), .ethernetSource(host.mac)].map { end in
      var match = Match([end])
      // Tagged with VLAN 0 or without a tag a host is the same.
      if host.vlan != 0 { match.insert(.vlanID(host.vlan)) }
      return .flowMod(
        FlowMod(
          command: .delete, tableID: table, cookie: ForwardingCookie.learnt, cookieMask: ForwardingCookie.learntMask,
          match: match))
    }
  }

  /// Removes learnt flows of every other generation: those whose cookie differs in one bit at least.
  static func forgetOthers(than generation: UInt64, table: UInt8) -> [MessageBody] {
    (0..<ForwardingCookie.generationBits).map { bit in
      let bit = UInt64(1) << (ForwardingCookie.generationShift + bit)
      return self.forget(
        ForwardingCookie.learnt | ~generation & bit, mask: ForwardingCookie.learntMask | bit, table: table)
    }
  }
}
