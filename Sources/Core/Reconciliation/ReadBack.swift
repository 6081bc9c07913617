// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import FlowPipeline
package import OpenFlow

/// Collects what of a switch's tables and groups is ours, reply by reply, and what groups it can have.
package struct ReadBack: Sendable, Equatable {
  package private(set) var program = DatapathProgram()
  /// Nil: it has none, or does not say.
  package var groupFeatures: GroupFeatures?

  package init() {}

  package mutating func add(_ flows: [FlowStatistics]) {
    for flow in flows where Cookie.isOurs(flow.cookie) {
      let key = DatapathProgram.FlowKey(table: flow.tableID, priority: flow.priority, match: flow.match)
      self.program.flows[key] = DatapathProgram.Flow(
        cookie: flow.cookie, flags: flow.flags, instructions: flow.instructions)
    }
  }

  package mutating func add(_ groups: [GroupDescription]) {
    for group in groups where GroupNumbers.isOurs(group.group) {
      self.program.groups[group.group] = DatapathProgram.Group(
        kind: group.kind, buckets: group.buckets, properties: group.properties)
    }
  }
}

extension GroupFeatures {
  /// What `ServiceGroups` is made of: groups that choose by a hash among buckets that live, groups that choose the first
  /// that lives, and such as send packets to other groups.
  package var offersDivision: Bool {
    self.supports(.select) && self.supports(.fastFailover)
      && self.capabilities.isSuperset(of: [.selectLiveness, .chaining])
  }
}
