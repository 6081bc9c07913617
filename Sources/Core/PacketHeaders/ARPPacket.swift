// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Address resolution for IPv4 over Ethernet (RFC 826).
package struct ARPPacket: Sendable, Equatable {
  package enum Operation: UInt16, Sendable { case request = 1, reply = 2 }

  package var operation: Operation
  package var senderMAC: MACAddress
  package var senderIP: IPv4Address
  package var targetMAC: MACAddress
  package var targetIP: IPv4Address

  package init(
    operation: Operation, senderMAC: MACAddress, senderIP: IPv4Address, targetMAC: MACAddress, targetIP: IPv4Address
  ) {
    self.operation = operation
    self.senderMAC = senderMAC
    self.senderIP = senderIP
    self.targetMAC = targetMAC
    self.targetIP = targetIP
  }

  /// Nil for what is truncated, another hardware or protocol type, or another operation.
  package init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard reader.uint16() == 1, reader.uint16() == EthernetFrame.EtherType.ipv4, reader.uint8() == 6,
      reader.uint8() == 4, let operation = reader.uint16().flatMap(Operation.init(rawValue:)),
      let senderMAC = reader.mac(), let senderIP = reader.ipv4(), let targetMAC = reader.mac(),
      let targetIP = reader.ipv4()
    else { return nil }
    self.init(
      operation: operation, senderMAC: senderMAC, senderIP: senderIP, targetMAC: targetMAC, targetIP: targetIP)
  }

  package var bytes: [UInt8] {
    bigEndian(UInt16(1)) + bigEndian(EthernetFrame.EtherType.ipv4) + [6, 4] + bigEndian(self.operation.rawValue)
      + self.senderMAC.octets + self.senderIP.octets + self.targetMAC.octets + self.targetIP.octets
  }
}
