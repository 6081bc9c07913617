// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import DatapathModel
import FlowPipeline
import OpenFlow
import Reconciliation
import ServiceModel
import Simulation
import StaticEntries
import Testing

extension RandomSource {
  fileprivate mutating func below(_ bound: UInt64) -> Int { Int(self.next(below: bound)) }
}

/// Operators' own flows and groups beside those of services.
@Suite struct StaticEntryTests: ThreeRegions {
  private let id = Site.datapath(0)

  private func flow(
    _ name: String, port: UInt32 = 40, priority: UInt16 = 0x8000, to output: PortNumber = 41, isActive: Bool = true,
    on datapath: DatapathID? = nil
  ) -> StaticEntry {
    StaticEntry(
      name: name, datapath: datapath ?? self.id, isActive: isActive,
      content: .flow(
        StaticFlow(
          priority: priority,
          match: [
            .inPort(PortNumber(port)), .ethernetType(0x0800),
            .ipv4Destination(IPv4Address(rawValue: 0x0a00_0000 | port)),
          ],
          instructions: [.applyActions([.output(output)])])))
  }

  private func group(_ name: String, number: UInt32, to output: PortNumber) -> StaticEntry {
    StaticEntry(
      name: name, datapath: self.id,
      content: .group(
        StaticGroup(number: GroupNumber(number), kind: .all, buckets: [Bucket(actions: [.output(output)])])))
  }

  private func order(
    _ rehearsal: inout Rehearsal, _ number: UInt64, puts: [StaticEntry] = [], deletes: [String] = [],
    isLenient: Bool = false
  ) -> EntryAnswer? {
    rehearsal.tell(.entries(EntryChange(deletes: deletes, puts: puts), isLenient: isLenient, order: number))
    return rehearsal.answers[number]
  }

  private func entries(_ rehearsal: Rehearsal) -> [UInt64] {
    (rehearsal.datapaths[self.id]?.flows ?? []).map(\.cookie).filter(EntryCookie.isOurs).sorted()
  }

  private func cookies(_ names: String...) -> [UInt64] { names.map(EntryCookie.of).sorted() }

  @Test func `an order is answered when the switch has confirmed it, and services do not notice`() {
    var rehearsal = self.rehearse()
    let program = rehearsal.datapaths[self.id]?.program
    let answer = self.order(&rehearsal, 1, puts: [self.flow("a"), self.flow("b", port: 42)])
    #expect(answer == .done(EntryReceipt()))
    #expect(rehearsal.look() == ["change s1: add flow, add flow"])
    #expect(self.entries(rehearsal) == self.cookies("a", "b"))
    #expect(rehearsal.datapaths[self.id]?.program == program)
    #expect(rehearsal.kept == [EntryChange(puts: [self.flow("a"), self.flow("b", port: 42)])])
    #expect(self.order(&rehearsal, 2, deletes: ["a", "b"]) == .done(EntryReceipt()))
    #expect(self.entries(rehearsal) == [])
    #expect(rehearsal.datapaths[self.id]?.program == program)
    // Nothing that the switch said of it was taken for somebody else's work.
    rehearsal.run(for: .seconds(20))
    #expect(self.changes(rehearsal.look()) == ["change s1: delete flow"])
  }

