// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import FlowPipeline
package import OpenFlow

/// Collects what a switch says that it holds, reply by reply.
package struct ReadBack: Sendable, Equatable {
  /// What of it is ours.
  package private(set) var program = DatapathProgram()
  /// Flows of others in the table where packets begin, highest priority first; at most ten.
  package private(set) var foreign: [FlowStatistics] = []

  package init() {}

  package mutating func add(_ flows: [FlowStatistics]) {
    for flow in flows {
      let key = DatapathProgram.FlowKey(table: flow.tableID, priority: flow.priority, match: flow.match)
      if Cookie.isOurs(flow.cookie) {
        self.program.flows[key] = DatapathProgram.Flow(
          cookie: flow.cookie, flags: flow.flags, instructions: flow.instructions)
      } else if flow.tableID == TableLayout.Table.classify.rawValue, flow.priority > TableLayout.Classify.forward {
        self.foreign.append(flow)
        self.foreign.sort { $0.priority > $1.priority }
        self.foreign = Array(self.foreign.prefix(10))
      }
    }
  }

  package mutating func add(_ groups: [GroupDescription]) {
    for group in groups where GroupNumbers.isOurs(group.group) {
      self.program.groups[group.group] = DatapathProgram.Group(kind: group.kind, buckets: group.buckets)
    }
  }
}
