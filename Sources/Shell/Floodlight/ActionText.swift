// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import OpenFlow

/// Floodlight's text of actions: `set_field=eth_dst->fa:16:3e:d8:26:42,output=7`, in its order.
///
/// Blanks and line ends around an action do not matter; Floodlight loses actions by them.
package enum ActionText {
  /// - Returns: the actions, and why others were left out.
  package static func read(_ text: String) -> (actions: [Action], problems: [String]) {
    var actions: [Action] = []
    var problems: [String] = []
    for part in text.lowercased().utf8.split(separator: UInt8(ascii: ",")) {
      let word = trimmed(String(Substring(part)))
      guard !word.isEmpty else { continue }
      let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")) ?? word.endIndex
      let key = trimmed(String(word[..<equals]))
      let value = trimmed(String(word[equals...].dropFirst()))
      if let action = self.action(key, value) {
        actions += action
      } else {
        problems.append("the action '\(word)' is not known, or its value is wrong: left out")
      }
    }
    return (actions, problems)
  }

  private static func action(_ key: String, _ value: String) -> [Action]? {
    func short<Number: FixedWidthInteger>(_ make: (Number) -> Action) -> [Action]? {
      number(value).flatMap { Number(exactly: $0) }.map { [make($0)] }
    }
    func field(_ name: String, _ text: String) -> [Action]? {
      (try? MatchEntry(named: name, text: text)).flatMap { $0.mask == nil ? [.setField($0)] : nil }
    }
    switch key {
    case "output": return PortText.read(value).map { [.output(port: $0)] }
    case "enqueue":
      let parts = value.split(separator: ":")
      guard parts.count == 2, let port = PortText.read(String(parts[0])), let queue = number(String(parts[1])),
        let queue = UInt32(exactly: queue)
      else { return nil }
      return [.setQueue(queue), .output(port: port)]
    case "set_queue": return short { .setQueue($0) }
    case "group": return short { .group(GroupNumber($0)) }
    case "meter": return short { .meter($0) }
    case "push_vlan": return short { .pushVLAN(ethernetType: $0) }
    case "push_mpls": return short { .pushMPLS(ethernetType: $0) }
    case "pop_mpls": return short { .popMPLS(ethernetType: $0) }
    case "push_pbb": return short { .pushPBB(ethernetType: $0) }
    case "pop_vlan", "strip_vlan": return [.popVLAN]
    case "pop_pbb": return [.popPBB]
    case "dec_ip_ttl": return [.decrementTTL]
    case "dec_mpls_ttl": return [.decrementMPLSTTL]
    case "copy_ip_ttl_in": return [.copyTTLIn]
    case "copy_ip_ttl_out": return [.copyTTLOut]
    case "set_ip_ttl": return short { .setTTL($0) }
    case "set_mpls_ttl": return short { .setMPLSTTL($0) }
    case "set_mpls_label": return field("mpls_label", value)
    case "set_mpls_tc": return field("mpls_tc", value)
    case "set_ip_ecn": return field("ip_ecn", value)
    case "set_ip_tos": return number(value).flatMap { field("ip_dscp", "\($0 >> 2)") }
    case "set_eth_src": return field("eth_src", value)
    case "set_eth_dst": return field("eth_dst", value)
    case "set_ipv4_src": return field("ipv4_src", value)
    case "set_ipv4_dst": return field("ipv4_dst", value)
    case "set_tp_src": return field("tcp_src", value)
    case "set_tp_dst": return field("tcp_dst", value)
    case "set_vlan_vid": return vlan(value)
    case "set_vlan_pcp": return field("vlan_pcp", value)
    case "set_field":
      guard let arrow = range(of: "->", in: value) else { return nil }
      let key = trimmed(String(value[..<arrow.lowerBound]))
      let text = trimmed(String(value[arrow.upperBound...]))
      if key == "eth_vlan_vid" { return vlan(text) }
      return MatchKeys.field(key, protocol: nil).flatMap { field($0, MatchKeys.value(key, text)) }
    default: return nil
    }
  }

  /// A plain VLAN id, without the bit that says that there is a tag.
  private static func vlan(_ text: String) -> [Action]? {
    number(text).flatMap { $0 < 0x1000 ? [.setField(MatchEntry(.vlanID, UInt128($0 | 0x1000)))] : nil }
  }

  // MARK: Writing

  package static func write(_ actions: [Action]) -> String { actions.map(self.text).joined(separator: ",") }

  private static func text(_ action: Action) -> String {
    switch action {
    case .output(let port, _): "output=\(PortText.write(port))"
    case .group(let group): "group=\(group.rawValue)"
    case .setQueue(let queue): "set_queue=\(queue)"
    case .meter(let meter): "meter=\(meter)"
    case .setField(let entry): "set_field=\(MatchKeys.key(entry.field))->\(MatchText.value(of: entry, inAction: true))"
    case .pushVLAN(let type): "push_vlan=0x\(String(type, radix: 16))"
    case .pushMPLS(let type): "push_mpls=0x\(String(type, radix: 16))"
    case .popMPLS(let type): "pop_mpls=0x\(String(type, radix: 16))"
    case .pushPBB(let type): "push_pbb=0x\(String(type, radix: 16))"
    case .popVLAN: "pop_vlan"
    case .popPBB: "pop_pbb"
    case .decrementTTL: "dec_ip_ttl"
    case .decrementMPLSTTL: "dec_mpls_ttl"
    case .copyTTLIn: "copy_ip_ttl_in"
    case .copyTTLOut: "copy_ip_ttl_out"
    case .setTTL(let ttl): "set_ip_ttl=\(ttl)"
    case .setMPLSTTL(let ttl): "set_mpls_ttl=\(ttl)"
    default: "\(action)"
    }
  }
}

/// Conditions as Floodlight prints them.
package enum MatchText {
  package static func value(of entry: MatchEntry, inAction: Bool = false) -> String {
    switch entry.field {
    case .inPort, .inPhysicalPort: return PortText.write(PortNumber(UInt32(truncatingIfNeeded: entry.value)))
    case .ethernetType, .ipProtocol: return "0x" + String(entry.value, radix: 16)
    case .vlanID where inAction: return "\(entry.value & 0xfff)"
    case .mplsBottomOfStack, .pbbUseCustomerAddress: return entry.value == 1 ? "true" : "false"
    default: return entry.text
    }
  }
}
