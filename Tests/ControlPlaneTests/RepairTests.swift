// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import DatapathModel
import FlowPipeline
import ServiceModel
import Simulation
import Testing

/// Many services are programmed, and compared, portion by portion.
@Suite struct RepairTests {
  private static let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))
  private let id = Site.datapath(0)

  private func intent(_ services: Range<Int>) -> Intent {
    Site.makeIntent(
      regions: 2, detection: Self.detection, services: services.map { Site.makeService($0, preference: [0, 1]) })
  }

  /// A switch that is known, and holds one service; the controller begins anew with many.
  private func begin(_ services: Range<Int>, isHeld: Bool = false) -> Rehearsal {
    var rehearsal = Rehearsal(self.intent(0..<1), pace: ProgrammingPace(sections: 20, ahead: 4))
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    rehearsal.isHoldingReplies = isHeld
    rehearsal.restartController(with: self.intent(services))
    if isHeld {
      rehearsal.release(isHoldingMore: true)
      rehearsal.run(for: .milliseconds(1))
    } else {
      rehearsal.run(for: .seconds(1))
    }
    return rehearsal
  }

  private func changes(_ lines: [String]) -> [String] { lines.filter { $0.hasPrefix("change") } }

  /// Lets the switch answer, again and again, until nothing more is asked of it.
  private func releaseAll(_ rehearsal: inout Rehearsal) {
    for _ in 0..<20 {
      rehearsal.release(isHoldingMore: true)
      rehearsal.run(for: .milliseconds(1))
    }
    rehearsal.release()
    rehearsal.run(for: .seconds(1))
  }

  private func wanted(_ services: Range<Int>) -> DatapathProgram {
    let bench = Bench(self.intent(services))
    return bench.program(bench.healthyPlan)
  }

  @Test func `many services come in several changes and are confirmed as one`() {
    var rehearsal = self.begin(0..<25)
    let lines = rehearsal.look()
    #expect(self.changes(lines).count == 3)
    #expect(lines.count { $0.contains("confirmed") } == 1)
    let held = rehearsal.datapaths[self.id]?.program
    #expect(held == self.wanted(0..<25))
    #expect(rehearsal.controller.status(at: rehearsal.now).switches[0].flows == held?.flows.count)
  }

  @Test func `audits of many services find nothing on a switch that nobody touched`() {
    var rehearsal = self.begin(0..<25)
    _ = rehearsal.look()
    rehearsal.run(for: .seconds(100))
    #expect(rehearsal.look() == ["read s1", "read s1", "read s1"])
  }

  @Test func `a new controller takes away what nobody wants`() {
    var rehearsal = self.begin(0..<25)
    rehearsal.restartController(with: self.intent(5..<25))
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.datapaths[self.id]?.program == self.wanted(5..<25))
  }

  @Test func `a switch gets some changes ahead, and a region that dies meanwhile is taken out at once`() {
    var rehearsal = self.begin(0..<60, isHeld: true)
    #expect(self.changes(rehearsal.look()).count == 4)
    rehearsal.setPort(0, isUp: false)
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group"])
    self.releaseAll(&rehearsal)

    var other = self.begin(0..<60)
    other.setPort(0, isUp: false)
    other.run(for: .seconds(1))
    #expect(rehearsal.datapaths[self.id]?.program == other.datapaths[self.id]?.program)
  }

  @Test func `a configuration that changes while a switch is programmed is what it holds in the end`() {
    var rehearsal = self.begin(0..<60, isHeld: true)
    rehearsal.configure(self.intent(5..<65))
    self.releaseAll(&rehearsal)
    #expect(rehearsal.datapaths[self.id]?.program == self.wanted(5..<65))
    #expect(!rehearsal.look().contains { $0.contains("refused") })
  }

  @Test func `what a service decides while its switch is programmed is not undone by what follows`() {
    var rehearsal = self.begin(0..<60, isHeld: true)
    // The last service's turn has not come yet.
    let last = Site.makeService(59, preference: [0, 1])
    let down = ServiceReport(
      target: Numbering(rehearsal.intent).targetPort(of: last.listeners[0], in: last.name), state: .down(.refused),
      lastGoodAge: nil)
    rehearsal.beat(0, [down])
    self.releaseAll(&rehearsal)
    #expect(!rehearsal.look().contains { $0.contains("refused a message") })
    #expect(rehearsal.region(of: last, clientPort: 1) == Site.region(1))
  }
}
