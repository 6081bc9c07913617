// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import NIOCore
package import OpenFlow

/// The hosts of one emulated switch and the frames that they send to each other.
///
/// Host h is behind port h + 1. A frame has 60 bytes (64 with its checksum), IPv4 and UDP, and a number by which it is
/// known again when it comes back in a PACKET_OUT.
package struct HostTraffic: Sendable {
  private static let macBase: UInt64 = 0x0200_0000_0000
  private static let frameLength = 60
  private static let numberOffset = 42

  let hosts: Int
  private let macPrefix: UInt64
  private let frame: [UInt8]
  /// A PACKET_IN with `frame` in it, and where in it the parts are that differ.
  private let template: [UInt8]
  private let portOffset: Int
  private let dataOffset: Int

  package init(datapath: DatapathID, hosts: Int, version: ProtocolVersion, cookie: UInt64) throws(OpenFlowEncodingError)
  {
    self.hosts = hosts
    self.macPrefix = Self.macBase | (datapath.rawValue & 0xff_ffff) << 16
    self.frame = Self.frame()
    var buffer = ByteBuffer()
    let packet = PacketIn(
      totalLength: UInt16(Self.frameLength), reason: .tableMiss, tableID: 0, cookie: cookie,
      match: [.inPort(PortNumber(0x0102_0304))], data: self.frame)
    try Message(xid: 0, .packetIn(packet)).encode(into: &buffer, version: version)
    self.template = Array(buffer.readableBytesView)
    self.dataOffset = self.template.count - Self.frameLength
    // type and length of the match, the field's header, its value; the match ends, padded, 2 bytes before the data
    self.portOffset = self.dataOffset - 2 - 16 + 8
  }

  /// Writes a PACKET_IN: host `from` sends to `to`; nil: to all.
  package func write(number: UInt32, from: Int, to: Int?, into buffer: inout ByteBuffer) {
    let start = buffer.writerIndex
    buffer.writeBytes(self.template)
    buffer.setInteger(UInt32(from + 1), at: start + self.portOffset)
    let destination = to.map(self.mac) ?? MACAddress.broadcast.rawValue
    buffer.setInteger(UInt32(destination >> 16), at: start + self.dataOffset)
    // the end of the destination, then the source
    buffer.setInteger((destination & 0xffff) << 48 | self.mac(from), at: start + self.dataOffset + 4)
    buffer.setInteger(number, at: start + self.dataOffset + Self.numberOffset)
  }

  /// The number of a frame of ours; nil: it is none.
  func number(in data: [UInt8]) -> UInt32? {
    guard data.count == Self.frameLength, data[12] == 0x08, data[13] == 0x00 else { return nil }
    return data[Self.numberOffset..<Self.numberOffset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The port of the host to which a frame goes; nil: it goes to none of ours.
  func destinationPort(of data: [UInt8]) -> PortNumber? {
    guard data.count >= 6 else { return nil }
    return self.port(of: data[..<6].reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The port of the host with a MAC address.
  func port(of mac: UInt64) -> PortNumber? {
    let host = Int(mac & 0xffff)
    guard mac & ~0xffff == self.macPrefix, host < self.hosts else { return nil }
    return PortNumber(UInt32(host + 1))
  }

  private func mac(_ host: Int) -> UInt64 { self.macPrefix | UInt64(host) }

  private static func frame() -> [UInt8] {
    var frame = [UInt8](repeating: 0, count: frameLength)
    let header: [UInt8] = [
      0x08, 0x00,  // IPv4
      0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0x66, 0xbd,  // 46 bytes, UDP, checksum
      10, 0, 0, 1, 10, 0, 0, 2, 0x30, 0x39, 0x30, 0x39, 0, 26, 0, 0,
    ]
    frame.replaceSubrange(12..<12 + header.count, with: header)
    return frame
  }
}
