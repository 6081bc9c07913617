// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Agent
import AgentPlane
import ServiceModel
import Testing

/// The rules on a real kernel.
@Suite(.serialized, .enabled(if: canUseNamespaces, "needs root"), .timeLimit(.minutes(2)))
struct NATLabTests {
  typealias L = GatewayLab
  static let attachments = [Attachment(address: L.gatewayAddress, interface: "eth0")]

  static func plan(_ forwards: (UInt16, [IPAddress], ClientAddress)...) -> NATPlan {
    NATPlan(
      gateways: [L.gatewayAddress],
      forwards: forwards.map { port, members, clientAddress in
        NATPlan.Forward(
          target: Target(transport: .tcp, port: port, memberPort: 80), members: members, clientAddress: clientAddress)
      },
      attachments: Self.attachments)
  }

  @Test func theClientsAddressIsKeptWhereTheMemberAnswersThroughTheGateway() async throws {
    try await L.with("keep") { lab async throws in
      let plan = Self.plan(
        (16384, [L.insideAddress], .automatic), (16385, [L.besideAddress], .automatic),
        (16386, [L.insideAddress], .masquerade), (16387, [L.insideAddress], .keep))
      #expect(try await lab.nft.ensure(plan))
      #expect(try await lab.ask(port: 16384) == "inside 192.0.2.9")
      #expect(try await lab.ask(port: 16385) == "beside 192.0.2.1", "it would answer the client directly")
      #expect(try await lab.ask(port: 16386) == "inside 10.0.0.1")
      #expect(try await lab.ask(port: 16387) == "inside 192.0.2.9")
      await #expect(throws: CommandFailed.self, "no target: the gateway's own business") {
        try await lab.ask(port: 80)
      }
    }
  }

  @Test func connectionsTakeTurns() async throws {
    try await L.with("turn") { lab async throws in
      _ = try await lab.nft.ensure(Self.plan((16384, [L.insideAddress, L.besideAddress], .automatic)))
      var answers: [String: Int] = [:]
      for _ in 0..<10 { answers[try await lab.ask(port: 16384), default: 0] += 1 }
      #expect(answers == ["inside 192.0.2.9": 5, "beside 192.0.2.1": 5])
    }
  }

  @Test func theSamePlanAgainChangesNothing() async throws {
    try await L.with("idem") { lab async throws in
      let plan = Self.plan((16384, [L.insideAddress, L.besideAddress], .automatic))
      #expect(try await lab.nft.installedDigest() == nil)
      #expect(try await lab.nft.ensure(plan))
      #expect(try await lab.nft.installedDigest() == plan.digest)
      let before = try await lab.inGateway("nft -a list ruleset")
      #expect(try await !lab.nft.ensure(plan))
      #expect(try await lab.inGateway("nft -a list ruleset") == before, "not even a handle")
      _ = try await lab.inGateway("nft flush ruleset")
      #expect(try await lab.nft.ensure(plan), "what somebody removed comes back")
      _ = try await lab.inGateway("nft flush table ip isthmus")
      #expect(
        try await lab.nft.ensure(plan), "also if its comment stayed")
    }
  }

  @Test func othersTablesAreLeftAlone() async throws {
    try await L.with("other") { lab async throws in
      _ = try await lab.inGateway(
        "nft add table ip mine; nft add chain ip mine c \\{ type nat hook prerouting priority -90 \\; \\};"
          + " nft add rule ip mine c tcp dport 9999 counter; nft add table inet isthmus")
      let others = "nft -a list table ip mine; nft -a list table inet isthmus"
      let before = try await lab.inGateway(others)
      _ = try await lab.nft.ensure(Self.plan((16384, [L.insideAddress], .automatic)))
      _ = try await lab.nft.ensure(Self.plan((16385, [L.insideAddress], .automatic)))
      try await lab.nft.remove()
      try await lab.nft.remove()
      #expect(try await lab.inGateway(others) == before)
      #expect(try await lab.inGateway("nft list tables ip") == "table ip mine\n")
    }
  }

  /// The rules are replaced before every request by ones that send new connections to the other member.
  @Test func anOpenConnectionSurvivesNewRules() async throws {
    try await L.with("open") { lab async throws in
      let old = Self.plan((16384, [L.insideAddress], .automatic))
      let new = Self.plan((16384, [L.besideAddress], .automatic), (16385, [L.insideAddress], .automatic))
      let oldFile = try lab.write(old.ruleset(), to: "old.nft")
      let newFile = try lab.write(new.ruleset(), to: "new.nft")
      _ = try await lab.nft.ensure(old)
      let answers = try await lab.askOverOneConnection(
        port: 16384, count: 21,
        between: "for f in \(oldFile) \(newFile); do ip netns exec \(lab.gateway) nft -f $f; done")
      #expect(answers == [String](repeating: "inside 192.0.2.9", count: 21))
      #expect(try await lab.ask(port: 16384) == "beside 192.0.2.1", "new connections follow the new rules")
    }
  }

  @Test func aThousandServicesAreOneTransactionAndAFewRules() async throws {
    try await L.with("many") { lab async throws in
      let plan = NATPlan(
        gateways: [L.gatewayAddress],
        forwards: (0..<1_000).map { index in
          NATPlan.Forward(
            target: Target(transport: .tcp, port: 16384 + UInt16(index), memberPort: 80),
            members: index % 10 == 0 ? [L.insideAddress, L.besideAddress] : [L.insideAddress],
            clientAddress: .automatic)
        },
        attachments: Self.attachments)
      #expect(try await lab.nft.ensure(plan))
      #expect(try await !lab.nft.ensure(plan))
      #expect(try await lab.ask(port: 17_383) == "inside 192.0.2.9")
      let rules = try await lab.inGateway("nft list chain ip isthmus prerouting")
      #expect(rules.split(separator: "\n").count < 10)
    }
  }

  @Test func whatNftRefusesIsSaid() async throws {
    let broken = NFTables(command: ["false"])
    await #expect(throws: NATError.self) { try await broken.remove() }
    let missing = NFTables(command: ["no-such-program-as-this"])
    await #expect(throws: NATError.nftNotFound) { try await missing.remove() }
    let hanging = NFTables(command: ["sleep", "600"], timeLimit: .milliseconds(50))
    await #expect(throws: NATError.self) { _ = try await hanging.installedDigest() }
  }
}
