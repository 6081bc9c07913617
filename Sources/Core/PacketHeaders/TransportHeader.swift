// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Who speaks to whom in an Ethernet frame with TCP or UDP, of which the beginning is enough.
package struct TransportHeader: Sendable, Equatable {
  package var protocolNumber: UInt8
  package var source: SocketEndpoint
  package var destination: SocketEndpoint
  /// TCP flags (RFC 9293, 3.1); none for UDP, and for what is truncated before them.
  package var flags: UInt8

  package init(protocolNumber: UInt8, source: SocketEndpoint, destination: SocketEndpoint, flags: UInt8 = 0) {
    self.protocolNumber = protocolNumber
    self.source = source
    self.destination = destination
    self.flags = flags
  }

  /// It may begin a TCP connection: SYN without ACK.
  package var isBeginning: Bool { self.flags & 0x12 == 0x02 }

  /// Nil for everything else, for what is truncated before the ports, for fragments, and for IPv6 with extension
  /// headers.
  package init?(frame bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard reader.skip(12), let type = reader.uint16() else { return nil }
    let addresses: (protocolNumber: UInt8, source: IPAddress, destination: IPAddress)?
    switch type {
    case EthernetFrame.EtherType.ipv4: addresses = Self.ipv4(&reader)
    case EthernetFrame.EtherType.ipv6: addresses = Self.ipv6(&reader)
    default: return nil
    }
    guard let addresses, [6, 17].contains(addresses.protocolNumber), let sourcePort = reader.uint16(),
      let destinationPort = reader.uint16()
    else { return nil }
    self.init(
      protocolNumber: addresses.protocolNumber, source: SocketEndpoint(addresses.source, sourcePort),
      destination: SocketEndpoint(addresses.destination, destinationPort))
    if addresses.protocolNumber == 6, reader.skip(9), let flags = reader.uint8() { self.flags = flags }
  }

  private static func ipv4(_ reader: inout ByteReader) -> (UInt8, IPAddress, IPAddress)? {
    guard let versionAndLength = reader.uint8(), versionAndLength >> 4 == 4, versionAndLength & 0x0f >= 5,
      reader.skip(5), let fragment = reader.uint16(), fragment & 0x3fff == 0, reader.skip(1),
      let protocolNumber = reader.uint8(), reader.skip(2), let source = reader.ipv4(),
      let destination = reader.ipv4(), reader.skip(Int(versionAndLength & 0x0f) * 4 - 20)
    else { return nil }
    return (protocolNumber, .v4(source), .v4(destination))
  }

  private static func ipv6(_ reader: inout ByteReader) -> (UInt8, IPAddress, IPAddress)? {
    guard let version = reader.uint8(), version >> 4 == 6, reader.skip(5), let protocolNumber = reader.uint8(),
      reader.skip(1), let source = reader.ipv6(), let destination = reader.ipv6()
    else { return nil }
    return (protocolNumber, .v6(source), .v6(destination))
  }
}
