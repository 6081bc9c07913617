// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Metering
import Testing

/// What the kernel writes when it is asked for its connections (linux/netfilter/nfnetlink_conntrack.h).
@Suite struct ConnectionDumpTests {
  /// An attribute with its padding.
  private func attribute(_ type: UInt16, _ content: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    withUnsafeBytes(of: UInt16(content.count + 4)) { bytes += $0 }
    withUnsafeBytes(of: type) { bytes += $0 }
    return bytes + content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
  }

  private func message(_ type: UInt16, _ body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    withUnsafeBytes(of: UInt32(body.count + 16)) { bytes += $0 }
    withUnsafeBytes(of: type) { bytes += $0 }
    return bytes + [UInt8](repeating: 0, count: 10) + body
  }

  private func connection(state: UInt8?) -> [UInt8] {
    let address = self.attribute(1, [198, 51, 100, 1]) + self.attribute(2, [10, 0, 0, 11])
    let transport =
      self.attribute(1, [state == nil ? 17 : 6]) + self.attribute(2, [0x9c, 0x40]) + self.attribute(3, [0x40, 0x01])
    let tuple = self.attribute(1 | 0x8000, address) + self.attribute(2 | 0x8000, transport)
    var body: [UInt8] = [2, 0, 0, 0] + self.attribute(1 | 0x8000, tuple) + self.attribute(3, [0, 0, 1, 0x8e])
    if let state { body += self.attribute(4 | 0x8000, self.attribute(1 | 0x8000, self.attribute(1, [state]))) }
    return self.message(0x0100, body)
  }

  private func read(_ bytes: [UInt8]) -> ConnectionDump {
    var dump = ConnectionDump()
    bytes.withUnsafeBytes { dump.add($0) }
    return dump
  }

  @Test func `connections are read until the kernel says that it is done`() {
    let dump = self.read(self.connection(state: 3) + self.connection(state: nil) + self.message(3, [0, 0, 0, 0]))
    let gateway = IPAddress("10.0.0.11")!
    #expect(
      dump.entries == [
        ConnectionEntry(destination: gateway, ipProtocol: 6, port: 0x4001, tcpState: 3),
        ConnectionEntry(destination: gateway, ipProtocol: 17, port: 0x4001),
      ])
    #expect(dump.isComplete)
    #expect(dump.failure == nil)
  }

  @Test func `the kernel's refusal is told`() {
    let dump = self.read(self.message(2, withUnsafeBytes(of: Int32(-1)) { Array($0) }))
    #expect(dump.isComplete)
    #expect(dump.failure == 1)
  }

  @Test(arguments: zip(0...9, [false, true, true, true, true, true, true, false, false, false]))
  func `a connection is open from its SYN to its last ACK`(state: Int, isOpen: Bool) {
    let entry = ConnectionEntry(
      destination: .v4(IPv4Address(rawValue: 1)), ipProtocol: 6, port: 1, tcpState: UInt8(state))
    #expect(entry.isOpen == isOpen)
  }

  @Test func `no truncation and no changed byte reads behind the end`() {
    let bytes = self.connection(state: 3) + self.connection(state: nil)
    for count in bytes.indices { _ = self.read(Array(bytes[..<count])) }
    for index in bytes.indices {
      for value in [0, 1, 4, 0x7f, 0xff] as [UInt8] {
        var changed = bytes
        changed[index] = value
        _ = self.read(changed)
      }
    }
  }
}

@Suite struct InterfaceCountersTests {
  private let text = """
    Inter-|   Receive                                                |  Transmit
     face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
        lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
      eth0:    2000      20    0    0    0     0          0         0     4000      30    0    0    0     0       0          0
    """

  @Test func `only the named interfaces count, in and out`() {
    #expect(
      InterfaceCounters(procNetDev: self.text, interfaces: ["eth0", "eth9"])
        == InterfaceCounters(packets: 50, bytes: 6000))
    #expect(InterfaceCounters(procNetDev: "nonsense\n:\n eth0: 1", interfaces: ["eth0"]) == InterfaceCounters())
  }

  @Test func `a rate is per second, and nothing when the counters began anew`() {
    let before = InterfaceCounters(packets: 100, bytes: 1000)
    let rate = InterfaceCounters(packets: 300, bytes: 251_000).rate(since: before, over: .seconds(2))
    #expect(rate == (100, 1000))
    #expect(InterfaceCounters(packets: 1, bytes: 1).rate(since: before, over: .seconds(1)) == (0, 0))
    #expect(before.rate(since: before, over: .zero) == (0, 0))
  }
}
