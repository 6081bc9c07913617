// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A pcap file (raw IPv4, little-endian, microseconds) of TCP segments between a switch and a controller.
struct CaptureFile {
  enum Sender { case controller, switchSide }

  struct Segment {
    var sender: Sender
    var sequence: UInt32
    var acknowledgment: UInt32
    /// FIN 1, SYN 2, RST 4, ACK 16
    var flags: UInt8
    var payload: [UInt8]
    var microseconds: Int
  }

  static let controllerText = "192.0.2.1:6653"
  static let switchText = "192.0.2.2:40000"

  var segments: [Segment] = []
  private var next: [Sender: UInt32] = [.controller: 1000, .switchSide: .max - 100]
  private var clock = 1_763_822_912_000_000

  /// A connection with its handshake.
  init() {
    self.append(.switchSide, [], flags: 2)
    self.append(.controller, [], flags: 18)
    self.append(.switchSide, [], flags: 16)
  }

  /// Sends `payload` in segments of at most `size` bytes.
  mutating func send(_ sender: Sender, _ payload: [UInt8], size: Int = 1460) {
    for start in stride(from: 0, to: payload.count, by: size) {
      self.append(sender, Array(payload[start..<min(start + size, payload.count)]), flags: 24)
    }
  }

  mutating func close() {
    self.append(.switchSide, [], flags: 17)
    self.append(.controller, [], flags: 17)
    self.append(.switchSide, [], flags: 16)
  }

  private mutating func append(_ sender: Sender, _ payload: [UInt8], flags: UInt8) {
    let peer: Sender = sender == .controller ? .switchSide : .controller
    let sequence = self.next[sender, default: 0]
    self.segments.append(
      Segment(
        sender: sender, sequence: sequence, acknowledgment: self.next[peer, default: 0], flags: flags,
        payload: payload, microseconds: self.clock))
    self.next[sender] = sequence &+ UInt32(payload.count) &+ (flags & 3 == 0 ? 0 : 1)
    self.clock += 250
  }

  var bytes: [UInt8] {
    var bytes = Self.little(0xa1b2_c3d4) + [2, 0, 4, 0] + [UInt8](repeating: 0, count: 8)
    bytes += Self.little(262_144) + Self.little(101)
    for segment in self.segments {
      let packet = Self.packet(segment)
      bytes += Self.little(UInt32(segment.microseconds / 1_000_000))
      bytes += Self.little(UInt32(segment.microseconds % 1_000_000))
      bytes += Self.little(UInt32(packet.count)) + Self.little(UInt32(packet.count)) + packet
    }
    return bytes
  }

  private static func packet(_ segment: Segment) -> [UInt8] {
    let isController = segment.sender == .controller
    let ports: [UInt8] = isController ? [0x19, 0xfd, 0x9c, 0x40] : [0x9c, 0x40, 0x19, 0xfd]
    var tcp = ports + self.little(segment.sequence).reversed() + self.little(segment.acknowledgment).reversed()
    tcp += [0x50, segment.flags, 0xff, 0xff, 0, 0, 0, 0] + segment.payload
    let length = 20 + tcp.count
    let addresses: [UInt8] = [192, 0, 2, isController ? 1 : 2, 192, 0, 2, isController ? 2 : 1]
    return [0x45, 0, UInt8(length >> 8), UInt8(length & 0xff), 0, 0, 0x40, 0, 64, 6, 0, 0] + addresses + tcp
  }

  private static func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
