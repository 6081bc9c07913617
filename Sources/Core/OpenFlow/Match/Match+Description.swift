// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

extension Match: CustomStringConvertible {
  /// The conditions in the style of `ovs-ofctl`, `any` if there are none.
  public var description: String {
    self.entries.isEmpty ? "any" : self.entries.map(\.description).joined(separator: ",")
  }
}

extension MatchEntry: CustomStringConvertible {
  /// `field=value` or `field=value/mask`, the value as people write it.
  public var description: String {
    if self.field == .conntrackState { return "\(self.field)=\(self.conntrackStates)" }
    let text = "\(self.field)=\(self.field.text(self.value))"
    return self.mask.map { "\(text)/\(self.field.text($0))" } ?? text
  }

  /// `+new-rpl+trk`
  private var conntrackStates: String {
    let mask = ConntrackState(rawValue: UInt32(truncatingIfNeeded: self.mask ?? self.field.fullMask))
    let value = ConntrackState(rawValue: UInt32(truncatingIfNeeded: self.value))
    return ConntrackState.names.filter { mask.contains($0.state) }
      .map { (value.contains($0.state) ? "+" : "-") + $0.name }.joined()
  }
}

extension ConntrackState: CustomStringConvertible {
  fileprivate static let names: [(state: ConntrackState, name: String)] = [
    (.new, "new"), (.established, "est"), (.related, "rel"), (.reply, "rpl"), (.invalid, "inv"), (.tracked, "trk"),
    (.sourceNAT, "snat"), (.destinationNAT, "dnat"),
  ]

  /// The names of the states, as in `new|trk`.
  public var description: String {
    Self.names.filter { self.contains($0.state) }.map(\.name).joined(separator: "|")
  }
}

extension MatchField {
  /// A value of this field as people write it.
  fileprivate func text(_ value: UInt128) -> String {
    switch self {
    case .inPort, .inPhysicalPort: "\(PortNumber(UInt32(truncatingIfNeeded: value)))"
    case .ipv4Source, .ipv4Destination, .arpSenderAddress, .arpTargetAddress:
      "\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: value)))"
    case .ethernetSource, .ethernetDestination, .arpSenderHardware, .arpTargetHardware, .ndSourceLinkLayer,
      .ndTargetLinkLayer:
      "\(MACAddress(rawValue: UInt64(truncatingIfNeeded: value)))"
    case .ethernetType, .vlanID, .metadata, .conntrackMark, .conntrackLabel: "0x\(String(value, radix: 16))"
    default: self.bitCount > 16 ? "0x\(String(value, radix: 16))" : "\(value)"
    }
  }
}
