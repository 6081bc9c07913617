// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import CloudModel
import Testing

@Suite struct InspectionTests {
  private static func address(_ text: String) -> IPAddress { IPAddress(text)! }
  private static let mac = MACAddress(rawValue: 0xfa16_3e00_0001)
  private static let web = Opening(ipProtocol: 6, port: 80, from: .all(.v4))
  private static let ping = Opening(ipProtocol: 1, port: nil, from: AddressPrefix("172.20.126.5")!)

  private static let requirements = [
    PortRequirement(portID: "outer", role: .gateway, openings: [web, ping], isReachedFromOutside: true),
    PortRequirement(portID: "inner", role: .gateway, sendsForClients: true),
    PortRequirement(portID: "data", role: .member, openings: [web]),
  ]

  /// A site as it is before anything was prepared.
  private static let site: ModelCloud = {
    var cloud = ModelCloud()
    func port(_ id: String, _ network: String, _ text: String) -> CloudPort {
      CloudPort(
        id: id, name: id, networkID: network, mac: mac,
        fixedAddresses: [.init(subnetID: "s-\(network)", address: address(text))], groupIDs: ["default"],
        deviceID: "vm-\(id)")
    }
    cloud.facts.ports = [
      port("outer", "public", "172.20.126.110"), port("inner", "inner", "192.168.1.2"),
      port("data", "inner", "192.168.1.3"),
    ]
    cloud.facts.networks = [
      "public": CloudNetwork(id: "public", name: "public", isExternal: true),
      "inner": CloudNetwork(id: "inner", name: "inner", isExternal: false),
    ]
    cloud.facts.groups = ["default": SecurityGroup(id: "default", name: "default", rules: [])]
    return cloud
  }()

  private static func next(_ facts: CloudFacts) -> CloudStep? {
    Inspection(facts).findings(requirements).lazy.compactMap(\.remedy).first
  }

  @Test func `prepared, it lets everything pass, and nothing is left to find`() {
    var cloud = Self.site
    while let step = Self.next(cloud.facts) { cloud.perform(step) }
    #expect(Inspection(cloud.facts).findings(Self.requirements) == [])
    #expect(cloud.facts.port("data")?.groupIDs.first == "default")
    #expect(cloud.facts.groups["default"]?.rules == [])
    // What the gateway has open is not open on the member.
    let member = cloud.facts.port("data")?.groupIDs.compactMap { cloud.facts.groups[$0] } ?? []
    #expect(!member.contains { group in group.rules.contains { $0.admits(Self.ping) } })
  }

  @Test func `whoever is killed before or after any step and begins again ends in the same state`() {
    var whole = Self.site
    while let step = Self.next(whole.facts) { whole.perform(step) }
    #expect(whole.made.count == 8)
    for count in 0...whole.made.count {
      var cloud = Self.site
      for _ in 0..<count { if let step = Self.next(cloud.facts) { cloud.perform(step) } }
      // It had not yet heard that its last step was done: what it knew is forgotten, what it did is there.
      while let step = Self.next(cloud.facts) { cloud.perform(step) }
      #expect(cloud == whole)
    }
  }

  @Test func `a port whose security is off lets everything pass`() {
    var facts = Self.site.facts
    for index in facts.ports.indices { facts.ports[index].isSecured = false }
    #expect(Inspection(facts).findings(Self.requirements) == [])
  }

  @Test func `what no step can mend is said with what to do`() {
    var facts = Self.site.facts
    facts.ports[0].isActive = false
    facts.ports[0].networkID = "inner"
    let findings = Inspection(facts).findings([
      PortRequirement(portID: "outer", role: .gateway, isReachedFromOutside: true)
    ])
    #expect(findings.map(\.remedy) == [nil, nil])
    #expect(findings[0].problem == "port 'outer' is down")
    #expect(findings[1].problem == "port 'outer' is on the network 'inner', which has no route to a provider network")
    facts.routers = [CloudRouter(id: "r", name: "r", externalNetworkID: "public", subnetIDs: ["s-public"])]
    let reachable = Inspection(facts).findings([
      PortRequirement(portID: "outer", role: .gateway, isReachedFromOutside: true)
    ])
    #expect(reachable[1].problem.contains("by a floating IP only"))
    facts.floatingIPs = [FloatingIP(id: "f", address: Self.address("172.20.126.111"), portID: "outer")]
    #expect(
      Inspection(facts).findings([PortRequirement(portID: "outer", role: .gateway, isReachedFromOutside: true)]).count
        == 1)
  }

  @Test(arguments: [
    (SecurityRule(family: .v4), true), (SecurityRule(family: .v6), false),
    (SecurityRule(family: .v4, ipProtocol: 6), true), (SecurityRule(family: .v4, ipProtocol: 17), false),
    (SecurityRule(family: .v4, ipProtocol: 6, ports: 80...90), true),
    (SecurityRule(family: .v4, ipProtocol: 6, ports: 81...90), false),
    (SecurityRule(family: .v4, ipProtocol: 6, from: AddressPrefix("0.0.0.0/0")), true),
    (SecurityRule(family: .v4, ipProtocol: 6, from: AddressPrefix("10.0.0.0/8")), false),
    (SecurityRule(family: .v4, remoteGroupID: "x"), false),
  ])
  func `a rule admits what it says`(rule: SecurityRule, admits: Bool) {
    #expect(rule.admits(Self.web) == admits)
  }

  @Test func `a prefix has in it what begins like it`() throws {
    let ten = try #require(AddressPrefix("10.0.0.0/8"))
    #expect(ten.contains(try #require(AddressPrefix("10.9.9.9"))))
    #expect(!ten.contains(try #require(AddressPrefix("11.0.0.0/9"))))
    #expect(!ten.contains(try #require(AddressPrefix("0.0.0.0/0"))))
    #expect(AddressPrefix.all(.v6).contains(try #require(AddressPrefix("2001:db8::/32"))))
    #expect(!AddressPrefix.all(.v6).contains(ten))
    for text in ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "x/8"] {
      #expect(AddressPrefix(text) == nil, "\(text)")
    }
  }
}
