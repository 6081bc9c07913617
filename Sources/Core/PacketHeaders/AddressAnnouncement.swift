// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// What a machine says of an address of its own that nobody asked for: a gratuitous ARP request (RFC 5227, 3), or an
/// unsolicited neighbour advertisement (RFC 4861, 7.2.6). Every bridge that it passes learns where the MAC address is.
package enum AddressAnnouncement {
  package static func frame(_ address: IPAddress, at mac: MACAddress) -> EthernetFrame {
    switch address {
    case .v4(let address):
      let packet = ARPPacket(
        operation: .request, senderMAC: mac, senderIP: address, targetMAC: MACAddress(rawValue: 0), targetIP: address)
      return EthernetFrame(
        destination: .broadcast, source: mac, type: EthernetFrame.EtherType.arp, payload: packet.bytes)
    case .v6(let address):
      let override: UInt32 = 1 << 29
      let advertisement = NeighbourMessage(
        kind: .advertisement, flags: override, target: address, option: NeighbourMessage.Option(.target, mac))
      let packet = IPv6Packet(
        hopLimit: 255, protocolNumber: IPv6Packet.ProtocolNumber.icmp, source: address, destination: .allNodes,
        payload: advertisement.bytes(from: address, to: .allNodes))
      return EthernetFrame(
        destination: MACAddress(rawValue: 0x3333_0000_0001), source: mac, type: EthernetFrame.EtherType.ipv6,
        payload: packet.bytes)
    }
  }
}
