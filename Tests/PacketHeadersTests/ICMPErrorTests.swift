// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketHeaders
import Testing

/// What an ICMP error quotes can be translated, and its checksums stay right.
@Suite struct ICMPErrorTests {
  /// One error about a packet from `inner.source` to `inner.destination`.
  struct Sample: Sendable, CustomTestStringConvertible {
    var family: IPAddress.Family
    var protocolNumber: UInt8
    /// How much of the packet is quoted behind its IP header.
    var quoted: Int
    var options = 0
    /// The sender of the UDP datagram has made no checksum.
    var lacksChecksum = false
    var testDescription: String { "\(self.family) \(self.protocolNumber) \(self.quoted) \(self.options)" }

    static let all: [Sample] =
      IPAddress.Family.allCases.flatMap { family in
        [UInt8(6), 17].flatMap { number in
          [4, 8, 9, 20, 41].map { Sample(family: family, protocolNumber: number, quoted: $0) }
        }
      } + [
        Sample(family: .v4, protocolNumber: 6, quoted: 33, options: 8),
        Sample(family: .v4, protocolNumber: 17, quoted: 12, lacksChecksum: true),
      ]

    func address(_ last: UInt8) -> IPAddress {
      self.family == .v4
        ? .v4(IPv4Address(rawValue: 0xc633_6400 | UInt32(last)))
        : .v6(IPv6Address(rawValue: 0x2001_0db8 << 96 | UInt128(last)))
    }

