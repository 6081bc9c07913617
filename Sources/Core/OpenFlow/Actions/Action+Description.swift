// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension Action: CustomStringConvertible {
  /// The action in the style of `ovs-ofctl`.
  public var description: String {
    switch self {
    case .output(.controller, let maxLength): "CONTROLLER:\(maxLength)"
    case .output(let port, _): port.isPhysicalOrLogical ? "output:\(port)" : "\(port)"
    case .group(let group): "group:\(group)"
    case .setQueue(let queue): "set_queue:\(queue)"
    case .setField(let entry): "set_field(\(entry))"
    case .move(let source, let destination): "move(\(source)->\(destination))"
    case .pushVLAN(let ethernetType): "push_vlan:0x\(String(ethernetType, radix: 16))"
    case .popVLAN: "pop_vlan"
    case .setTTL(let ttl): "set_ttl:\(ttl)"
    case .decrementTTL: "dec_ttl"
    case .conntrack(let conntrack): "\(conntrack)"
    case .nat(let nat): "\(nat)"
    case .experimenter(let id, let body): "experimenter(0x\(String(id, radix: 16)),\(body.count) bytes)"
    case .unknown(let type, let body): "action(\(type),\(body.count) bytes)"
    }
  }
}

extension FieldSlice: CustomStringConvertible {
  /// `field[]` or `field[first..last]`
  public var description: String {
    self == FieldSlice(self.field)
      ? "\(self.field)[]" : "\(self.field)[\(self.offset)..\(Int(self.offset) + Int(self.bitCount) - 1)]"
  }
}

extension ConntrackAction: CustomStringConvertible {
  /// `ct(commit,zone=7,table=3,…)`
  public var description: String {
    var parts: [String] = []
    if self.commit { parts.append("commit") }
    if self.force { parts.append("force") }
    switch self.zone {
    case .number(let number): parts.append("zone=\(number)")
    case .field(let slice): parts.append("zone=\(slice)")
    }
    if let table { parts.append("table=\(table)") }
    if self.algorithm != 0 { parts.append("alg=\(self.algorithm)") }
    parts += self.actions.map(\.description)
    return "ct(\(parts.joined(separator: ",")))"
  }
}

extension NATAction: CustomStringConvertible {
  /// `nat`, or `nat(dst=10.0.0.1:20001)`
  public var description: String {
    guard let direction else { return "nat" }
    var parts = [direction == .source ? "src" : "dst"]
    var ranges: [String] = []
    if let addresses { ranges.append(Self.text(addresses)) }
    if let ipv6Addresses { ranges.append("[0x\(String(ipv6Addresses.lowerBound, radix: 16))…]") }
    if let ports { ranges.append(Self.text(ports)) }
    if !ranges.isEmpty { parts[0] += "=" + ranges.joined(separator: ":") }
    if self.options.contains(.persistent) { parts.append("persistent") }
    if self.options.contains(.hash) { parts.append("hash") }
    if self.options.contains(.random) { parts.append("random") }
    return "nat(\(parts.joined(separator: ",")))"
  }

  private static func text<Value>(_ range: ClosedRange<Value>) -> String {
    range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
  }
}

extension Instruction: CustomStringConvertible {
  /// The instruction in the style of `ovs-ofctl`.
  public var description: String {
    switch self {
    case .gotoTable(let table): "goto_table:\(table)"
    case .writeMetadata(let value, let mask):
      "write_metadata:0x\(String(value, radix: 16))/0x\(String(mask, radix: 16))"
    case .writeActions(let actions): "write_actions(\(actions.map(\.description).joined(separator: ",")))"
    case .applyActions(let actions): actions.map(\.description).joined(separator: ",")
    case .clearActions: "clear_actions"
    case .meter(let meter): "meter:\(meter)"
    case .unknown(let type, let body): "instruction(\(type),\(body.count) bytes)"
    }
  }
}
