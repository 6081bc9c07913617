// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// An ICMP or ICMPv6 error in an untagged Ethernet frame, and the connection of which the packet was that it quotes.
///
/// Addresses and ports can be written, as address translation has to (RFC 5508, 4.2): every other byte stays, checksums
/// are adjusted (RFC 1624), so that one that was wrong before still is.
package struct ICMPError: Sendable, Equatable {
  private var frame: [UInt8]
  private let layout: Layout

  /// Types of messages that quote what they are about: destination unreachable (with *fragmentation needed*), time
  /// exceeded and parameter problem (RFC 792); in IPv6 packet too big is a type of its own (RFC 4443).
  package static func types(_ family: IPAddress.Family) -> [UInt8] { family == .v4 ? [3, 11, 12] : [1, 2, 3, 4] }

  /// Nil for everything else, for what is truncated before the quoted ports, for fragments, for IPv6 with extension
  /// headers, and for errors about anything but TCP and UDP.
  package init?(frame: [UInt8]) {
    guard let layout = Layout(frame) else { return nil }
    self.frame = Array(frame.prefix(layout.end))
    self.layout = layout
  }

  /// The frame without padding.
  package var bytes: [UInt8] { self.frame }

  /// Who says so.
  package var source: IPAddress { self.layout.outer.source(in: self.frame) }
  /// Who sent what could not be delivered, or a translation of it.
  package var destination: IPAddress { self.layout.outer.destination(in: self.frame) }

  /// Of the packet that is quoted: its protocol, 6 or 17, and its ends.
  package var quoted: TransportHeader {
    let ports = self.layout.ports
    let inner = self.layout.inner
    return TransportHeader(
      protocolNumber: self.layout.protocolNumber,
      source: SocketEndpoint(inner.source(in: self.frame), self.frame.word(at: ports)),
      destination: SocketEndpoint(inner.destination(in: self.frame), self.frame.word(at: ports + 2)))
  }

  /// From this address, about a packet to that end.
  ///
  /// - Precondition: both have the family of the packet.
  package mutating func translate(source: IPAddress, quotedDestination end: SocketEndpoint) {
    self.checkFamily(of: source, end)
    self.write { frame, layout in
      frame.write(source.octets, at: layout.outer.sourceIndex)
      frame.write(end.address.octets, at: layout.inner.destinationIndex)
      frame.write(bigEndian(end.port), at: layout.ports + 2)
    }
  }

  /// To this address, about a packet from that end.
  ///
  /// - Precondition: both have the family of the packet.
  package mutating func translate(destination: IPAddress, quotedSource end: SocketEndpoint) {
    self.checkFamily(of: destination, end)
    self.write { frame, layout in
      frame.write(destination.octets, at: layout.outer.destinationIndex)
      frame.write(end.address.octets, at: layout.inner.sourceIndex)
      frame.write(bigEndian(end.port), at: layout.ports)
    }
  }

  private func checkFamily(of address: IPAddress, _ end: SocketEndpoint) {
    let family = self.layout.outer.family
    precondition(
      address.family == family && end.address.family == family, "\(address), \(end) in an error of \(family)")
  }

  /// Checksums from the inside out: each covers those before it.
  private mutating func write(_ change: (inout [UInt8], Layout) -> Void) {
    let old = self.frame
    change(&self.frame, self.layout)
    let (outer, inner) = (self.layout.outer, self.layout.inner)
    if let checksum = self.layout.quotedChecksum {
      // 0: the sender of a UDP datagram has not made one.
      if self.layout.protocolNumber != ProtocolNumber.udp || old.word(at: checksum) != 0 {
        let ends = [inner.addresses, self.layout.ports..<self.layout.ports + 4]
        self.adjust(checksum, for: ends, from: old)
        if self.layout.protocolNumber == ProtocolNumber.udp, self.frame.word(at: checksum) == 0 {
          self.frame.write([0xff, 0xff], at: checksum)
        }
      }
    }
    if let checksum = inner.checksum { self.adjust(checksum, for: [inner.addresses], from: old) }
    if let checksum = outer.checksum { self.adjust(checksum, for: [outer.addresses], from: old) }
    let message = self.layout.message + 4..<self.layout.end
    self.adjust(
      self.layout.message + 2, for: outer.checksum == nil ? [outer.addresses, message] : [message], from: old)
  }

  private mutating func adjust(_ checksum: Int, for ranges: [Range<Int>], from old: [UInt8]) {
    var sum = UInt32(~old.word(at: checksum))
    for range in ranges {
      // A sum's complement of what was, and a sum of what is.
      sum += UInt32(internetChecksum(Array(old[range]))) + UInt32(~internetChecksum(Array(self.frame[range])))
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    self.frame.write(bigEndian(~UInt16(truncatingIfNeeded: sum)), at: checksum)
  }

  private enum ProtocolNumber {
    static let tcp: UInt8 = 6
    static let udp: UInt8 = 17
  }

  /// Where everything is: indices of the frame's bytes, all of which exist.
  private struct Layout: Sendable, Equatable {
    var outer: Header
    /// Where the ICMP message begins.
    var message: Int
    /// Behind its last byte.
    var end: Int
    var inner: Header
    var protocolNumber: UInt8
    /// Where the quoted ports begin.
    var ports: Int
    /// The quoted TCP or UDP checksum; nil: it is not quoted any more.
    var quotedChecksum: Int?

    private static func controlProtocol(_ family: IPAddress.Family) -> UInt8 {
      family == .v4 ? IPv4Packet.ProtocolNumber.icmp : IPv6Packet.ProtocolNumber.icmp
    }

    init?(_ frame: [UInt8]) {
      guard frame.count >= EthernetFrame.headerLength else { return nil }
      let family: IPAddress.Family
      switch frame.word(at: 12) {
      case EthernetFrame.EtherType.ipv4: family = .v4
      case EthernetFrame.EtherType.ipv6: family = .v6
      default: return nil
      }
      let start = EthernetFrame.headerLength
      guard let outer = Header(family, at: start, in: frame, before: frame.count), !outer.isFragment(in: frame),
        outer.protocolNumber(in: frame) == Self.controlProtocol(family),
        let length = outer.packetLength(in: frame), outer.length + 8 <= length, length <= frame.count - start
      else { return nil }
      let message = start + outer.length
      let end = start + length
      guard ICMPError.types(family).contains(frame[message]),
        let inner = Header(family, at: message + 8, in: frame, before: end), inner.isFirst(in: frame)
      else { return nil }
      let ports = inner.start + inner.length
      let checksums = [ProtocolNumber.tcp: 16, ProtocolNumber.udp: 6]
      guard let offset = checksums[inner.protocolNumber(in: frame)], ports + 4 <= end else { return nil }
      (self.outer, self.message, self.end, self.inner, self.ports) = (outer, message, end, inner, ports)
      self.protocolNumber = inner.protocolNumber(in: frame)
      self.quotedChecksum = ports + offset + 2 <= end ? ports + offset : nil
    }
  }

  /// An IP header, all of whose bytes are in the frame.
  private struct Header: Sendable, Equatable {
    let family: IPAddress.Family
    let start: Int
    /// With options.
    let length: Int

    init?(_ family: IPAddress.Family, at start: Int, in frame: [UInt8], before end: Int) {
      let shortest = family == .v4 ? 20 : 40
      guard start + shortest <= end, frame[start] >> 4 == UInt8(family.rawValue) else { return nil }
      (self.family, self.start) = (family, start)
      self.length = family == .v4 ? Int(frame[start] & 0x0f) * 4 : shortest
      guard self.length >= shortest, start + self.length <= end else { return nil }
    }

    private var addressLength: Int { self.family == .v4 ? 4 : 16 }
    var sourceIndex: Int { self.start + (self.family == .v4 ? 12 : 8) }
    var destinationIndex: Int { self.sourceIndex + self.addressLength }
    var addresses: Range<Int> { self.sourceIndex..<self.destinationIndex + self.addressLength }
    /// Nil: IPv6 headers have none.
    var checksum: Int? { self.family == .v4 ? self.start + 10 : nil }

    func protocolNumber(in frame: [UInt8]) -> UInt8 { frame[self.start + (self.family == .v4 ? 9 : 6)] }

    /// Header and payload, as the header says.
    func packetLength(in frame: [UInt8]) -> Int? {
      let said = Int(frame.word(at: self.start + (self.family == .v4 ? 2 : 4)))
      return self.family == .v4 ? said : said + self.length
    }

    /// A part of a packet. In IPv6 that is an extension header's affair.
    func isFragment(in frame: [UInt8]) -> Bool {
      self.family == .v4 && frame.word(at: self.start + 6) & 0x3fff != 0
    }

    /// The whole or the first part of a packet, where ports are.
    func isFirst(in frame: [UInt8]) -> Bool {
      self.family == .v6 || frame.word(at: self.start + 6) & 0x1fff == 0
    }

    func source(in frame: [UInt8]) -> IPAddress { self.address(at: self.sourceIndex, in: frame) }
    func destination(in frame: [UInt8]) -> IPAddress { self.address(at: self.destinationIndex, in: frame) }

    private func address(at index: Int, in frame: [UInt8]) -> IPAddress {
      let value = frame[index..<index + self.addressLength].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
      return self.family == .v4
        ? .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: value))) : .v6(IPv6Address(rawValue: value))
    }
  }
}

extension [UInt8] {
  fileprivate func word(at index: Int) -> UInt16 { UInt16(self[index]) << 8 | UInt16(self[index + 1]) }

  fileprivate mutating func write(_ bytes: [UInt8], at index: Int) {
    self.replaceSubrange(index..<index + bytes.count, with: bytes)
  }
}
