// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// The nftables text of a plan: one table of our own, which nobody else's rules are in.
///
/// Each packet meets a fixed number of rules, however many services there are: targets are looked up in maps. What
/// the forward chains of a firewall accept is the operator's business; this table only translates addresses.
/// Connections that are open keep their translation when the table is replaced: it is part of the kernel's connection
/// tracking, not of the table.
extension NATPlan {
  package static let table = "isthmus"
  /// What a table's comment begins with; the digest follows in 16 hexadecimal digits.
  package static let commentPrefix = "isthmus "

  /// Replaces the table in one transaction (`nft -f -`): there is no moment without rules.
  package var ruleset: String {
    """
    \(Self.removal)
    table ip \(Self.table) {
      comment "\(Self.commentPrefix)\(hexDigits(self.digest))"
    \(self.body)
    }

    """
  }

  /// Removes the table, if it is there.
  package static let removal = """
    table ip \(table) {}
    delete table ip \(table)
    """

  /// Names the content of the table. The comment carries it, so that a restarted agent sees that nothing changed.
  package var digest: UInt64 { fnv1a64(self.body) }

  /// The digest in the output of `nft list table ip isthmus`; nil if there is none, or if rules are missing in the
  /// chains: `nft flush table` empties them and leaves the comment.
  package static func digest(inListing listing: String) -> UInt64? {
    guard Self.ruleCount(inListing: listing) >= Self.hookRules else { return nil }
    for line in listing.split(separator: "\n") {
      let words = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard words.count == 3, words[0].split(whereSeparator: { $0 == " " || $0 == "\t" }) == ["comment"],
        words[1].hasPrefix(Self.commentPrefix)
      else { continue }
      return UInt64(words[1].dropFirst(Self.commentPrefix.count), radix: 16)
    }
    return nil
  }

  /// Rules of the two chains below.
  private static let hookRules = 7

  /// Lines within `chain prerouting` and `chain postrouting`, without those that say what the chains are.
  private static func ruleCount(inListing listing: String) -> Int {
    var count = 0
    var isInHook = false
    for line in listing.split(separator: "\n") {
      let text = line.drop { $0 == " " || $0 == "\t" }
      if text.hasPrefix("chain ") {
        isInHook = text.hasPrefix("chain prerouting ") || text.hasPrefix("chain postrouting ")
      } else if text == "}" {
        isInHook = false
      } else if isInHook, !text.hasPrefix("type ") {
        count += 1
      }
    }
    return count
  }

  private var body: String {
    let single = self.forwards.filter { $0.members.count == 1 }
    let pools = self.forwards.filter { $0.members.count > 1 }
    let parts =
      [
        block("set gateways", type: "ipv4_addr", elements: self.gateways.map(\.description)),
        block(
          "map members", type: "inet_proto . inet_service : ipv4_addr . inet_service",
          elements: single.map { "\($0.key) : \($0.members[0]) . \($0.target.memberPort)" }),
        block(
          "map pools", type: "inet_proto . inet_service : verdict",
          elements: pools.map { "\($0.key) : goto \($0.chain)" }),
        block("set masqueraded", type: "inet_service", elements: self.ports(.masquerade)),
        block("set automatic", type: "inet_service", elements: self.ports(.automatic)),
        block(
          "set attached", type: "ipv4_addr . ifname",
          elements: self.attachments.map { "\($0.address) . \"\($0.interface)\"" }),
      ] + pools.map(\.chainText) + [Self.hooks]
    return parts.joined(separator: "\n")
  }

  private static let hooks = """
      chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        ip daddr != @gateways accept
        dnat ip to meta l4proto . th dport map @members
        meta l4proto . th dport vmap @pools
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        ct status & dnat == 0 accept
        ct original ip daddr != @gateways accept
        meta l4proto { tcp, udp } ct original proto-dst @masqueraded masquerade
        ct original ip daddr . oifname @attached meta l4proto { tcp, udp } ct original proto-dst @automatic masquerade
      }
    """

  private func ports(_ clientAddress: ClientAddress) -> [String] {
    self.forwards.filter { $0.clientAddress == clientAddress }.map { "\($0.target.port)" }
  }
}

extension NATPlan.Forward {
  /// `tcp . 16384`
  fileprivate var key: String { "\(self.target.transport.rawValue) . \(self.target.port)" }
  fileprivate var chain: String { "\(self.target.transport.rawValue)-\(self.target.port)" }

  /// New connections take turns over the members.
  fileprivate var chainText: String {
    let slots = self.members.enumerated().map { "\($0.offset) : \($0.element) . \(self.target.memberPort)" }
    return """
        chain \(self.chain) {
          meta l4proto \(self.target.transport.rawValue) dnat ip to numgen inc mod \(slots.count) map { \(list(slots)) }
        }
      """
  }
}

/// A set or map; `elements = { }` without any would be a syntax error.
private func block(_ name: String, type: String, elements: [String]) -> String {
  let content = elements.isEmpty ? "" : "\n    elements = { \(list(elements)) }"
  return """
      \(name) {
        type \(type)\(content)
      }
    """
}

private func list(_ elements: [String]) -> String { elements.joined(separator: ", ") }

/// FNV-1a, 64 bits.
private func fnv1a64(_ text: String) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return hash
}

private func hexDigits(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
