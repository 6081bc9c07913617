// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import ServiceModel
import Southbound
import StaticEntries
import Testing

@Suite struct SingleTableTests {
  /// What a virtual IP, a listener and its replies have.
  private static let mods: [FlowMod] = [
    FlowMod(
      tableID: 1, priority: 0x2000, cookie: Cookie.service.rawValue,
      match: [.ethernetType(0x0800), .ipProtocol(6), .ipv4Destination(IPv4Address(rawValue: 1)), .tcpDestination(80)],
      instructions: [.applyActions([.output(2)])]),
    FlowMod(
      tableID: 1, priority: 0x1000, cookie: Cookie.virtualIP.rawValue,
      match: [.ethernetType(0x0800), .ipv4Destination(IPv4Address(rawValue: 1))],
      instructions: [.applyActions([.output(3)])]),
    FlowMod(
      tableID: 0, priority: 0x3000, cookie: Cookie.virtualIP.rawValue,
      match: [.ethernetType(0x0800), .ipv4Destination(IPv4Address(rawValue: 1))], instructions: [.gotoTable(1)]),
    FlowMod(
      tableID: 0, priority: 0x3000, cookie: Cookie.service.rawValue,
      match: [.ethernetType(0x0800), .ipv4Source(IPv4Address(rawValue: 2))],
      instructions: [.applyActions([.output(.normal)])]),
    FlowMod(
      tableID: 0, priority: 0x4000, cookie: Cookie.virtualIP.rawValue, match: [.ethernetType(0x0806)]),
  ]

  private func told(_ mod: FlowMod) -> FlowStatistics {
    FlowStatistics(
      tableID: mod.tableID, priority: mod.priority, cookie: mod.cookie, match: mod.match, instructions: mod.instructions
    )
  }

  @Test(arguments: Self.mods)
  func `what is told of one table is what was meant for two`(mod: FlowMod) {
    let flat = SingleTable.flatten(mod)
    #expect(flat.tableID == 0)
    #expect(!flat.instructions.contains(.gotoTable(1)))
    #expect(SingleTable.restore(self.told(flat)) == self.told(mod))
  }

  @Test func `a listener's rule is above what drops the rest of its virtual IP, and its owner's is between`() {
    let priorities = Self.mods.prefix(3).map { SingleTable.flatten($0).priority }
    #expect(priorities[0] > priorities[1])
    #expect(priorities[1] > priorities[2])
    let delete = FlowMod(command: .deleteStrict, tableID: 1, priority: 0x2000, match: Self.mods[0].match)
    #expect(SingleTable.flatten(delete).priority == priorities[0])
  }

  @Test func `operators' entries stay as they are`() {
    let entry = FlowMod(tableID: 7, priority: 0x3021, cookie: EntryCookie.of("one"), instructions: [.gotoTable(9)])
    #expect(SingleTable.flatten(entry) == entry)
    #expect(SingleTable.restore(self.told(entry)) == self.told(entry))
  }
}

@Suite struct ImportTests {
  private let datapath = DatapathID(rawValue: 0xb1)

  private func found(_ flows: [(name: String?, flow: FlowStatistics)]) -> FoundFlows {
    var found = FoundFlows()
    found.flows = flows.map { FoundFlows.NamedFlow(name: $0.name, flow: $0.flow) }
    return found
  }

  private func flow(
    _ priority: UInt16, cookie: UInt64 = 0, idle: UInt16 = 0, _ actions: [Action] = [.output(2)]
  ) -> FlowStatistics {
    FlowStatistics(
      tableID: 0, priority: priority, cookie: cookie, idleTimeout: idle, match: [.inPort(1)],
      instructions: [.applyActions(actions)])
  }

  @Test func `every flow is taken, or told with the reason`() {
    var found = self.found([
      ("mine", self.flow(1)), (nil, self.flow(2)), (nil, self.flow(3, cookie: Cookie.service.rawValue)),
      (nil, self.flow(4, [.output(.controller)])), (nil, self.flow(5, idle: 10)),
    ])
    found.others = [FoundFlows.Other(what: "a flow", why: "it cannot be said")]
    var imported = ImportedEntries()
    imported.add(found, of: self.datapath, prefix: "ryu")
    #expect(imported.entries.count == 2)
    #expect(imported.entries.contains { $0.name == "mine" })
    #expect(imported.entries.contains { $0.name.hasPrefix("ryu-00000000000000b1-") })
    #expect(imported.left.count == 4)
    #expect(imported.left.map(\.why).contains { $0.contains("Isthmus's own") })
    #expect(imported.left.map(\.why).contains { $0.contains("hands packets to its controller") })
    #expect(imported.left.map(\.why).contains { $0.contains("goes by itself") })
  }

  @Test func `the same flows have the same names ever again`() {
    var first = ImportedEntries()
    first.add(self.found([(nil, self.flow(2)), (nil, self.flow(7))]), of: self.datapath, prefix: "ryu")
    var second = ImportedEntries()
    second.add(self.found([(nil, self.flow(7)), (nil, self.flow(2))]), of: self.datapath, prefix: "ryu")
    #expect(first == second)
    #expect(Set(first.entries.map(\.name)).count == 2)
  }
}
