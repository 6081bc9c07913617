// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import FlowPipeline
import OpenFlow
import Simulation
import Testing

/// How flows are added, changed and deleted, and what a switch does not accept.
@Suite struct FlowTests {
  private var model = SoftwareSwitch(datapath: Site.datapath(0), ports: Site.makePorts(regions: 2))
  private let tcp: Match = [.ethernetType(0x0800), .ipProtocol(6), .tcpDestination(80)]

  private mutating func apply(_ mod: FlowMod) -> SwitchRefusal? { self.model.apply(.flowMod(mod)).refusal }

  @Test mutating func `a flow with the same table, priority and match is replaced`() {
    #expect(self.apply(FlowMod(tableID: 0, priority: 1, cookie: 1, match: self.tcp)) == nil)
    #expect(self.apply(FlowMod(tableID: 0, priority: 1, cookie: 2, match: self.tcp)) == nil)
    #expect(self.apply(FlowMod(tableID: 0, priority: 2, cookie: 3, match: self.tcp)) == nil)
    #expect(self.apply(FlowMod(tableID: 1, priority: 1, cookie: 4, match: self.tcp)) == nil)
    #expect(self.model.flows.map(\.cookie) == [3, 2, 4])
  }

  @Test mutating func `the flow of the highest priority counts`() {
    _ = self.apply(FlowMod(tableID: 0, priority: 1, instructions: [.applyActions([.output(11)])]))
    _ = self.apply(FlowMod(tableID: 0, priority: 2, match: self.tcp, instructions: [.applyActions([.output(12)])]))
    let web = self.model.receive(.fromClient(.syn, port: 1, to: .init(Site.virtualIP(0), 80)), from: 1)
    let other = self.model.receive(.fromClient(.syn, port: 1, to: .init(Site.virtualIP(0), 81)), from: 1)
    #expect(web.outputs.map(\.port) == [12])
    #expect(other.outputs.map(\.port) == [11])
  }

  @Test mutating func `strict commands mean one flow, others all that they cover`() {
    let narrow = Match(self.tcp.entries + [.inPort(1)])
    for priority in [1, 2] as [UInt16] {
      _ = self.apply(FlowMod(tableID: 0, priority: priority, match: self.tcp))
      _ = self.apply(FlowMod(tableID: 0, priority: priority, match: narrow))
    }
    _ = self.apply(FlowMod(command: .deleteStrict, tableID: 0, priority: 1, match: narrow))
    #expect(self.model.flows.count == 3)
    _ = self.apply(FlowMod(command: .delete, tableID: 0, match: narrow))
    #expect(self.model.flows.map(\.key.match) == [self.tcp, self.tcp])
    _ = self.apply(FlowMod(command: .modify, tableID: 0, match: .any, instructions: [.gotoTable(1)]))
    #expect(self.model.flows.allSatisfy { $0.instructions == [.gotoTable(1)] })
    _ = self.apply(FlowMod(command: .delete, tableID: TableNumber.all, match: .any))
    #expect(self.model.flows.isEmpty)
  }

  @Test mutating func `deleting can be narrowed to a cookie, a port and a group`() {
    _ = self.model.apply(.groupMod(GroupMod(kind: .fastFailover, group: 7)))
    _ = self.apply(FlowMod(tableID: 0, priority: 1, cookie: 0x11, instructions: [.applyActions([.output(11)])]))
    _ = self.apply(FlowMod(tableID: 0, priority: 2, cookie: 0x12, instructions: [.applyActions([.output(12)])]))
    _ = self.apply(FlowMod(tableID: 0, priority: 3, cookie: 0x23, instructions: [.applyActions([.group(7)])]))
    _ = self.apply(FlowMod(command: .delete, tableID: 0, cookie: 0x20, cookieMask: 0xf0))
    #expect(self.model.flows.map(\.key.priority) == [2, 1])
    _ = self.apply(FlowMod(command: .delete, tableID: 0, outPort: 12))
    #expect(self.model.flows.map(\.key.priority) == [1])
    _ = self.apply(FlowMod(command: .delete, tableID: 0, outGroup: 7))
    #expect(self.model.flows.map(\.key.priority) == [1])
  }

  @Test mutating func `a flow that goes is told of if it asked for it`() {
    _ = self.apply(FlowMod(tableID: 0, priority: 1, cookie: 1, flags: [.sendFlowRemoved]))
    _ = self.apply(FlowMod(tableID: 0, priority: 2, cookie: 2))
    let removed = self.model.apply(.flowMod(FlowMod(command: .delete, tableID: 0))).removed
    #expect(removed.map(\.cookie) == [1])
    #expect(removed.map(\.reason) == [.delete])
  }

  @Test mutating func `what Open vSwitch refuses is refused`() {
    #expect(
      self.apply(FlowMod(tableID: 0, instructions: [.applyActions([.group(5)])])) == .badOutGroup(5))
    #expect(self.apply(FlowMod(tableID: 2, instructions: [.gotoTable(2)])) == .badTable(2))
    #expect(self.apply(FlowMod(tableID: 0, match: [.tcpDestination(80)])) == .missingPrerequisite(.tcpDestination))
    #expect(self.apply(FlowMod(tableID: 0, match: [.register(3, 1)])) == .unsupportedField(.register(3)))
    #expect(
      self.apply(FlowMod(tableID: 0, instructions: [.applyActions([.setField(.arpOperation(2))])]))
        == .inconsistentAction(.arpOperation))
    #expect(self.apply(FlowMod(tableID: 0, instructions: [.applyActions([.popVLAN])])) == .unsupportedAction)
    #expect(self.model.flows.isEmpty)
  }

  @Test mutating func `actions are done in their order, each on what the one before left`() {
    let first = MatchEntry.tcpDestination(1)
    let second = MatchEntry.tcpDestination(2)
    _ = self.apply(
      FlowMod(
        tableID: 0, match: self.tcp,
        instructions: [
          .applyActions([.setField(first), .output(11), .setField(second), .output(12), .output(.inPort)]),
          .gotoTable(1),
        ]))
    _ = self.apply(FlowMod(tableID: 1, match: [], instructions: [.applyActions([.output(1)])]))
    let passage = self.model.receive(.fromClient(.syn, port: 9, to: .init(Site.virtualIP(0), 80)), from: 1)
    #expect(passage.outputs.map(\.port) == [11, 12, 1])
    #expect(passage.outputs.map { $0.packet.segment?.destination } == [1, 2, 2])
    // A packet leaves by the port that it came from only if that is said in so many words.
    #expect(passage.steps.last == .held(1))
  }

  @Test mutating func `a packet that matches nothing is dropped`() {
    let passage = self.model.receive(.fromClient(.syn, port: 9, to: .init(Site.virtualIP(0), 80)), from: 1)
    #expect(passage.outputs.isEmpty)
    #expect(passage.steps == [.missed(table: 0)])
  }

  @Test mutating func `after a reboot there are ports and nothing else`() {
    let fresh = self.model
    _ = self.apply(FlowMod(tableID: 0, instructions: [.applyActions([.output(.normal)])]))
    _ = self.model.apply(.groupMod(GroupMod(kind: .fastFailover, group: 7)))
    _ = self.model.receive(.fromClient(.syn, port: 9, to: .init(Site.virtualIP(0), 80)), from: 1)
    #expect(self.model != fresh)
    self.model.reboot()
    #expect(self.model == fresh)
  }
}
