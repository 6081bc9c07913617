// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketHeaders

/// The parts of a TCP segment (RFC 9293, 3.1) by which switches tell connections and their beginnings apart.
package struct TCPSegment: Sendable, Equatable {
  package var source: UInt16
  package var destination: UInt16
  package var flags: Flags

  package struct Flags: OptionSet, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let fin = Flags(rawValue: 1 << 0)
    package static let syn = Flags(rawValue: 1 << 1)
    package static let rst = Flags(rawValue: 1 << 2)
    package static let ack = Flags(rawValue: 1 << 4)

    package var description: String {
      let names: [(Flags, String)] = [(.syn, "SYN"), (.ack, "ACK"), (.fin, "FIN"), (.rst, "RST")]
      return names.filter { self.contains($0.0) }.map(\.1).joined(separator: "+")
    }
  }

  package init(source: UInt16, destination: UInt16, flags: Flags) {
    self.source = source
    self.destination = destination
    self.flags = flags
  }

  private static let headerLength = 20

  /// Nil if the bytes are shorter than a header. Options and data are dropped.
  init?(bytes: [UInt8]) {
    guard bytes.count >= Self.headerLength else { return nil }
    self.source = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    self.destination = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    self.flags = Flags(rawValue: bytes[13])
  }

  /// A segment without data, with the checksum that goes with the addresses of its packet.
  func bytes(from source: IPAddress, to destination: IPAddress) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: Self.headerLength)
    header.replaceSubrange(0..<4, with: octets(self.source) + octets(self.destination))
    header[12] = UInt8(Self.headerLength / 4) << 4
    header[13] = self.flags.rawValue
    let pseudoHeader = pseudoHeader(
      from: source, to: destination, protocolNumber: IPv4Packet.ProtocolNumber.tcp, length: header.count)
    header.replaceSubrange(16..<18, with: octets(internetChecksum(pseudoHeader + header)))
    return header
  }
}

private func octets(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
