// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import DatapathModel
import FlowPipeline
import OpenFlow
import Reconciliation
import ServiceModel
import Simulation
import Testing

/// How the controller keeps tables as they should be.
@Suite struct ProgrammingTests {
  private let web = Site.makeService(0, preference: [0, 1])
  private let mail = Site.makeService(1, preference: [1, 0])
  private let detection = Detection(
    heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2), damping: nil)

  private func intent(_ services: [Service]) -> Intent {
    Site.makeIntent(regions: 2, detection: self.detection, services: services)
  }

  private func rehearse() -> Rehearsal {
    var rehearsal = Rehearsal(self.intent([self.web]))
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    return rehearsal
  }

  private func changes(_ lines: [String]) -> [String] { lines.filter { $0.hasPrefix("change") } }

  @Test func `the audit finds nothing on a switch that nobody touched`() {
    var rehearsal = self.rehearse()
    rehearsal.run(for: .seconds(100))
    #expect(rehearsal.look() == ["read s1", "read s1", "read s1"])
  }

  @Test func `the audit repairs what somebody changed behind our back`() {
    var rehearsal = self.rehearse()
    let id = Site.datapath(0)
    let held = rehearsal.datapaths[id]?.program
    let stolen = rehearsal.datapaths[id]?.flows.last?.key
    let stale = FlowMod(tableID: 1, priority: 9, cookie: 0x4953_5448_4d55_5304, match: .any)
    _ = rehearsal.datapaths[id]?.apply(.flowMod(stale))
    if let stolen {
      _ = rehearsal.datapaths[id]?.apply(
        .flowMod(
          FlowMod(
            command: .deleteStrict, tableID: stolen.table, priority: stolen.priority, match: stolen.match)))
    }
    rehearsal.run(for: .seconds(30))
    #expect(
      rehearsal.look() == [
        "read s1", "change s1: add flow, deleteStrict flow", "switch s1 confirmed 2 changes after 0.0 ms",
      ])
    #expect(rehearsal.datapaths[id]?.program == held)
  }

  @Test func `a flow of ours that is taken away is put back at once`() throws {
    var rehearsal = self.rehearse()
    let id = Site.datapath(0)
    let removed = try #require(
      rehearsal.datapaths[id]?.apply(.flowMod(FlowMod(command: .delete, tableID: TableNumber.all))).removed)
    #expect(!removed.isEmpty)
    for flow in removed { rehearsal.tell(.flowRemoved(id, flow)) }
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
  }

  @Test func `a refusal is followed, after a pause, by a look at what the switch holds`() {
    var rehearsal = self.rehearse()
    rehearsal.refusals = 1
    rehearsal.setPort(0, isUp: false)
    #expect(rehearsal.look().contains("switch s1 refused a message: OFPBRC_EPERM"))
    rehearsal.run(for: .milliseconds(990))
    #expect(
      rehearsal.look().filter { !$0.hasPrefix("no heartbeat") }
        == [
          "change s1: flush", "switch s1 forgot the connections to region r1", "late s1: 1 flushes",
          "late s1: 1 flushes",
        ])
    rehearsal.run(for: .milliseconds(100))
    let lines = rehearsal.look()
    #expect(lines.first == "read s1")
    #expect(self.changes(lines) == ["change s1: modify group"])
  }

  @Test func `a switch that refuses everything is asked once a second, not more often`() {
    var rehearsal = self.rehearse()
    rehearsal.refusals = 1000
    rehearsal.setPort(0, isUp: false)
    rehearsal.run(for: .seconds(10))
    #expect(rehearsal.look().count { $0.hasPrefix("read") } <= 10)
  }

  @Test func `a flow that is refused for ever delays no failover, and is told now and then`() {
    var rehearsal = self.rehearse()
    rehearsal.isFull = true
    rehearsal.configure(self.intent([self.web, self.mail]))
    rehearsal.run(for: .seconds(60))
    let refusals = rehearsal.look().count { $0.hasPrefix("switch s1 refused") }
    #expect((4...8).contains(refusals), "\(refusals)")
    #expect(rehearsal.controller.status(at: rehearsal.now).switches[0].refusal == "OFPFMFC_TABLE_FULL")

    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(310))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))

    rehearsal.isFull = false
    rehearsal.dark = []
    rehearsal.run(for: .seconds(62))
    #expect(rehearsal.controller.status(at: rehearsal.now).switches[0].refusal == nil)
    #expect(rehearsal.region(of: self.mail, clientPort: 2) == Site.region(1))
  }

  @Test func `a first read that is refused is asked again soon, and nothing is judged before`() {
    var rehearsal = self.rehearse()
    rehearsal.tell(.switchDisconnected(Site.datapath(0), reason: "gone"))
    rehearsal.run(for: .seconds(10))
    rehearsal.isHoldingReplies = true
    rehearsal.connect()
    rehearsal.tell(
      .switchRefused(Site.datapath(0), Refusal(error: "OFPBRC_MULTIPART_BUFFER_OVERFLOW", concernsProgram: true)))
    rehearsal.run(for: .milliseconds(1010))
    #expect(rehearsal.look().count { $0 == "read s1" } == 2)
    rehearsal.release()
    rehearsal.run(for: .seconds(5))
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `a flow that is taken away while the tables are read is put back at once`() throws {
    var rehearsal = self.rehearse()
    let id = Site.datapath(0)
    rehearsal.isHoldingReplies = true
    rehearsal.run(for: .seconds(30))
    #expect(rehearsal.look() == ["read s1"])
    let stolen = try #require(rehearsal.datapaths[id]?.flows.last?.key)
    let theft = FlowMod(
      command: .deleteStrict, tableID: stolen.table, priority: stolen.priority, match: stolen.match)
    let removed = try #require(rehearsal.datapaths[id]?.apply(.flowMod(theft)).removed.first)
    rehearsal.tell(.flowRemoved(id, removed))
    rehearsal.release()
    rehearsal.run(for: .milliseconds(1))
    #expect(rehearsal.look() == ["read s1", "change s1: add flow", "switch s1 confirmed 1 changes after 0.0 ms"])
  }

  @Test func `a barrier that is never answered does not end the audits`() {
    var rehearsal = self.rehearse()
    rehearsal.isHoldingReplies = true
    rehearsal.configure(self.intent([self.web, self.mail]))
    _ = rehearsal.look()
    rehearsal.run(for: .seconds(31))
    #expect(rehearsal.look().contains("read s1"))
  }

  @Test func `a change that was refused as a whole is not waited for`() {
    var rehearsal = self.rehearse()
    rehearsal.isHoldingReplies = true
    rehearsal.configure(self.intent([self.web, self.mail]))
    rehearsal.tell(.switchRefused(Site.datapath(0), Refusal(error: "too many requests", concernsProgram: true)))
    _ = rehearsal.look()
    rehearsal.run(for: .milliseconds(1010))
    #expect(rehearsal.look().contains("read s1"))
  }

  @Test func `connections to a gateway's old address, and to a region that is removed, are forgotten`() {
    for isRemoved in [false, true] {
      var rehearsal = self.rehearse()
      let id = Site.datapath(0)
      #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
      #expect(rehearsal.datapaths[id]?.connections.count == 1)
      var intent = self.intent([isRemoved ? Site.makeService(0, preference: [1]) : self.web])
      if isRemoved {
        intent.switches[0].gateways.removeFirst()
        intent.regions.removeFirst()
      } else {
        intent.switches[0].gateways[0].address = Site.gatewayAddress(7)
      }
      rehearsal.configure(intent)
      rehearsal.run(for: .milliseconds(100))
      #expect(rehearsal.datapaths[id]?.connections.isEmpty == true)
    }
  }

  @Test func `connections to a gateway that got another address while no controller was there are forgotten`() {
    var rehearsal = self.rehearse()
    let id = Site.datapath(0)
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
    var intent = self.intent([self.web])
    intent.switches[0].gateways[0].address = Site.gatewayAddress(7)
    rehearsal.restartController(with: intent)
    rehearsal.run(for: .milliseconds(100))
    #expect(rehearsal.datapaths[id]?.connections.isEmpty == true)
  }

  @Test func `a decision does not wait for the barrier of the one before`() {
    var rehearsal = self.rehearse()
    rehearsal.isHoldingReplies = true
    rehearsal.configure(self.intent([self.web, self.mail]))
    rehearsal.setPort(0, isUp: false)
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
    #expect(self.changes(rehearsal.look()).last == "change s1: modify group")
    rehearsal.release()
    rehearsal.run(for: .seconds(40))
    #expect(self.changes(rehearsal.look()) == ["change s1: flush"])
  }

  @Test func `a decision does not wait for an audit's answer, which then is void`() {
    var rehearsal = self.rehearse()
    rehearsal.isHoldingReplies = true
    rehearsal.run(for: .seconds(30))
    #expect(rehearsal.look() == ["read s1"])
    rehearsal.setPort(0, isUp: false)
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
    rehearsal.release()
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(1))
  }

  @Test func `connections are cut when the switch has confirmed the change, and not if it has been taken back by then`()
  {
    var rehearsal = self.rehearse()
    rehearsal.isHoldingReplies = true
    rehearsal.setPort(0, isUp: false)
    rehearsal.run(for: .seconds(1))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group"])
    rehearsal.release()
    rehearsal.run(for: .milliseconds(100))
    #expect(rehearsal.look().prefix(2) == ["switch s1 confirmed 1 changes after 1.0 s", "change s1: flush"])

    rehearsal.setPort(0, isUp: true)
    rehearsal.run(for: .seconds(3))
    _ = rehearsal.look()
    rehearsal.isHoldingReplies = true
    rehearsal.setPort(0, isUp: false)
    rehearsal.setPort(0, isUp: true)
    rehearsal.run(for: .seconds(3))
    rehearsal.release()
    rehearsal.run(for: .seconds(1))
    #expect(!rehearsal.look().contains { $0.hasSuffix("flush") || $0.hasPrefix("late") })
  }

  @Test func `what is to be cut is not forgotten with the connection to the switch`() {
    var rehearsal = self.rehearse()
    let id = Site.datapath(0)
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
    rehearsal.isHoldingReplies = true
    rehearsal.setPort(0, isUp: false)
    #expect(rehearsal.datapaths[id]?.connections.isEmpty == false)
    rehearsal.tell(.switchDisconnected(id, reason: "reset"))
    rehearsal.isHoldingReplies = false
    rehearsal.connect()
    rehearsal.run(for: .milliseconds(100))
    #expect(rehearsal.datapaths[id]?.connections.isEmpty == true)
  }

  @Test func `what an audit finds and what is decided in the same moment leave together`() {
    var rehearsal = self.rehearse()
    let id = Site.datapath(0)
    rehearsal.isHoldingReplies = true
    rehearsal.run(for: .seconds(29))
    #expect(rehearsal.look() == ["read s1"])
    // The answer, by which a flow must be repaired, comes with the very moment of the region's deadline.
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(295))
    rehearsal.stall(for: .milliseconds(5))
    var readBack = rehearsal.datapaths[id]?.readBack() ?? ReadBack()
    readBack.add([FlowStatistics(tableID: 1, priority: 9, cookie: Cookie.base.rawValue, match: .any, instructions: [])])
    rehearsal.release(replacingReadsBy: readBack)
    rehearsal.run(for: .milliseconds(100))
    #expect(
      self.changes(rehearsal.look()) == ["change s1: modify group, deleteStrict flow", "change s1: flush"])
  }

  @Test func `a service that is added leaves the others alone`() {
    var rehearsal = self.rehearse()
    rehearsal.configure(self.intent([self.web, self.mail]))
    let changes = self.changes(rehearsal.look())
    #expect(changes.count == 1)
    #expect(changes.first?.contains("delete") == false)
    #expect(changes.first?.contains("modify") == false)
    #expect(changes.first?.hasPrefix("change s1: add group, add flow") == true, "\(changes)")
    #expect(rehearsal.region(of: self.mail, clientPort: 1) == Site.region(1))
  }

  @Test func `a service that is replaced is added before the old one is deleted`() throws {
    var rehearsal = self.rehearse()
    rehearsal.configure(self.intent([self.mail]))
    let change = try #require(self.changes(rehearsal.look()).first)
    let words = change.dropFirst("change s1: ".count).split(separator: ", ")
    let lastAdd = try #require(words.lastIndex { $0.hasPrefix("add") })
    let firstDelete = try #require(words.firstIndex { $0.hasPrefix("delete") })
    #expect(lastAdd < firstDelete)
    #expect(rehearsal.region(of: self.web, clientPort: 1) == nil)
    #expect(rehearsal.region(of: self.mail, clientPort: 2) == Site.region(1))
  }

  @Test func `the same configuration once more changes nothing`() {
    var rehearsal = self.rehearse()
    rehearsal.configure(self.intent([self.web]))
    rehearsal.run(for: .seconds(5))
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `losing a region costs one GROUP_MOD with a hundred services as with one`() {
    for count in [1, 100] {
      var rehearsal = Rehearsal(
        self.intent((0..<count).map { Site.makeService($0, preference: [0, 1]) }))
      rehearsal.connect()
      rehearsal.run(for: .seconds(1))
      _ = rehearsal.look()
      rehearsal.setPort(0, isUp: false)
      rehearsal.run(for: .milliseconds(100))
      #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
    }
  }
}
