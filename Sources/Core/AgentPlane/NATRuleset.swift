// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import ServiceModel

/// The nftables text of a plan: a table of our own for each family of addresses, which nobody else's rules are in.
///
/// Each packet meets a fixed number of rules, however many services there are: targets are looked up in maps. What
/// the forward chains of a firewall accept is the operator's business; this table only translates addresses.
/// Connections that are open keep their translation when the table is replaced: it is part of the kernel's connection
/// tracking, not of the table.
extension NATPlan {
  package static let table = "isthmus"
  /// What a table's comment begins with; the digest follows in 16 hexadecimal digits.
  package static let commentPrefix = "isthmus "

  /// Replaces the tables in one transaction (`nft -f -`): there is no moment without rules.
  ///
  /// - Parameter installed: families of which there are tables; those of the plan need not be named.
  package func ruleset(replacing installed: Set<IPAddress.Family> = []) -> String {
    let families = self.families
    return Self.removal(of: installed.union(families))
      + families.map { family in
        let body = self.body(family)
        return """
          table \(family.nftables) \(Self.table) {
            comment "\(Self.commentPrefix)\(hexDigits(fnv1a64(body)))"
          \(body)
          }

          """
      }.joined()
  }

  /// Those that have a table. IPv4 always has one; a kernel without IPv6 never hears of it.
  package var families: [IPAddress.Family] { self.gateways.contains { $0.family == .v6 } ? [.v4, .v6] : [.v4] }

  /// Removes the tables of these families, if they are there.
  package static func removal(of families: Set<IPAddress.Family>) -> String {
    families.sorted().map { "table \($0.nftables) \(self.table) {}\ndelete table \($0.nftables) \(self.table)\n" }
      .joined()
  }

  /// Names the content of the tables.
  package var digest: UInt64 { Self.digest(of: self.families.map { fnv1a64(self.body($0)) }) }

  /// Names the content of all tables by those of each, IPv4's first. A table's comment carries its own, so that a
  /// restarted agent sees that nothing changed.
  package static func digest(of tables: [UInt64]) -> UInt64 {
    tables.dropFirst().reduce(tables.first ?? 0) { fnv1a64("\($0) \($1)") }
  }

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

  private func body(_ family: IPAddress.Family) -> String {
    let forwards = self.forwards.compactMap { $0.toMembers(of: family) }
    let single = forwards.filter { $0.members.count == 1 }
    let pools = forwards.filter { $0.members.count > 1 }
    func ports(_ clientAddress: ClientAddress) -> [String] {
      forwards.filter { $0.clientAddress == clientAddress }.map { "\($0.target.port)" }
    }
    let parts =
      [
        block(
          "set gateways", type: family.nftablesAddress,
          elements: self.gateways.filter { $0.family == family }.map(\.description)),
        block(
          "map members", type: "inet_proto . inet_service : \(family.nftablesAddress) . inet_service",
          elements: single.map { "\($0.key) : \($0.members[0]) . \($0.target.memberPort)" }),
        block(
          "map pools", type: "inet_proto . inet_service : verdict",
          elements: pools.map { "\($0.key) : goto \($0.chain)" }),
        block("set masqueraded", type: "inet_service", elements: ports(.masquerade)),
        block("set automatic", type: "inet_service", elements: ports(.automatic)),
        block(
          "set attached", type: "\(family.nftablesAddress) . ifname",
          elements: self.attachments.filter { $0.address.family == family }
            .map { "\($0.address) . \"\($0.interface)\"" }),
      ] + pools.map { $0.chainText(family) } + [Self.hooks(family.nftables)]
    return parts.joined(separator: "\n")
  }

  private static func hooks(_ ip: String) -> String {
    """
      chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        \(ip) daddr != @gateways accept
        dnat \(ip) to meta l4proto . th dport map @members
        meta l4proto . th dport vmap @pools
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        ct status & dnat == 0 accept
        ct original \(ip) daddr != @gateways accept
        meta l4proto { tcp, udp } ct original proto-dst @masqueraded masquerade
        ct original \(ip) daddr . oifname @attached meta l4proto { tcp, udp } ct original proto-dst @automatic masquerade
      }
    """
  }
}

extension IPAddress.Family {
  /// Of tables and in expressions.
  package var nftables: String {
    switch self {
    case .v4: "ip"
    case .v6: "ip6"
    }
  }

  /// The type of its addresses.
  fileprivate var nftablesAddress: String { "ipv\(self.rawValue)_addr" }
}

extension NATPlan.Forward {
  /// `tcp . 16384`
  fileprivate var key: String { "\(self.target.transport.rawValue) . \(self.target.port)" }
  fileprivate var chain: String { "\(self.target.transport.rawValue)-\(self.target.port)" }

  /// Nil if there are none.
  fileprivate func toMembers(of family: IPAddress.Family) -> NATPlan.Forward? {
    var forward = self
    forward.members.removeAll { $0.family != family }
    return forward.members.isEmpty ? nil : forward
  }

  /// New connections take turns over the members.
  fileprivate func chainText(_ family: IPAddress.Family) -> String {
    let slots = self.members.enumerated().map { "\($0.offset) : \($0.element) . \(self.target.memberPort)" }
    return """
        chain \(self.chain) {
          meta l4proto \(self.target.transport.rawValue) dnat \(family.nftables) to numgen inc mod \(slots.count) map { \(list(slots)) }
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
