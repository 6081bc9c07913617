// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import PacketHeaders
import ServiceModel

/// What a port sends to find out which ports of our switches hear it.
///
/// It is LLDP with an element of our own: who sent it, when, and a tag that only the controller can make. A host can
/// neither make one nor use an old one again; who controls two hosts can carry one from port to port at once, but no
/// tag can tell that from a wire.
struct LinkProbe: Sendable, Equatable {
  var origin: PortAddress
  var sent: Instant

  /// Crosses foreign bridges like any group's frames, so that two of our ports that meet behind one are found as well.
  static let anyBridge = MACAddress(rawValue: 0x0349_5354_4855)

  /// Locally administered, "IS".
  private static let organization: UInt32 = 0x02_4953
  private static let subtype: UInt8 = 1

  enum Reading: Sendable, Equatable {
    /// No LLDP.
    case malformed
    /// Somebody else's LLDP.
    case foreign
    /// It claims to be ours and is not.
    case forged
    case probe(LinkProbe)
  }

  /// Reads a frame's payload. Whether the probe is still fresh is the reader's affair.
  static func read(_ payload: [UInt8], key: SipHash.Key) -> Reading {
    guard let unit = LLDPDataUnit(bytes: payload) else { return .malformed }
    guard let ours = unit.extensions.first(where: { $0.organization == organization && $0.subtype == subtype }) else {
      return .foreign
    }
    guard ours.value.count == 28, SipHash.tag(of: ours.value[..<20], key: key) == number(ours.value[20...]) else {
      return .forged
    }
    return .probe(
      LinkProbe(
        origin: PortAddress(
          DatapathID(rawValue: number(ours.value[..<8])),
          PortNumber(UInt32(truncatingIfNeeded: number(ours.value[8..<12])))),
        sent: Instant(nanoseconds: Int64(bitPattern: number(ours.value[12..<20])))))
  }

  /// - Parameter lifetime: how long a neighbour of another kind may remember it.
  func frame(
    from source: MACAddress, to destination: MACAddress, lifetime: Duration, key: SipHash.Key
  ) -> [UInt8] {
    var value = octets(self.origin.datapath.rawValue) + octets(UInt64(self.origin.port.rawValue))[4...]
    value += octets(UInt64(bitPattern: self.sent.nanoseconds))
    value += octets(SipHash.tag(of: value, key: key))
    let unit = LLDPDataUnit(
      chassis: .init(
        subtype: LLDPDataUnit.locallyAssigned, value: Array("isthmus \(self.origin.datapath)".utf8)),
      port: .init(subtype: LLDPDataUnit.locallyAssigned, value: Array("\(self.origin.port)".utf8)),
      timeToLive: UInt16(clamping: lifetime.components.seconds + 1),
      extensions: [.init(organization: Self.organization, subtype: Self.subtype, value: value)])
    return EthernetFrame(
      destination: destination, source: source, type: LLDPDataUnit.etherType, payload: unit.bytes
    ).bytes
  }
}

private func octets(_ number: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
}

private func number(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }
