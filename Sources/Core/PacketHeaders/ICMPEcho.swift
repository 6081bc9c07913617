// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// An ICMP or ICMPv6 echo or echo reply (RFC 792; RFC 4443, 4).
package struct ICMPEcho: Sendable, Equatable {
  package enum Kind: UInt8, Sendable, CaseIterable {
    case reply = 0
    case request = 8

    package var icmpv6Type: UInt8 {
      switch self {
      case .request: 128
      case .reply: 129
      }
    }
  }

  package var kind: Kind
  package var identifier: UInt16
  package var sequence: UInt16
  package var payload: [UInt8]

  package init(kind: Kind, identifier: UInt16, sequence: UInt16, payload: [UInt8]) {
    self.kind = kind
    self.identifier = identifier
    self.sequence = sequence
    self.payload = payload
  }

  /// Nil for what is truncated or no echo.
  package init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let kind = reader.uint8().flatMap(Kind.init(rawValue:)), reader.uint8() == 0, reader.skip(2),
      let identifier = reader.uint16(), let sequence = reader.uint16()
    else { return nil }
    self.init(kind: kind, identifier: identifier, sequence: sequence, payload: reader.rest())
  }

  /// As ICMPv6; nil for what is truncated or no echo.
  package init?(icmpv6 bytes: [UInt8]) {
    guard let type = bytes.first, let kind = Kind.allCases.first(where: { $0.icmpv6Type == type }) else { return nil }
    self.init(bytes: [kind.rawValue] + bytes.dropFirst())
  }

  /// As ICMPv6, with the checksum that goes with the addresses of its packet.
  package func icmpv6(from source: IPv6Address, to destination: IPv6Address) -> [UInt8] {
    var message: [UInt8] = [self.kind.icmpv6Type, 0, 0, 0] + bigEndian(self.identifier) + bigEndian(self.sequence)
    message += self.payload
    let checksum = internetChecksum(
      pseudoHeader(
        from: .v6(source), to: .v6(destination), protocolNumber: IPv6Packet.ProtocolNumber.icmp, length: message.count)
        + message)
    message.replaceSubrange(2..<4, with: bigEndian(checksum))
    return message
  }

  package var bytes: [UInt8] {
    var message: [UInt8] = [self.kind.rawValue, 0, 0, 0] + bigEndian(self.identifier) + bigEndian(self.sequence)
    message += self.payload
    message.replaceSubrange(2..<4, with: bigEndian(internetChecksum(message)))
    return message
  }
}