    /// The packet that is quoted, whole.
    func packet(from source: SocketEndpoint, to destination: SocketEndpoint) -> [UInt8] {
      let length = max(self.quoted, 41)
      var payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) }
      payload.replaceSubrange(
        0..<4, with: [source.port, destination.port].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] })
      let place = self.protocolNumber == 6 ? 16 : 6
      payload.replaceSubrange(place..<place + 2, with: [0, 0])
      if !self.lacksChecksum {
        let sum = internetChecksum(
          pseudoHeader(
            from: source.address, to: destination.address, protocolNumber: self.protocolNumber, length: length)
            + payload)
        payload.replaceSubrange(place..<place + 2, with: [UInt8(sum >> 8), UInt8(sum & 0xff)])
      }
      return self.ip(from: source.address, to: destination.address, self.protocolNumber, payload)
    }

    func ip(from source: IPAddress, to destination: IPAddress, _ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
      switch (source, destination) {
      case (.v4(let source), .v4(let destination)):
        IPv4Packet(protocolNumber: number, source: source, destination: destination, payload: payload).bytes
      case (.v6(let source), .v6(let destination)):
        IPv6Packet(protocolNumber: number, source: source, destination: destination, payload: payload).bytes
      default: []
      }
    }

    /// An error about `packet`, in a frame.
    func error(from source: IPAddress, to destination: IPAddress, about packet: [UInt8]) -> [UInt8] {
      let header = self.family == .v4 ? 20 : 40
      var message: [UInt8] = [self.family == .v4 ? 3 : 2, self.family == .v4 ? 4 : 0, 0, 0, 0, 0, 5, 0xdc]
      message += packet.prefix(header + self.quoted)
      let number: UInt8 = self.family == .v4 ? 1 : 58
      let pseudo =
        self.family == .v4
        ? [] : pseudoHeader(from: source, to: destination, protocolNumber: number, length: message.count)
      let sum = internetChecksum(pseudo + message)
      message.replaceSubrange(2..<4, with: [UInt8(sum >> 8), UInt8(sum & 0xff)])
      var bytes = self.ip(from: source, to: destination, number, message)
      if self.options > 0 {
        bytes[0] += UInt8(self.options / 4)
        bytes[3] += UInt8(self.options)
        bytes.insert(contentsOf: [UInt8](repeating: 1, count: self.options), at: 20)
        bytes.replaceSubrange(10..<12, with: [0, 0])
        let sum = internetChecksum(Array(bytes.prefix(20 + self.options)))
        bytes.replaceSubrange(10..<12, with: [UInt8(sum >> 8), UInt8(sum & 0xff)])
      }
      return EthernetFrame(
        destination: MACAddress(rawValue: 1), source: MACAddress(rawValue: 2),
        type: self.family == .v4 ? EthernetFrame.EtherType.ipv4 : EthernetFrame.EtherType.ipv6, payload: bytes
      ).bytes
    }

    var client: SocketEndpoint { SocketEndpoint(self.address(1), 40_000) }
    var virtual: SocketEndpoint { SocketEndpoint(self.address(2), 80) }
    var target: SocketEndpoint { SocketEndpoint(self.address(3), 21_202) }
    /// Of a gateway, about a client's packet to a target; of a router, about a reply of the virtual IP.
    var fromRegion: [UInt8] {
      self.error(
        from: self.target.address, to: self.client.address, about: self.packet(from: self.client, to: self.target))
    }
    var toVirtualIP: [UInt8] {
      self.error(
        from: self.address(9), to: self.virtual.address, about: self.packet(from: self.virtual, to: self.client))
    }
  }

  @Test(arguments: Sample.all)
  func `an error from a region becomes one about what the client has sent`(sample: Sample) throws {
    var error = try #require(ICMPError(frame: sample.fromRegion))
    #expect(error.source == sample.target.address)
    #expect(error.destination == sample.client.address)
    #expect(
      error.quoted
        == TransportHeader(protocolNumber: sample.protocolNumber, source: sample.client, destination: sample.target))
    error.translate(source: sample.virtual.address, quotedDestination: sample.virtual)
    #expect(
      error.bytes
        == sample.error(
          from: sample.virtual.address, to: sample.client.address,
          about: sample.packet(from: sample.client, to: sample.virtual)))
  }

  @Test(arguments: Sample.all)
  func `an error to a virtual IP becomes one about what the target has sent`(sample: Sample) throws {
    var error = try #require(ICMPError(frame: sample.toVirtualIP))
    error.translate(destination: sample.target.address, quotedSource: sample.target)
    #expect(
      error.bytes
        == sample.error(
          from: sample.address(9), to: sample.target.address,
          about: sample.packet(from: sample.target, to: sample.client)))
  }

  @Test(arguments: Sample.all)
  func `padding goes, and what is cut off anywhere is none or whole`(sample: Sample) {
    let frame = sample.fromRegion
    #expect(ICMPError(frame: frame + [0, 0, 0])?.bytes == frame)
    for length in 0..<frame.count { #expect(ICMPError(frame: Array(frame.prefix(length))) == nil, "\(length)") }
  }

  /// The message is cut where its own packet says that it ends.
  @Test(arguments: IPAddress.Family.allCases)
  func `one that quotes less than the ports is none`(family: IPAddress.Family) {
    for quoted in -20..<4 {
      let sample = Sample(family: family, protocolNumber: 6, quoted: quoted)
      #expect(ICMPError(frame: sample.fromRegion) == nil, "\(quoted)")
    }
  }

  @Test(arguments: Sample.all)
  func `a byte that is damaged traps nothing`(sample: Sample) {
    let frame = sample.fromRegion
    for index in frame.indices {
      for bit in 0..<8 {
        var damaged = frame
        damaged[index] ^= 1 << bit
        guard var error = ICMPError(frame: damaged), error.source.family == sample.family else { continue }
        error.translate(source: sample.virtual.address, quotedDestination: sample.virtual)
        #expect(error.bytes.count == damaged.count || error.bytes.count < damaged.count)
        error.translate(destination: sample.target.address, quotedSource: sample.target)
      }
    }
  }

  @Test func `a checksum that was wrong stays wrong`() throws {
    let sample = Sample(family: .v4, protocolNumber: 17, quoted: 20)
    var frame = sample.fromRegion
    frame[EthernetFrame.headerLength + 22] ^= 0x10
    var error = try #require(ICMPError(frame: frame))
    error.translate(source: sample.virtual.address, quotedDestination: sample.virtual)
    #expect(internetChecksum(Array(error.bytes.dropFirst(EthernetFrame.headerLength + 20))) != 0)
  }

  @Test func `echo, other messages, fragments and quoted fragments are none`() {
    let sample = Sample(family: .v4, protocolNumber: 6, quoted: 20)
    let start = EthernetFrame.headerLength
    for (index, value) in [(start + 20, 8), (start + 20, 5), (start + 6, 0x20), (start + 9, 6)] as [(Int, UInt8)] {
      var frame = sample.fromRegion
      frame[index] = value
      #expect(ICMPError(frame: frame) == nil, "\(index)")
    }
    for (offset, value) in [(7, 1), (9, 1), (0, 0x44), (0, 0x4f)] as [(Int, UInt8)] {
      var frame = sample.fromRegion
      frame[start + 28 + offset] = value
      #expect(ICMPError(frame: frame) == nil, "quoted \(offset)")
    }
  }
}
