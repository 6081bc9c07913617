// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// An IPv4 packet without options (RFC 791). Options of a received packet are skipped.
package struct IPv4Packet: Sendable, Equatable {
  package enum ProtocolNumber {
    package static let icmp: UInt8 = 1
    package static let tcp: UInt8 = 6
  }

  package var timeToLive: UInt8
  package var protocolNumber: UInt8
  package var source: IPv4Address
  package var destination: IPv4Address
  package var payload: [UInt8]

  package init(
    timeToLive: UInt8 = 64, protocolNumber: UInt8, source: IPv4Address, destination: IPv4Address, payload: [UInt8]
  ) {
    self.timeToLive = timeToLive
    self.protocolNumber = protocolNumber
    self.source = source
    self.destination = destination
    self.payload = payload
  }

  /// Nil for what is truncated, no IPv4, or a fragment. The checksum was the switch's affair.
  package init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let versionAndLength = reader.uint8(), versionAndLength >> 4 == 4,
      reader.skip(1), let totalLength = reader.uint16(), reader.skip(2), let fragment = reader.uint16(),
      fragment & 0x3fff == 0, let timeToLive = reader.uint8(), let protocolNumber = reader.uint8(), reader.skip(2),
      let source = reader.ipv4(), let destination = reader.ipv4()
    else { return nil }
    let headerLength = Int(versionAndLength & 0x0f) * 4
    let payloadLength = Int(totalLength) - headerLength
    guard headerLength >= 20, payloadLength >= 0, reader.skip(headerLength - 20) else { return nil }
    let rest = reader.rest()
    guard rest.count >= payloadLength else { return nil }
    self.init(
      timeToLive: timeToLive, protocolNumber: protocolNumber, source: source, destination: destination,
      payload: Array(rest.prefix(payloadLength)))
  }

  /// - Precondition: at most 65,515 bytes of payload.
  package var bytes: [UInt8] {
    var header: [UInt8] = [0x45, 0]
    header += bigEndian(UInt16(20 + self.payload.count)) + [0, 0, 0x40, 0]
    header += [self.timeToLive, self.protocolNumber, 0, 0] + self.source.octets + self.destination.octets
    header.replaceSubrange(10..<12, with: bigEndian(internetChecksum(header)))
    return header + self.payload
  }
}

/// The ones' complement of the ones' complement sum of 16-bit words (RFC 1071).
package func internetChecksum(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt32 = 0
  for (index, byte) in bytes.enumerated() {
    sum &+= UInt32(byte) << (index % 2 == 0 ? 8 : 0)
    sum = (sum & 0xffff) &+ (sum >> 16)
  }
  return ~UInt16(truncatingIfNeeded: sum)
}
