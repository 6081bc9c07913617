// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ServiceModel
import Testing

@Suite struct NATRulesetTests {
  static func forward(
    _ port: UInt16, _ members: [String], memberPort: UInt16 = 80, clientAddress: ClientAddress = .automatic
  ) -> NATPlan.Forward {
    NATPlan.Forward(
      target: Target(transport: .tcp, port: port, memberPort: memberPort),
      members: members.map { IPAddress($0)! }, clientAddress: clientAddress)
  }

  @Test func theTextIsOneTransactionOnOneTable() {
    let plan = NATPlan(
      gateways: [IPAddress("192.0.2.1")!],
      forwards: [
        Self.forward(16386, ["10.0.0.1", "10.0.0.2"], clientAddress: .keep),
        Self.forward(16384, ["10.0.0.1"], clientAddress: .masquerade),
        Self.forward(16385, ["10.0.0.3"], memberPort: 8080),
      ],
      attachments: [Attachment(address: IPAddress("192.0.2.1")!, interface: "eth0")])
    let digits = String(plan.digest, radix: 16)
    #expect(
      plan.ruleset() == """
        table ip isthmus {}
        delete table ip isthmus
        table ip isthmus {
          comment "isthmus \(String(repeating: "0", count: 16 - digits.count))\(digits)"
          set gateways {
            type ipv4_addr
            elements = { 192.0.2.1 }
          }
          map members {
            type inet_proto . inet_service : ipv4_addr . inet_service
            elements = { tcp . 16384 : 10.0.0.1 . 80, tcp . 16385 : 10.0.0.3 . 8080 }
          }
          map pools {
            type inet_proto . inet_service : verdict
            elements = { tcp . 16386 : goto tcp-16386 }
          }
          set masqueraded {
            type inet_service
            elements = { 16384 }
          }
          set automatic {
            type inet_service
            elements = { 16385 }
          }
          set attached {
            type ipv4_addr . ifname
            elements = { 192.0.2.1 . "eth0" }
          }
          chain tcp-16386 {
            meta l4proto tcp dnat ip to numgen inc mod 2 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.2 . 80 }
          }
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
        }

        """)
  }

  @Test func ipv6HasATableOfItsOwn() {
    let plan = NATPlan(
      gateways: [IPAddress("192.0.2.1")!, IPAddress("2001:db8::1")!],
      forwards: [
        Self.forward(16384, ["10.0.0.1"]), Self.forward(16385, ["2001:db8:1::3"]),
        Self.forward(16386, ["2001:db8:1::3", "2001:db8:1::4"]),
      ],
      attachments: [
        Attachment(address: IPAddress("192.0.2.1")!, interface: "eth0"),
        Attachment(address: IPAddress("2001:db8::1")!, interface: "eth1"),
      ])
    let tables = plan.ruleset().components(of: "table ip6 isthmus {\n")
    #expect(tables.count == 2)
    let (ipv4, ipv6) = (tables[0], tables[1])
    #expect(ipv4.contains("elements = { tcp . 16384 : 10.0.0.1 . 80 }"))
    #expect(!ipv4.contains("2001:db8"))
    for line in [
      "elements = { 2001:db8::1 }", "elements = { tcp . 16385 : 2001:db8:1::3 . 80 }",
      "type inet_proto . inet_service : ipv6_addr . inet_service",
      "dnat ip6 to numgen inc mod 2 map { 0 : 2001:db8:1::3 . 80, 1 : 2001:db8:1::4 . 80 }",
      "elements = { 2001:db8::1 . \"eth1\" }", "ip6 daddr != @gateways accept",
      "dnat ip6 to meta l4proto . th dport map @members", "ct original ip6 daddr != @gateways accept",
    ] { #expect(ipv6.contains(line), "\(line)") }
    #expect(!ipv6.contains("10.0.0.1") && !ipv6.contains("ip daddr"))

    var without = plan
    without.gateways.removeLast()
    #expect(without.ruleset().contains("ip6") == false, "a kernel without IPv6 is not asked for it")
    #expect(
      without.ruleset(replacing: [.v4, .v6]).contains("delete table ip6 isthmus"), "what is no longer wanted goes")
    #expect(plan.digest != without.digest)
  }

  @Test func theDigestNamesTheContentAndNotItsOrder() {
    let gateways = [IPAddress("192.0.2.1")!, IPAddress("192.0.2.2")!]
    let forwards = [Self.forward(16384, ["10.0.0.1"]), Self.forward(16385, ["10.0.0.1"])]
    let plan = NATPlan(gateways: gateways, forwards: forwards, attachments: [])
    let same = NATPlan(gateways: gateways.reversed(), forwards: forwards.reversed(), attachments: [])
    #expect(plan == same)
    #expect(plan.digest == same.digest)
    let other = NATPlan(gateways: gateways, forwards: [forwards[0]], attachments: [])
    #expect(plan.digest != other.digest)
  }

  @Test func aPortIsForwardedOnce() {
    let plan = NATPlan(
      gateways: [], forwards: [Self.forward(16384, ["10.0.0.1"]), Self.forward(16384, ["10.0.0.2"])], attachments: [])
    #expect(plan.forwards == [Self.forward(16384, ["10.0.0.1"])])
  }

  @Test func theDigestIsReadFromAListing() {
    let listing = """
      table ip isthmus {
      \tcomment "isthmus 00000000deadbeef"
      \tset gateways {
      \t\ttype ipv4_addr
      \t}

      \tchain prerouting {
      \t\ttype nat hook prerouting priority dstnat; policy accept;
      \t\tip daddr != @gateways accept
      \t\tdnat ip to meta l4proto . th dport map @members
      \t\tmeta l4proto . th dport vmap @pools
      \t}

      \tchain postrouting {
      \t\ttype nat hook postrouting priority srcnat; policy accept;
      \t\tct status ! dnat accept
      \t\tct original ip daddr != @gateways accept
      \t\tct original proto-dst @masqueraded masquerade
      \t\tct original ip daddr . oifname @attached masquerade
      \t}
      }
      """
    #expect(NATPlan.digest(inListing: listing) == 0xdead_beef)
    let flushed = listing.split(separator: "\n").filter { !$0.hasPrefix("\t\t") || $0.hasPrefix("\t\ttype") }
    #expect(NATPlan.digest(inListing: flushed.joined(separator: "\n")) == nil, "the rules are gone, the comment stayed")
    #expect(NATPlan.digest(inListing: "") == nil)
    #expect(NATPlan.digest(inListing: "\tcomment \"isthmus xyz\"") == nil)
    #expect(NATPlan.digest(inListing: "\tcomment \"somebody else's\"") == nil)
  }
}

extension String {
  fileprivate func components(of separator: String) -> [String] {
    self.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
