// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// An IPv6 packet without extension headers (RFC 8200).
package struct IPv6Packet: Sendable, Equatable {
  package enum ProtocolNumber {
    package static let icmp: UInt8 = 58
  }

  package var hopLimit: UInt8
  package var protocolNumber: UInt8
  package var source: IPv6Address
  package var destination: IPv6Address
  package var payload: [UInt8]

  package init(
    hopLimit: UInt8 = 64, protocolNumber: UInt8, source: IPv6Address, destination: IPv6Address, payload: [UInt8]
  ) {
    self.hopLimit = hopLimit
    self.protocolNumber = protocolNumber
    self.source = source
    self.destination = destination
    self.payload = payload
  }

  /// Nil for what is truncated or no IPv6. An extension header counts as the payload's protocol.
  package init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let version = reader.uint32(), version >> 28 == 6, let length = reader.uint16(),
      let protocolNumber = reader.uint8(), let hopLimit = reader.uint8(), let source = reader.ipv6(),
      let destination = reader.ipv6(), let payload = reader.octets(Int(length))
    else { return nil }
    self.init(
      hopLimit: hopLimit, protocolNumber: protocolNumber, source: source, destination: destination, payload: payload)
  }

  /// - Precondition: at most 65,535 bytes of payload.
  package var bytes: [UInt8] {
    [0x60, 0, 0, 0] + bigEndian(UInt16(self.payload.count)) + [self.protocolNumber, self.hopLimit]
      + self.source.octets + self.destination.octets + self.payload
  }
}

/// What a checksum covers besides the message itself (RFC 8200, 8.1; RFC 9293, 3.1).
package func pseudoHeader(
  from source: IPAddress, to destination: IPAddress, protocolNumber: UInt8, length: Int
) -> [UInt8] {
  source.octets + destination.octets + bigEndian(UInt32(truncatingIfNeeded: length)) + [0, 0, 0, protocolNumber]
}
