// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentPlane
import ServiceModel
import Testing

/// When an agent measures its gateway's load, and what it tells of it.
@Suite struct LoadTests {
  private let load = GatewayLoad(packetsPerSecond: 10, kilobitsPerSecond: 20, connections: 30)

  /// The loads in heartbeats of the next `milliseconds`.
  private func told(_ story: inout Story, for milliseconds: Int64) -> [GatewayLoadReport?] {
    let end = story.milliseconds + milliseconds
    var reports: [GatewayLoadReport?] = []
    while let deadline = story.nextDeadline, deadline <= end {
      story.run(until: deadline)
      reports += story.heartbeats.map(\.load)
    }
    return reports
  }

  @Test func `the load is measured once a second, and not again before the answer`() {
    var story = AgentStateTests.settled()
    let before = story.loadRequests.count
    #expect(before == 1)
    story.run(until: story.milliseconds + 5000)
    #expect(story.loadRequests.count == before, "nobody has answered")
    story.step(.loadMeasured(self.load))
    // It took five seconds: there is a long rest, so that measuring never takes more than a twentieth of the time.
    story.run(until: story.milliseconds + 90_000)
    #expect(story.loadRequests.count == before)
    story.run(until: story.milliseconds + 20_000)
    #expect(story.loadRequests.count == before + 1)
  }

  @Test func `an answer that comes soon is followed by a question a second after the last one`() {
    var story = AgentStateTests.settled()
    story.step(.loadMeasured(self.load))
    let before = story.loadRequests.count
    story.run(until: story.milliseconds + 6000)
    #expect(story.loadRequests.count == before + 1, "one, which nobody answered")
  }

  @Test func `where nothing is decided by it the load is measured less often, and never so seldom that it is too old`()
  {
    for (asked, expected) in [
      (nil, 18...21), (.seconds(5), 4...5), (.seconds(3600), 4...5), (.zero, 18...21),
    ] as [(Duration?, ClosedRange<Int>)] {
      var story = Story()
      story.step(.started(AgentStart(boot: 7)))
      var assignment = Assignment.sample()
      assignment.loadInterval = asked
      story.step(.assigned(assignment, revision: 5, controller: 0))
      var measured = 0
      for tenth in 1...200 {
        story.run(until: Int64(tenth) * 100) { _ in .success }
        while measured < story.loadRequests.count {
          measured += 1
          story.step(.loadMeasured(self.load))
        }
      }
      #expect(expected.contains(measured), "\(measured) of every \(String(describing: asked))")
    }
  }

  @Test func `heartbeats tell the last load until it is too old`() {
    var story = AgentStateTests.settled()
    story.step(.loadMeasured(self.load))
    let fresh = self.told(&story, for: 2000)
    #expect(fresh.compactMap { $0 }.allSatisfy { $0.load == self.load })
    #expect(fresh.compactMap { $0 }.count == fresh.count && !fresh.isEmpty)
    _ = self.told(&story, for: 9000)
    #expect(self.told(&story, for: 2000).allSatisfy { $0 == nil })
  }

  @Test func `that it cannot be measured is said once, and that it can again`() {
    var story = AgentStateTests.settled()
    _ = story.read()
    for _ in 0..<3 { story.step(.loadNotMeasured(reason: "EPERM")) }
    story.step(.loadMeasured(self.load))
    story.step(.loadMeasured(self.load))
    #expect(
      story.read().split(separator: "\n").filter { $0.contains("load") }.map { $0.drop { $0 != " " } } == [
        " loadNotMeasured(reason: \"EPERM\")", " loadMeasuredAgain",
      ])
  }
}
