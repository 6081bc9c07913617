// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Who speaks to whom in an Ethernet frame with TCP or UDP over IPv4, of which the beginning is enough.
package struct TransportHeader: Sendable, Equatable {
  package var protocolNumber: UInt8
  package var source: SocketEndpoint
  package var destination: SocketEndpoint

  /// Nil for everything else, for what is truncated before the ports, and for fragments.
  package init?(frame bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard reader.skip(12), reader.uint16() == EthernetFrame.EtherType.ipv4, let versionAndLength = reader.uint8(),
      versionAndLength >> 4 == 4, versionAndLength & 0x0f >= 5, reader.skip(5), let fragment = reader.uint16(),
      fragment & 0x3fff == 0, reader.skip(1), let protocolNumber = reader.uint8(),
      protocolNumber == 6 || protocolNumber == 17, reader.skip(2),
      let source = reader.ipv4(), let destination = reader.ipv4(),
      reader.skip(Int(versionAndLength & 0x0f) * 4 - 20), let sourcePort = reader.uint16(),
      let destinationPort = reader.uint16()
    else { return nil }
    self.protocolNumber = protocolNumber
    self.source = SocketEndpoint(source, sourcePort)
    self.destination = SocketEndpoint(destination, destinationPort)
  }
}
