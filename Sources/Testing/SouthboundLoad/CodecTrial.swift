// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Glibc
import NIOCore
package import OpenFlow

/// Encodes, or decodes, one FLOW_MOD over and over.
package enum CodecTrial: String, Sendable, CaseIterable {
  case encode, decode

  /// A redirection as a service has it: six fields matched, three set, in OpenFlow 1.3 156 bytes on the wire.
  package static let flowMod = FlowMod(
    command: .add, tableID: 2, priority: 100, cookie: 0x4953_5448,
    match: [
      .inPort(PortNumber(3)), .ethernetType(0x0800), .ipProtocol(6), .ipv4Source(IPv4Address(rawValue: 0xac14_7e0b)),
      .ipv4Destination(IPv4Address(rawValue: 0xac14_7e32)), .tcpSource(20_001),
    ],
    instructions: [
      .applyActions([
        .setField(.ethernetSource(MACAddress(rawValue: 0x0200_0000_0001))),
        .setField(.ipv4Source(IPv4Address(rawValue: 0xac14_7e64))), .setField(.tcpSource(80)),
        .output(PortNumber(1)),
      ]), .gotoTable(4),
    ])

  /// Does it that often.
  ///
  /// - Returns: how long one took.
  /// - Throws: if it fails, which it never does.
  package func run(_ iterations: Int) throws -> Duration {
    let message = Message(xid: 1, .flowMod(Self.flowMod))
    var bytes = ByteBuffer()
    try message.encode(into: &bytes, version: .v1_3)
    // Between this mark and the next `scripts/codec-costs` counts.
    sched_yield()
    let start = ContinuousClock.now
    switch self {
    case .encode:
      var buffer = ByteBuffer()
      buffer.reserveCapacity(bytes.readableBytes)
      for _ in 0..<iterations {
        buffer.clear()
        try message.encode(into: &buffer, version: .v1_3)
      }
      precondition(buffer == bytes, "a message is not encoded the same each time")
    case .decode:
      for _ in 0..<iterations {
        guard try Message.decode(from: bytes, version: .v1_3).xid == 1 else { preconditionFailure("another xid") }
      }
    }
    let end = ContinuousClock.now
    sched_yield()
    return (end - start) / iterations
  }
}
