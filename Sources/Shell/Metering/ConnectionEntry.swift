// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// A connection that the kernel tracks, as far as it is counted.
package struct ConnectionEntry: Sendable, Equatable {
  /// Where the first packet was sent, before any translation.
  package var destination: IPAddress
  /// IANA's number: 6 TCP, 17 UDP.
  package var ipProtocol: UInt8
  package var port: UInt16
  /// `TCP_CONNTRACK_*` of the kernel; nil for other protocols.
  package var tcpState: UInt8?

  package init(destination: IPAddress, ipProtocol: UInt8, port: UInt16, tcpState: UInt8? = nil) {
    self.destination = destination
    self.ipProtocol = ipProtocol
    self.port = port
    self.tcpState = tcpState
  }

  /// Both ends may still send: from SYN_SENT (1) to LAST_ACK (6), neither TIME_WAIT nor CLOSE. What is no TCP is open as
  /// long as it is tracked.
  package var isOpen: Bool { self.tcpState.map { (1...6).contains($0) } ?? true }
}

/// A part of the kernel's answer to "list all connections" (linux/netfilter/nfnetlink_conntrack.h).
package struct ConnectionDump: Sendable, Equatable {
  package var entries: [ConnectionEntry] = []
  /// The last part was among them.
  package var isComplete = false
  /// A positive errno, if the kernel refused.
  package var failure: Int32?

  package init() {}

  /// Reads one datagram of netlink messages. What is not understood is passed over.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while let length: UInt32 = rest.load(at: 0), let type: UInt16 = rest.load(at: 4), length >= Netlink.header,
      Int(length) <= rest.count
    {
      let body = rest.dropFirst(Netlink.header).prefix(Int(length) - Netlink.header)
      switch type {
      case Netlink.done: self.isComplete = true
      case Netlink.error:
        let code: Int32 = body.load(at: 0) ?? 0
        self.failure = code < 0 ? (code == .min ? .max : -code) : nil
        self.isComplete = true
      case Netlink.newConnection:
        if let entry = ConnectionEntry(attributes: body.dropFirst(Netlink.familyHeader)) { self.entries.append(entry) }
      default: break
      }
      rest = rest.dropFirst(aligned(Int(length)))
    }
  }
}

/// Numbers of linux/netlink.h, nfnetlink.h and nfnetlink_conntrack.h.
enum Netlink {
  static let header = 16
  static let familyHeader = 4
  static let error: UInt16 = 2
  static let done: UInt16 = 3
  /// NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_NEW
  static let newConnection: UInt16 = 1 << 8
  /// NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET
  static let getConnections: UInt16 = 1 << 8 | 1
  /// NLM_F_REQUEST and NLM_F_DUMP
  static let dumpFlags: UInt16 = 0x301
  /// AF_UNSPEC: connections of all families.
  static let anyFamily: UInt8 = 0

  enum Connection {
    static let original: UInt16 = 1
    static let protocolInfo: UInt16 = 4
  }
  enum Tuple {
    static let address: UInt16 = 1
    static let transport: UInt16 = 2
  }
}

extension ConnectionEntry {
  /// Nil for what has no address or no port.
  fileprivate init?(attributes: Slice<UnsafeRawBufferPointer>) {
    guard let original = attributes.attribute(Netlink.Connection.original),
      let destination = original.attribute(Netlink.Tuple.address)?.destination,
      let transport = original.attribute(Netlink.Tuple.transport),
      let number: UInt8 = transport.attribute(1)?.load(at: 0), let port: UInt16 = transport.attribute(3)?.load(at: 0)
    else { return nil }
    let state: UInt8? = attributes.attribute(Netlink.Connection.protocolInfo)?.attribute(1)?.attribute(1)?.load(at: 0)
    self.init(
      destination: destination, ipProtocol: number,
      port: UInt16(bigEndian: port), tcpState: state)
  }
}

extension Slice<UnsafeRawBufferPointer> {
  /// CTA_IP_V4_DST or CTA_IP_V6_DST.
  fileprivate var destination: IPAddress? {
    if let number: UInt32 = self.attribute(2)?.load(at: 0) {
      return .v4(IPv4Address(rawValue: UInt32(bigEndian: number)))
    }
    guard let octets = self.attribute(4), octets.count == 16 else { return nil }
    return .v6(IPv6Address(rawValue: octets.reduce(0) { $0 << 8 | UInt128($1) }))
  }

  /// Nil behind the end.
  fileprivate func load<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Number? {
    guard offset + MemoryLayout<Number>.size <= self.count else { return nil }
    return self.base.loadUnaligned(fromByteOffset: self.startIndex + offset, as: Number.self)
  }

  /// The content of the first attribute of this type (`struct nlattr`).
  fileprivate func attribute(_ type: UInt16) -> Self? {
    var rest = self
    while let length: UInt16 = rest.load(at: 0), let found: UInt16 = rest.load(at: 2), length >= 4,
      Int(length) <= rest.count
    {
      // The two highest bits say how the content is written.
      if found & 0x3fff == type { return rest.dropFirst(4).prefix(Int(length) - 4) }
      rest = rest.dropFirst(aligned(Int(length)))
    }
    return nil
  }
}

/// Everything in netlink begins at a multiple of four bytes.
private func aligned(_ length: Int) -> Int { (length + 3) & ~3 }
