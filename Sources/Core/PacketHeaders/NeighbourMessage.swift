// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Neighbour solicitation or advertisement over Ethernet (RFC 4861, 4.3 and 4.4), with one link-layer option at most.
/// Other options are dropped.
package struct NeighbourMessage: Sendable, Equatable {
  package enum Kind: UInt8, Sendable { case solicitation = 135, advertisement = 136 }

  /// What the link-layer option holds.
  package enum OptionType: UInt8, Sendable { case source = 1, target = 2 }

  package struct Option: Sendable, Equatable {
    package var type: OptionType
    package var mac: MACAddress

    package init(_ type: OptionType, _ mac: MACAddress) {
      self.type = type
      self.mac = mac
    }
  }

  package var kind: Kind
  /// Of an advertisement: router, solicited and override in the three highest bits.
  package var flags: UInt32
  package var target: IPv6Address
  package var option: Option?

  package init(kind: Kind, flags: UInt32 = 0, target: IPv6Address, option: Option? = nil) {
    self.kind = kind
    self.flags = flags
    self.target = target
    self.option = option
  }

  /// Nil for what is truncated or another message.
  package init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let kind = reader.uint8().flatMap(Kind.init(rawValue:)), reader.uint8() == 0, reader.skip(2),
      let flags = reader.uint32(), let target = reader.ipv6()
    else { return nil }
    self.init(kind: kind, flags: flags, target: target)
    while let type = reader.uint8(), let length = reader.uint8(), length > 0 {
      if let type = OptionType(rawValue: type), length == 1, self.option == nil {
        guard let mac = reader.mac() else { return nil }
        self.option = Option(type, mac)
      } else if !reader.skip(Int(length) * 8 - 2) {
        return nil
      }
    }
  }

  /// With the checksum that goes with the addresses of its packet.
  package func bytes(from source: IPv6Address, to destination: IPv6Address) -> [UInt8] {
    var message: [UInt8] = [self.kind.rawValue, 0, 0, 0] + bigEndian(self.flags) + self.target.octets
    if let option { message += [option.type.rawValue, 1] + option.mac.octets }
    let checksum = internetChecksum(
      pseudoHeader(
        from: .v6(source), to: .v6(destination), protocolNumber: IPv6Packet.ProtocolNumber.icmp, length: message.count)
        + message)
    message.replaceSubrange(2..<4, with: bigEndian(checksum))
    return message
  }
}
