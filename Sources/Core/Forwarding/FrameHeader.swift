// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketHeaders

/// What forwarding reads of a frame: addresses, the outermost VLAN tag, and the type.
struct FrameHeader: Sendable, Equatable {
  var destination: MACAddress
  var source: MACAddress
  /// 0 … 4095 if there is a tag.
  var vlan: UInt16?
  /// The type after the outermost tag.
  var type: UInt16

  /// 01:80:c2:00:00:00 to 0f: bridges do not forward these (IEEE 802.1Q, table 8-1).
  static let linkLocal = MACAddress(rawValue: 0x0180_c200_0000)
  static let linkLocalMask = MACAddress(rawValue: 0xffff_ffff_fff0)

  /// Nil for what is shorter than its header.
  init?(_ bytes: [UInt8]) {
    let header: FrameHeader? = bytes.withUnsafeBytes { bytes in
      guard bytes.count >= EthernetFrame.headerLength else { return nil }
      let start = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
      let middle = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
      var header = FrameHeader(
        destination: MACAddress(rawValue: start >> 16), source: MACAddress(rawValue: middle),
        type: UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt16.self)))
      if header.type == 0x8100 || header.type == 0x88a8 {
        guard bytes.count >= EthernetFrame.headerLength + 4 else { return nil }
        header.vlan = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 14, as: UInt16.self)) & 0x0fff
        header.type = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
      }
      return header
    }
    guard let header else { return nil }
    self = header
  }

  private init(destination: MACAddress, source: MACAddress, type: UInt16) {
    self.destination = destination
    self.source = source
    self.type = type
  }

  var isLinkLocal: Bool {
    self.destination.rawValue & Self.linkLocalMask.rawValue == Self.linkLocal.rawValue
  }

  /// No station sends from a group address, nor from none (IEEE 802, 8.2.2).
  var hasStation: Bool { !self.source.isMulticast && self.source.rawValue != 0 }
}
