// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow

/// What became of one packet: where copies of it left, and how that came about.
package struct Passage: Sendable, Equatable {
  /// In the order in which they left.
  package internal(set) var outputs: [Output] = []
  /// In the order in which it happened.
  package internal(set) var steps: [Step] = []

  /// Copies that left by a port of the switch.
  package var sent: [Output] { self.outputs.filter { $0.port != .controller } }

  /// Copies for the controller, as messages.
  package var packetsIn: [PacketIn] { self.outputs.filter { $0.port == .controller }.map(\.packetIn) }
}

/// A copy of a packet that leaves the switch.
package struct Output: Sendable, Equatable {
  /// A port of the switch, or `.controller`.
  package var port: PortNumber
  package var packet: Packet
  package var inPort: PortNumber
  /// The flow that sent it.
  package var table: UInt8
  package var cookie: UInt64
  /// For the controller: how many bytes of it.
  package var maxLength: UInt16

  package var packetIn: PacketIn {
    let bytes = self.packet.bytes
    return PacketIn(
      totalLength: UInt16(clamping: bytes.count), reason: .action, tableID: self.table, cookie: self.cookie,
      match: [.inPort(self.inPort)], data: Array(bytes.prefix(Int(self.maxLength))))
  }
}

/// One thing that happened to a packet.
package enum Step: Sendable, Equatable, CustomStringConvertible {
  case matched(table: UInt8, priority: UInt16, cookie: UInt64)
  /// No flow of the table matched: dropped.
  case missed(table: UInt8)
  /// A group handed it to one of its buckets; nil: none of them was live.
  case group(GroupNumber, bucket: Int?)
  case tracked(ConntrackState, mark: UInt32)
  case committed(mark: UInt32)
  case wrote(MatchField)
  case left(PortNumber)
  /// Not sent, because the port is down, is not there, or is the one by which the packet came.
  case held(PortNumber)
  /// It went through more tables than a packet may.
  case gaveUp

  package var description: String {
    switch self {
    case .matched(let table, let priority, let cookie):
      "table \(table): flow of priority \(priority), cookie 0x\(String(cookie, radix: 16))"
    case .missed(let table): "table \(table): no flow, dropped"
    case .group(let number, let bucket?): "group \(number): bucket \(bucket)"
    case .group(let number, nil): "group \(number): no bucket is live, dropped"
    case .tracked(let state, let mark): "tracked: \(text(state)), mark \(mark)"
    case .committed(let mark): "committed with mark \(mark)"
    case .wrote(let field): "wrote \(field)"
    case .left(let port): "left by port \(port)"
    case .held(let port): "not sent by port \(port)"
    case .gaveUp: "went through too many tables, dropped"
    }
  }
}

private func text(_ state: ConntrackState) -> String {
  let names: [(ConntrackState, String)] = [
    (.tracked, "trk"), (.new, "new"), (.established, "est"), (.related, "rel"), (.reply, "rpl"), (.invalid, "inv"),
    (.sourceNAT, "snat"), (.destinationNAT, "dnat"),
  ]
  return names.filter { state.contains($0.0) }.map { "+" + $0.1 }.joined()
}
