// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Northbound
import ServiceModel
import Testing

@Suite struct EventLogTests {
  private func ids(_ page: EventPage) -> [UInt64] { page.records.map(\.id) }

  @Test func numbersFromOneAndKeepsTheNewest() {
    let log = EventLog(run: 7, capacity: 4)
    log.fill(6)
    let page = log.page(after: EventCursor(run: 7, id: 2), limit: 100)
    #expect(self.ids(page) == [3, 4, 5, 6])
    #expect(page.gap == nil)
    #expect(page.next == EventCursor(run: 7, id: 6))
    #expect(log.append(Decision.agentHeard(RegionName(unchecked: "a")), at: 1).id == 7)
  }

  @Test func saysHowManyWereForgotten() {
    let log = EventLog(run: 7, capacity: 4)
    log.fill(10)
    let page = log.page(after: EventCursor(run: 7, id: 3), limit: 2)
    #expect(self.ids(page) == [7, 8])
    #expect(page.gap == .forgotten(3))
    #expect(log.page(after: page.next, limit: 2).gap == nil)
  }

  @Test func withoutCursorGivesTheNewest() {
    let log = EventLog(run: 7, capacity: 4)
    #expect(self.ids(log.page(after: nil, limit: 3)) == [])
    #expect(log.page(after: nil, limit: 3).next == EventCursor(run: 7, id: 0))
    log.fill(10)
    #expect(self.ids(log.page(after: nil, limit: 3)) == [8, 9, 10])
    #expect(self.ids(log.page(after: nil, limit: 100)) == [7, 8, 9, 10])
    #expect(self.ids(log.page(after: nil, limit: 0)) == [])
  }

  @Test(arguments: [EventCursor(run: 6, id: 2), EventCursor(run: nil, id: 11), EventCursor(run: 7, id: .max)])
  func beginsAnewForACursorOfAnotherRun(cursor: EventCursor) {
    let log = EventLog(run: 7, capacity: 4)
    log.fill(10)
    let page = log.page(after: cursor, limit: 2)
    #expect(self.ids(page) == [7, 8])
    #expect(page.gap == .restarted)
  }

  /// Whatever the cursor, the limit and the history: pages join without overlap, and gaps count what is missing.
  @Test func everyEventIsGivenOnceOrCountedAsForgotten() {
    for appended in 0...12 {
      for limit in 1...5 {
        let log = EventLog(run: 7, capacity: 5)
        log.fill(appended)
        var cursor = EventCursor(run: 7, id: 0)
        var (seen, missed) = ([UInt64](), UInt64(0))
        while true {
          let page = log.page(after: cursor, limit: limit)
          if case .forgotten(let count)? = page.gap { missed += count }
          seen += self.ids(page)
          cursor = page.next
          if page.records.isEmpty { break }
        }
        #expect(UInt64(seen.count) + missed == UInt64(appended))
        #expect(seen == Array(Set(seen)).sorted())
        #expect(cursor == log.end)
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func wakesWhoeverWaits() async {
    let log = EventLog(run: 7)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { await log.waitForEvent(after: 0) } }
      log.fill(1)
      await group.waitForAll()
    }
    await log.waitForEvent(after: 0)
  }

  @Test(.timeLimit(.minutes(1))) func cancellationEndsAWait() async {
    let log = EventLog(run: 7)
    for _ in 0..<100 {
      let wait = Task { await log.waitForEvent(after: 0) }
      wait.cancel()
      await wait.value
    }
  }

  @Test(arguments: ["0", "42", "1795346455004210-0", "1795346455004210-18446744073709551615"])
  func cursorsReadWhatTheyWrite(text: String) throws {
    #expect(try #require(EventCursor(text)).description == text)
  }

  @Test(arguments: ["", "-", "1-", "-1", "x", "1-2-3", "+1", "18446744073709551616", "1-1.5", "٣"])
  func cursorsRefuseAnythingElse(text: String) {
    #expect(EventCursor(text) == nil)
  }
}
