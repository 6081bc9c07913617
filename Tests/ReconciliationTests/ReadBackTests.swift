// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import OpenFlow
import Reconciliation
import Testing

@Suite struct ReadBackTests {
  @Test func `flows and groups of others are no part of the program`() {
    var readBack = ReadBack()
    readBack.add([
      FlowStatistics(tableID: 0, priority: 1, cookie: Cookie.base.rawValue, match: .any, instructions: []),
      FlowStatistics(tableID: 0, priority: 2, cookie: 7, match: .any, instructions: []),
    ])
    readBack.add([
      GroupDescription(kind: .fastFailover, group: GroupNumbers.unavailable, buckets: []),
      GroupDescription(kind: .all, group: 7, buckets: []),
    ])
    #expect(readBack.held.flowCount == 1)
    #expect(readBack.held.groupCount == 1)
    var difference = ProgramDifference()
    var held = readBack.held
    held.clear(10, into: &difference)
    #expect(difference.before.flows.map(\.key.priority) == [1])
    #expect(difference.before.groups.map(\.key) == [GroupNumbers.unavailable])
  }
}
