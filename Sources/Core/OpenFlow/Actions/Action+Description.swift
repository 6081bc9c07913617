// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

extension Action: CustomStringConvertible {
  /// The action in the style of `ovs-ofctl`.
  public var description: String {
    switch self {
    case .output(.controller, let maxLength): "CONTROLLER:\(maxLength)"
    case .output(let port, _): port.isPhysicalOrLogical ? "output:\(port)" : "\(port)"
    case .outputField(let slice, _): "output:\(slice)"
    case .outputTruncated(let port, let maxLength): "output(port=\(port),max_len=\(maxLength))"
    case .group(let group): "group:\(group)"
    case .setQueue(let queue): "set_queue:\(queue)"
    case .meter(let meter): "meter:\(meter)"
    case .controller(let controller): "\(controller)"
    case .bundle(let bundle): "\(bundle)"
    case .setField(let entry): "set_field(\(entry))"
    case .move(let source, let destination): "move(\(source)->\(destination))"
    case .pushField(let slice): "push:\(slice)"
    case .popField(let slice): "pop:\(slice)"
    case .deleteField(let field): "delete_field:\(field)"
    case .pushVLAN(let ethernetType): "push_vlan:\(Hexadecimal.number(ethernetType))"
    case .pushMPLS(let ethernetType): "push_mpls:\(Hexadecimal.number(ethernetType))"
    case .popMPLS(let ethernetType): "pop_mpls:\(Hexadecimal.number(ethernetType))"
    case .pushPBB(let ethernetType): "push_pbb:\(Hexadecimal.number(ethernetType))"
    case .setTTL(let ttl): "set_ttl:\(ttl)"
    case .setMPLSTTL(let ttl): "set_mpls_ttl(\(ttl))"
    case .decrementTTLTelling(let controllers): "dec_ttl(\(controllers.map(String.init).joined(separator: ",")))"
    case .conntrack(let conntrack): "\(conntrack)"
    case .nat(let nat): "\(nat)"
    case .resubmit(let resubmit): "\(resubmit)"
    case .learn(let learn): "\(learn)"
    case .conjunction(let conjunction): "\(conjunction)"
    case .multipath(let multipath): "\(multipath)"
    case .finTimeout(let idle, let hard): "fin_timeout(idle_timeout=\(idle),hard_timeout=\(hard))"
    case .checkPacketLarger(let length, let result): "check_pkt_larger(\(length))->\(result)"
    case .writeMetadata(let value, let mask):
      "write_metadata:\(Hexadecimal.number(value))/\(Hexadecimal.number(mask))"
    case .clone(let actions): "clone(\(actions.map(\.description).joined(separator: ",")))"
    case .sample(let sample): "\(sample)"
    case .note(let note): "note:\(Hexadecimal.string(note))"
    case .experimenter(let id, let body): "experimenter(\(Hexadecimal.number(id)),\(body.count) bytes)"
    case .unknown(let type, let body): "action(\(type),\(body.count) bytes)"
    case .popQueue: "pop_queue"
    case .popVLAN: "pop_vlan"
    case .popPBB: "pop_pbb"
    case .decrementTTL: "dec_ttl"
    case .decrementMPLSTTL: "dec_mpls_ttl"
    case .decrementNSHTTL: "dec_nsh_ttl"
    case .copyTTLOut: "copy_ttl_out"
    case .copyTTLIn: "copy_ttl_in"
    case .clearConntrack: "ct_clear"
    case .exit: "exit"
    }
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
    var parts = ["\(direction.rawValue)"]
    var ranges: [String] = []
    if let addresses { ranges.append(RangeText.string(addresses) { "\($0)" }) }
    if let ipv6Addresses { ranges.append("[\(RangeText.string(ipv6Addresses) { "\(IPv6Address(rawValue: $0))" })]") }
    if let ports { ranges.append(RangeText.string(ports) { "\($0)" }) }
    if !ranges.isEmpty { parts[0] += "=" + ranges.joined(separator: ":") }
    if self.options.contains(.persistent) { parts.append("persistent") }
    if self.options.contains(.hash) { parts.append("hash") }
    if self.options.contains(.random) { parts.append("random") }
    return "nat(\(parts.joined(separator: ",")))"
  }
}

/// `1024`, `1024-65535`
enum RangeText {
  static func string<Bound>(_ range: ClosedRange<Bound>, _ text: (Bound) -> String) -> String {
    let least = text(range.lowerBound)
    return range.lowerBound == range.upperBound ? least : "\(least)-\(text(range.upperBound))"
  }

  /// Nil if one of the bounds is none, or they are in the wrong order.
  static func value<Bound>(_ text: String, _ bound: (Substring) -> Bound?) -> ClosedRange<Bound>? {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let least = bound(parts[0]), let greatest = parts.count == 2 ? bound(parts[1]) : least, least <= greatest
    else { return nil }
    return least...greatest
  }
}

extension Instruction: CustomStringConvertible {
  /// The instruction in the style of `ovs-ofctl`.
  public var description: String {
    switch self {
    case .gotoTable(let table): "goto_table:\(table)"
    case .writeMetadata(let value, let mask):
      "write_metadata:\(Hexadecimal.number(value))/\(Hexadecimal.number(mask))"
    case .writeActions(let actions): "write_actions(\(actions.map(\.description).joined(separator: ",")))"
    case .applyActions(let actions): actions.map(\.description).joined(separator: ",")
    case .clearActions: "clear_actions"
    case .meter(let meter): "meter:\(meter)"
    case .unknown(let type, let body): "instruction(\(type),\(body.count) bytes)"
    }
  }
}