  @Test func `what is wrong with one entry leaves all as it was`() {
    var rehearsal = self.rehearse()
    let stranger = DatapathID(rawValue: 0xbad)
    let puts = [
      self.flow("good"), self.flow("stranger", on: stranger), self.flow("good", port: 50), self.flow("same"),
    ]
    let answer = self.order(&rehearsal, 1, puts: puts, deletes: ["nobody"])
    #expect(
      answer
        == .rejected([
          EntryRejection(index: 0, problem: .unknownEntry),
          EntryRejection(index: 2, problem: .unknownSwitch(stranger)),
          EntryRejection(index: 3, problem: .namedTwice),
          EntryRejection(index: 4, problem: .sameFlow("good")),
        ]))
    #expect(rehearsal.look() == [])
    #expect(rehearsal.kept == [])
  }

  @Test func `a switch that begins anew gets its entries, and one that kept them nothing`() {
    var rehearsal = self.rehearse()
    _ = self.order(&rehearsal, 1, puts: [self.group("g", number: 7, to: 41), self.flow("a")])
    _ = rehearsal.look()
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    #expect(self.changes(rehearsal.look()) == [])
    rehearsal.datapaths[self.id]?.reboot()
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    #expect(self.entries(rehearsal) == self.cookies("a"))
    #expect(rehearsal.datapaths[self.id]?.groupDescriptions[GroupNumber(7)] != nil)
  }

  @Test func `a controller that starts takes over what the store knows, and away what it does not`() {
    var rehearsal = self.rehearse()
    _ = self.order(&rehearsal, 1, puts: [self.flow("kept"), self.flow("gone", port: 43)])
    _ = rehearsal.look()
    rehearsal.restartController()
    rehearsal.run(for: .seconds(1))
    // It does not know the store yet: nothing that may be wanted is touched.
    #expect(self.changes(rehearsal.look()) == [])
    rehearsal.tell(.storedEntries(EntryChange(puts: [self.flow("kept")]), isAll: true))
    rehearsal.run(for: .seconds(1))
    #expect(self.changes(rehearsal.look()).last == "change s1: deleteStrict flow")
    #expect(self.entries(rehearsal) == self.cookies("kept"))
  }

  @Test func `the audit puts back what somebody took, and a flow that is taken is put back at once`() throws {
    var rehearsal = self.rehearse()
    let entry = self.flow("a")
    _ = self.order(&rehearsal, 1, puts: [entry])
    _ = rehearsal.look()
    let removed = try #require(rehearsal.datapaths[self.id]?.apply(entry.deleting).removed)
    #expect(removed.count == 1)
    for flow in removed { rehearsal.tell(.flowRemoved(self.id, flow)) }
    #expect(self.entries(rehearsal) == self.cookies("a"))
  }

  @Test func `a flow whose time is over is gone from here too`() throws {
    var rehearsal = self.rehearse()
    let entry = self.flow("a")
    _ = self.order(&rehearsal, 1, puts: [entry])
    var removed = try #require(rehearsal.datapaths[self.id]?.apply(entry.deleting).removed.first)
    removed.reason = .idleTimeout
    rehearsal.tell(.flowRemoved(self.id, removed))
    #expect(rehearsal.kept.last == EntryChange(deletes: ["a"]))
    rehearsal.run(for: .seconds(60))
    #expect(self.entries(rehearsal) == [])
  }

  @Test func `what a switch refuses is told of the entry, and tried again when it begins anew`() {
    var rehearsal = self.rehearse()
    // There is no such group.
    let entry = StaticEntry(
      name: "a", datapath: self.id,
      content: .flow(StaticFlow(priority: 0x100, match: [.inPort(40)], instructions: [.applyActions([.group(99)])])))
    let answer = self.order(&rehearsal, 1, puts: [entry, self.flow("b", priority: 0x100)])
    guard case .done(let receipt)? = answer else {
      Issue.record("\(String(describing: answer))")
      return
    }
    #expect(receipt.refused.map(\.name) == ["a"])
    #expect(self.entries(rehearsal) == self.cookies("b"))
    _ = rehearsal.look()
    rehearsal.run(for: .seconds(100))
    #expect(self.changes(rehearsal.look()) == [])
    #expect(self.order(&rehearsal, 2, puts: [self.group("g", number: 99, to: 41)]) == .done(EntryReceipt()))
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    #expect(self.entries(rehearsal) == self.cookies("a", "b"))
  }

  @Test func `entries of a switch that is away wait for it`() {
    var rehearsal = self.rehearse()
    rehearsal.tell(.switchDisconnected(self.id, reason: "gone"))
    guard case .done(let receipt)? = self.order(&rehearsal, 1, puts: [self.flow("a")]) else {
      Issue.record("no receipt")
      return
    }
    #expect(receipt.waiting == ["a"])
    #expect(self.entries(rehearsal) == [])
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    #expect(self.entries(rehearsal) == self.cookies("a"))
  }

  @Test func `an order that a lost connection cuts short is answered, and waits`() {
    var rehearsal = self.rehearse()
    rehearsal.isHoldingReplies = true
    #expect(self.order(&rehearsal, 1, puts: [self.flow("a")]) == nil)
    rehearsal.tell(.switchDisconnected(self.id, reason: "gone"))
    guard case .done(let receipt)? = rehearsal.answers[1] else {
      Issue.record("no receipt")
      return
    }
    #expect(receipt.waiting == ["a"])
  }

  @Test func `a follower takes no orders`() {
    var rehearsal = self.rehearse()
    rehearsal.tell(.leadership(.following(epoch: 3)))
    #expect(self.order(&rehearsal, 1, puts: [self.flow("a")]) == .notLeading)
  }

  @Test func `an inactive entry is kept and not sent, and activating it sends it`() {
    var rehearsal = self.rehearse()
    #expect(self.order(&rehearsal, 1, puts: [self.flow("a", isActive: false)]) == .done(EntryReceipt()))
    #expect(self.entries(rehearsal) == [])
    #expect(self.order(&rehearsal, 2, puts: [self.flow("a")]) == .done(EntryReceipt()))
    #expect(self.entries(rehearsal) == self.cookies("a"))
    #expect(self.order(&rehearsal, 3, puts: [self.flow("a", isActive: false)]) == .done(EntryReceipt()))
    #expect(self.entries(rehearsal) == [])
  }

  @Test func `with lenience the newest of two with one flow stays, and who is not there need not be deleted`() {
    var rehearsal = self.rehearse()
    #expect(self.order(&rehearsal, 1, puts: [self.flow("old")], isLenient: true) == .done(EntryReceipt()))
    #expect(self.order(&rehearsal, 2, puts: [self.flow("new", to: 44)], isLenient: true) == .done(EntryReceipt()))
    #expect(self.entries(rehearsal) == self.cookies("new"))
    #expect(rehearsal.kept.last?.deletes == ["old"])
    #expect(self.order(&rehearsal, 3, deletes: ["old", "new"], isLenient: true) == .done(EntryReceipt()))
    #expect(self.entries(rehearsal) == [])
  }

  @Test func `an entry that takes a service's packets is refused, and one that a new service finds is held back`() {
    var rehearsal = self.rehearse()
    func taking(_ name: String, _ address: IPv4Address, priority: UInt16) -> StaticEntry {
      StaticEntry(
        name: name, datapath: self.id,
        content: .flow(
          StaticFlow(
            priority: priority,
            match: [.inPort(Site.clientPort), .ethernetType(0x0800), .ipv4Destination(address)])))
    }
    let answer = self.order(&rehearsal, 1, puts: [taking("a", Site.virtualIP(0), priority: 0x3000)])
    guard case .rejected(let rejections)? = answer, case .shadows(let shadow)? = rejections.first?.problem else {
      Issue.record("\(String(describing: answer))")
      return
    }
    #expect(shadow.packets == .to(.v4(Site.virtualIP(0))) && shadow.limit == 0x3000)
    #expect(
      self.order(&rehearsal, 2, puts: [taking("a", Site.virtualIP(0), priority: 0x2fff)]) == .done(EntryReceipt()))
    #expect(
      self.order(&rehearsal, 3, puts: [taking("b", Site.virtualIP(2), priority: 0x8000)]) == .done(EntryReceipt()))
    #expect(self.entries(rehearsal) == self.cookies("a", "b"))
    let third = Site.makeService(2, preference: [0, 1, 2])
    rehearsal.configure(
      Site.makeIntent(regions: 3, detection: self.detection, services: [self.web, self.mail, third]))
    #expect(self.entries(rehearsal) == self.cookies("a"))
    #expect(rehearsal.look().contains { $0.contains("1 entries are kept off their switches") })
    rehearsal.configure(Site.makeIntent(regions: 3, detection: self.detection, services: [self.web, self.mail]))
    #expect(self.entries(rehearsal) == self.cookies("a", "b"))
  }

  /// A law: whatever orders come, reboots and restarts between them, the switch holds what the last orders say.
  @Test(arguments: 0..<20) func `the switch holds what was ordered last`(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var rehearsal = self.rehearse()
    let services = rehearsal.datapaths[self.id]?.program
    var book = EntryBook()
    for number in 1...40 {
      var names = Set<String>()
      var change = EntryChange()
      for _ in 0...random.below(4) {
        let name = "e\(random.below(12))"
        guard names.insert(name).inserted else { continue }
        if random.below(3) == 0 {
          change.deletes.append(name)
        } else if random.below(4) == 0 {
          change.puts.append(self.group(name, number: UInt32(100 + random.below(12)), to: 41))
        } else {
          change.puts.append(
            self.flow(
              name, port: UInt32(40 + random.below(12)), to: PortNumber(UInt32(60 + random.below(3))),
              isActive: random.below(5) > 0))
        }
      }
      let answer = self.order(&rehearsal, UInt64(number), puts: change.puts, deletes: change.deletes, isLenient: true)
      if case .done? = answer, let kept = rehearsal.kept.last { book.apply(kept) }
      switch random.below(8) {
      case 0:
        rehearsal.datapaths[self.id]?.reboot()
        rehearsal.connect()
      case 1: rehearsal.connect()
      case 2:
        rehearsal.restartController()
        rehearsal.tell(.storedEntries(EntryChange(puts: Array(book.entries.values)), isAll: true))
        rehearsal.connect()
      default: break
      }
    }
    rehearsal.run(for: .seconds(61))
    var wanted = DatapathProgram()
    for entry in book.entries.values where entry.isActive { entry.write(to: &wanted) }
    let datapath = rehearsal.datapaths[self.id]
    var held = DatapathProgram()
    for flow in datapath?.flows ?? [] where EntryCookie.isOurs(flow.cookie) {
      held.flows[flow.key] = DatapathProgram.Flow(
        cookie: flow.cookie, flags: flow.flags, instructions: flow.instructions)
    }
    for (number, group) in datapath?.groupDescriptions ?? [:] where !GroupNumbers.isOurs(number) {
      held.groups[number] = DatapathProgram.Group(kind: group.kind, buckets: group.buckets)
    }
    #expect(held.flows == wanted.flows)
    #expect(held.groups == wanted.groups)
    #expect(datapath?.program == services)
  }
}
