// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import FlowPipeline
import Forwarding
import OpenFlow
import PacketHeaders
import Reconciliation
import ServiceModel
import Simulation
import Steering
import Testing

/// The services' tables of a switch that has no NORMAL port.
@Suite struct PipelineTests {
  private let intent = Site.makeIntent(
    regions: 2,
    services: [
      Site.makeService(0, preference: [0, 1]),
      Site.makeService(1, preference: [0, 1], owner: Site.region(0), address: .v4(Site.gatewayAddress(0))),
    ])

  private func program(_ mode: ForwardingMode) -> DatapathProgram {
    var facts = Site.makeFacts(regions: 2)
    facts.forwarding = mode
    let catalogue = Catalogue(self.intent, numbering: Numbering(self.intent))
    return Blueprint(catalogue, facts: facts, plan: Bench.healthyPlan(self.intent)).program
  }

  private func actions(_ flow: DatapathProgram.Flow) -> [Action] {
    flow.instructions.flatMap { instruction -> [Action] in
      if case .applyActions(let actions) = instruction { actions } else { [] }
    }
  }

  @Test func `what says NORMAL on one switch goes to the last table on the other, and nothing else differs`() {
    let normal = self.program(.normal)
    let learning = self.program(.learning)
    #expect(normal.groups == learning.groups)
    #expect(Set(normal.flows.keys) == Set(learning.flows.keys))
    var count = 0
    for (key, flow) in normal.flows {
      guard self.actions(flow).contains(.output(.normal)) else {
        #expect(learning.flows[key] == flow)
        continue
      }
      count += 1
      let other = learning.flows[key]
      #expect(other?.instructions.last == .gotoTable(TableLayout.Table.forward.rawValue))
      #expect(other.map(self.actions) == self.actions(flow).dropLast())
      #expect(other?.instructions.contains(.applyActions([])) == false)
    }
    #expect(count >= 6)
    #expect(!learning.flows.keys.contains { $0.table == TableLayout.Table.forward.rawValue })
    #expect(TableLayout.Table.allCases.map(\.rawValue).max() == TableLayout.Table.forward.rawValue)
  }

  @Test func `forwarding's flows are neither read back as the program nor removed with it`() {
    var datapath = SoftwareSwitch(datapath: Site.datapath(0), ports: Site.makePorts(regions: 2))
    let program = self.program(.learning)
    for message in ChangePlan(from: DatapathProgram(), to: program).messages {
      #expect(datapath.apply(message).refusal == nil)
    }
    var desk = Desk()
    let effects = desk.step(
      .switchConnected(
        Site.datapath(0), ports: datapath.ports, table: TableLayout.Table.forward.rawValue))
    for message in effects.messages(to: Site.datapath(0)) { #expect(datapath.apply(message).refusal == nil) }
    #expect(datapath.program == program)
    #expect(ChangePlan(from: datapath.program, to: program).isEmpty)
    let found = FoundPlan(
      in: datapath.program, intent: self.intent, numbering: Numbering(self.intent))
    #expect(found.plan == Bench.healthyPlan(self.intent))
  }

  @Test func `services work, and what is none's reaches the learning switch`() {
    var datapath = SoftwareSwitch(datapath: Site.datapath(0), ports: Site.makePorts(regions: 2))
    for message in ChangePlan(from: DatapathProgram(), to: self.program(.learning)).messages {
      _ = datapath.apply(message)
    }
    var desk = Desk()
    let effects = desk.step(
      .switchConnected(
        Site.datapath(0), ports: datapath.ports, table: TableLayout.Table.forward.rawValue))
    for message in effects.messages(to: Site.datapath(0)) { _ = datapath.apply(message) }

    let address = self.intent.services[0].virtualIP.address
    let question = Packet.whoHas(address.ipv4!, from: Site.clientAddress, at: Site.clientMAC)
    let answers = datapath.receive(question, from: Site.clientPort)
    #expect(answers.sent.map(\.port) == [Site.clientPort])
    #expect(answers.packetsIn.isEmpty)

    let other = Packet.whoHas(Site.gatewayAddress(1), from: Site.clientAddress, at: Site.clientMAC)
    let packets = datapath.receive(other, from: Site.clientPort)
    #expect(packets.sent.isEmpty)
    #expect(packets.packetsIn.map(\.tableID) == [TableLayout.Table.forward.rawValue])
    #expect(packets.packetsIn.allSatisfy { ForwardingCookie.isOurs($0.cookie) })
    for packet in packets.packetsIn {
      let flooded = desk.step(.packetArrived(Site.datapath(0), packet)).packetOuts(to: Site.datapath(0))
      #expect(flooded.count == 1)
    }
  }
}
