// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentPlane
import ServiceModel
import Testing

/// Thousands of services behind one gateway.
@Suite struct ManyServicesTests {
  private static let services = 3_000

  private func begin() -> Story {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    story.step(.assigned(.sample(interval: .seconds(60), services: Self.services), revision: 5, controller: 0))
    story.step(.natApplied(changed: true))
    return story
  }

  /// How many checks start in each second.
  private func checks(_ story: inout Story, seconds: Int) -> [Int] {
    (1...seconds).map { second in
      _ = story.read()
      story.run(until: Int64(second) * 1_000) { _ in .success }
      return story.lines.count { $0.contains(" check ") }
    }
  }

  @Test func `first checks do not start all at once, and later ones are spread over their interval`() {
    var story = self.begin()
    let checks = self.checks(&story, seconds: 64)
    #expect(checks.prefix(3).allSatisfy { (800...1_200).contains($0) }, "\(checks)")
    #expect(checks.prefix(3).reduce(0, +) >= Self.services)
    let later = checks.dropFirst(4)
    #expect(later.allSatisfy { $0 <= 2 * Self.services / 60 + 50 }, "\(checks)")
  }

  @Test func `a heartbeat before its time lists only what has changed, the next one everything that is not up`() throws
  {
    var story = self.begin()
    var told = 0
    var complete: [Heartbeat] = []
    while story.milliseconds < 1_200, let deadline = story.nextDeadline {
      story.run(until: max(deadline, story.milliseconds))
      for heartbeat in story.heartbeats {
        if heartbeat.isPartial { told += heartbeat.services.count } else { complete.append(heartbeat) }
      }
      while !story.running.isEmpty { story.finish(.success) }
    }
    let last = try #require(complete.last)
    #expect(complete.count < 6)
    #expect(told >= 400)
    #expect(last.services.allSatisfy { $0.state == .unknown })
    #expect((1_500...2_900).contains(last.services.count), "\(last.services.count)")
  }
}
