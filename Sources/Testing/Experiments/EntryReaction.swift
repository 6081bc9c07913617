// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import LabKit
import ServiceModel

/// A stream of echo requests to an address that nobody has: entries send it to a gateway, and its replies back.
struct EchoStream: ~Copyable {
  private let descriptor: Int32
  private var target = sockaddr_in()
  private var sequence: UInt16 = 0

  init(to address: String) throws {
    self.descriptor = socket(AF_INET, Int32(SOCK_RAW.rawValue), Int32(IPPROTO_ICMP))
    guard self.descriptor >= 0 else { throw KeptConnection.Problem(description: "a raw socket needs root") }
    self.target.sin_family = sa_family_t(AF_INET)
    guard inet_pton(AF_INET, address, &self.target.sin_addr) == 1 else {
      throw KeptConnection.Problem(description: "no address")
    }
  }

  deinit { close(self.descriptor) }

  mutating func send() {
    var packet: [UInt8] = [8, 0, 0, 0, 0x49, 0x53, UInt8(self.sequence >> 8), UInt8(self.sequence & 255)]
    self.sequence &+= 1
    var sum: UInt32 = 0
    for index in stride(from: 0, to: 8, by: 2) { sum += UInt32(packet[index]) << 8 | UInt32(packet[index + 1]) }
    while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
    packet[2] = UInt8(~sum >> 8 & 255)
    packet[3] = UInt8(~sum & 255)
    var target = self.target
    _ = withUnsafePointer(to: &target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(self.descriptor, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Whether a reply from the target has come. Reads all that is there.
  func hasReply() -> Bool {
    var hasReply = false
    var buffer = [UInt8](repeating: 0, count: 2048)
    while true {
      var source = sockaddr_in()
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let count = withUnsafeMutablePointer(to: &source) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          recvfrom(self.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT), $0, &length)
        }
      }
      guard count >= 28 else { return hasReply }
      if buffer[20] == 0, buffer[24] == 0x49, buffer[25] == 0x53, source.sin_addr.s_addr == self.target.sin_addr.s_addr
      {
        hasReply = true
      }
    }
  }
}

extension EntryTrial {
  /// Two entries with a stream of packets running: the way there and the way back.
  ///
  /// - Parameters:
  ///   - target: an address that nobody has.
  ///   - puts: requests that put the two, the second of which is sent when the first is answered; or one write with both.
  ///   - delete: takes them away again.
  package static func reaction(
    address: String, port: UInt16, target: String, puts: [[UInt8]], delete: [[UInt8]], runs: Int
  ) throws -> Reaction {
    var stream = try EchoStream(to: target)
    var connection = try KeptConnection(to: address, port: port)
    var reaction = Reaction(worked: [], answered: [])
    func pause(_ duration: Duration, _ stream: inout EchoStream) {
      let end = MonotonicClock.now() + duration
      while MonotonicClock.now() < end {
        stream.send()
        _ = stream.hasReply()
        usleep(100)
      }
    }
    for _ in 0..<runs {
      for request in delete {
        try connection.send(request)
        _ = try connection.answer()
      }
      // Long enough that the switch has a cached flow for the stream, and no entry any more.
      pause(.milliseconds(300), &stream)
      let start = MonotonicClock.now()
      var next = start
      var sent = 0
      var answered = 0
      var workedAt: Instant?
      var answeredAt: Instant?
      while workedAt == nil || answeredAt == nil {
        if sent < puts.count, answered == sent {
          try connection.send(puts[sent])
          sent += 1
        }
        if MonotonicClock.now() >= next {
          stream.send()
          next = next + .microseconds(100)
        }
        if stream.hasReply(), workedAt == nil { workedAt = MonotonicClock.now() }
        if answered < 2, let answer = try connection.answer(isWaiting: false) {
          guard answer.status == 200 else {
            throw KeptConnection.Problem(description: String(decoding: answer.body, as: UTF8.self))
          }
          answered += 1
          if answered == 2 { answeredAt = MonotonicClock.now() }
        }
        guard MonotonicClock.now() - start < .seconds(5) else {
          throw KeptConnection.Problem(description: "no reply within 5 s")
        }
      }
      if let workedAt, let answeredAt {
        reaction.worked.append(milliseconds(workedAt - start))
        reaction.answered.append(milliseconds(answeredAt - start))
      }
    }
    return reaction
  }
}
