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
    #expect(readBack.program.flows.map(\.value.cookie) == [Cookie.base.rawValue])
    #expect(readBack.program.groups.map(\.key) == [GroupNumbers.unavailable])
  }
}
