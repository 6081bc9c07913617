// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// An untagged Ethernet II frame.
package struct EthernetFrame: Sendable, Equatable {
  package static let headerLength = 14

  package var destination: MACAddress
  package var source: MACAddress
  package var type: UInt16
  package var payload: [UInt8]

  package enum EtherType {
    package static let ipv4: UInt16 = 0x0800
    package static let arp: UInt16 = 0x0806
    package static let ipv6: UInt16 = 0x86dd
  }

  package init(destination: MACAddress, source: MACAddress, type: UInt16, payload: [UInt8]) {
    self.destination = destination
    self.source = source
    self.type = type
    self.payload = payload
  }

  /// Nil if the bytes are shorter than a header.
  package init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let destination = reader.mac(), let source = reader.mac(), let type = reader.uint16() else { return nil }
    self.init(destination: destination, source: source, type: type, payload: reader.rest())
  }

  /// The frame without padding: a switch pads what is shorter than the wire allows.
  package var bytes: [UInt8] {
    self.destination.octets + self.source.octets + bigEndian(self.type) + self.payload
  }
}
