// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import OpenFlow
import Simulation
import Testing

/// What a switch says to groups, and which bucket a packet takes.
@Suite struct GroupTests {
  private func makeSwitch() -> SoftwareSwitch {
    SoftwareSwitch(datapath: Site.datapath(0), ports: Site.makePorts(regions: 3))
  }

  private func group(
    _ command: GroupMod.Command, _ number: GroupNumber, kind: GroupKind = .fastFailover, _ buckets: [Bucket] = []
  ) -> MessageBody {
    .groupMod(GroupMod(command: command, kind: kind, group: number, buckets: buckets))
  }

  private func send(_ model: inout SoftwareSwitch) -> [PortNumber] {
    _ = model.apply(.flowMod(FlowMod(tableID: 0, instructions: [.applyActions([.group(1)])])))
    let packet = Packet.fromClient(.syn, port: 1, to: .init(Site.virtualIP(0), 80))
    return model.receive(packet, from: Site.clientPort).outputs.map(\.port)
  }

  @Test func `a group is added once, changed only if it is there, deleted in any case`() {
    var model = self.makeSwitch()
    #expect(model.apply(self.group(.modify, 1)).refusal == .unknownGroup(1))
    #expect(model.apply(self.group(.add, 1)).refusal == nil)
    #expect(model.apply(self.group(.add, 1)).refusal == .groupExists(1))
    #expect(model.apply(self.group(.addOrModify, 1)).refusal == nil)
    #expect(model.apply(self.group(.delete, 1)).refusal == nil)
    #expect(model.apply(self.group(.delete, 1)).refusal == nil)
  }

  @Test func `refusals have the numbers of the specification`() {
    #expect(SwitchRefusal.groupExists(1).message == ErrorMessage(type: 6, code: 0))
    #expect(SwitchRefusal.unknownGroup(1).message == ErrorMessage(type: 6, code: 8))
    #expect(SwitchRefusal.badOutGroup(1).message == ErrorMessage(type: 2, code: 9))
  }

  @Test func `a fast-failover bucket must watch something, and no other may`() {
    var model = self.makeSwitch()
    let blind = Bucket(actions: [.output(11)])
    let watching = Bucket(watchPort: 11, actions: [.output(11)])
    #expect(model.apply(self.group(.add, 1, [blind])).refusal == .invalidGroup(1))
    #expect(model.apply(self.group(.add, 1, kind: .all, [watching])).refusal == .watchUnsupported(1))
    #expect(model.apply(self.group(.add, 1, kind: .all, [blind])).refusal == nil)
  }

  @Test func `the first bucket whose port is up gets the packet`() {
    var model = self.makeSwitch()
    let buckets = [11, 12].map { Bucket(watchPort: PortNumber($0), actions: [.output(PortNumber($0))]) }
    _ = model.apply(self.group(.add, 1, buckets))
    #expect(self.send(&model) == [11])
    _ = model.setPort(11, isUp: false)
    #expect(self.send(&model) == [12])
    _ = model.setPort(12, isUp: false)
    #expect(self.send(&model) == [])
    _ = model.setPort(11, isUp: true)
    #expect(self.send(&model) == [11])
  }

  @Test func `a watched group is live if one of its buckets is, however deep, and an empty one is not`() {
    var model = self.makeSwitch()
    _ = model.apply(self.group(.add, 3, [Bucket(watchPort: 11)]))
    _ = model.apply(self.group(.add, 2, [Bucket(watchGroup: 3)]))
    _ = model.apply(
      self.group(
        .add, 1,
        [Bucket(watchGroup: 2, actions: [.output(11)]), Bucket(watchPort: 12, actions: [.output(12)])]))
    #expect(self.send(&model) == [11])
    _ = model.setPort(11, isUp: false)
    #expect(self.send(&model) == [12])
    _ = model.setPort(11, isUp: true)
    _ = model.apply(self.group(.modify, 3, []))
    #expect(self.send(&model) == [12])
  }

  @Test func `a bucket that watches a group which is not there, or itself, is dead`() {
    var model = self.makeSwitch()
    _ = model.apply(
      self.group(
        .add, 1,
        [
          Bucket(watchGroup: 9, actions: [.output(11)]), Bucket(watchGroup: 1, actions: [.output(12)]),
          Bucket(watchPort: 13, actions: [.output(13)]),
        ]))
    // The last bucket is live, so the group is, so the second bucket is.
    #expect(self.send(&model) == [12])
    _ = model.setPort(13, isUp: false)
    #expect(self.send(&model) == [])
  }

  @Test func `a deleted group takes its flows along, and says so if they asked for it`() {
    var model = self.makeSwitch()
    _ = model.apply(self.group(.add, 1))
    let flow = FlowMod(
      tableID: 0, priority: 7, cookie: 5, flags: [.sendFlowRemoved], instructions: [.applyActions([.group(1)])])
    #expect(model.apply(.flowMod(flow)).refusal == nil)
    let removed = model.apply(self.group(.delete, 1)).removed
    #expect(removed.map(\.reason) == [.groupDelete])
    #expect(removed.map(\.cookie) == [5])
    #expect(model.flows.isEmpty)
  }
}
