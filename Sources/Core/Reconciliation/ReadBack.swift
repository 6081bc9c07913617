// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import FlowPipeline
package import OpenFlow

/// Collects what of a switch's tables and groups is ours, reply by reply, and what groups it can have.
package struct ReadBack: Sendable, Equatable {
  /// All of ours.
  package private(set) var held = HeldProgram()
  /// What of it tells of earlier decisions.
  package private(set) var record = DatapathProgram()
  /// Nil: it has none, or does not say.
  package var groupFeatures: GroupFeatures?
  /// Meters that it can have; nil: it has none, or was not asked.
  package var maximumMeters: UInt32?
  /// Groups of other numbers: nothing on a switch says whose they are.
  private var others: [GroupNumber: DatapathProgram.Group] = [:]
  /// Connections that have flows of their own, if they were asked for.
  package private(set) var connections: [ConnectionFlow] = []

  /// What is read beside flows and groups.
  package struct Scope: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let meters = Scope(rawValue: 1 << 0)
    package static let connections = Scope(rawValue: 1 << 1)
    /// Flows that operators wrote.
    package static let entries = Scope(rawValue: 1 << 2)
  }

  package init() {}

  package mutating func add(_ flows: [FlowStatistics]) {
    for flow in flows where Cookie.isOurs(flow.cookie) || EntryCookie.isOurs(flow.cookie) {
      let key = DatapathProgram.FlowKey(table: flow.tableID, priority: flow.priority, match: flow.match)
      let flow = DatapathProgram.Flow(
        cookie: flow.cookie, flags: flow.flags, idleTimeout: flow.idleTimeout, hardTimeout: flow.hardTimeout,
        instructions: flow.instructions)
      self.held.insert(key, flow)
      guard Cookie.isOurs(flow.cookie) else { continue }
      if FoundPlan.isRecord(key, flow, beside: self.record) { self.record.flows[key] = flow }
    }
  }

  package mutating func add(connections flows: [FlowStatistics]) {
    self.connections += flows.compactMap { ConnectionFlow(cookie: $0.cookie, match: $0.match) }
  }

  package mutating func add(_ meters: [MeterConfiguration]) {
    for meter in meters where meter.meter == TableLayout.meter {
      self.held.insert(meter.meter, DatapathProgram.Meter(flags: meter.flags, bands: meter.bands))
    }
  }

  /// These groups are operators' entries, or were.
  package mutating func claim(_ numbers: some Sequence<GroupNumber>) {
    for number in numbers {
      if let group = self.others.removeValue(forKey: number) { self.held.insert(number, group) }
    }
  }

  package mutating func add(_ groups: [GroupDescription]) {
    for group in groups {
      let description = DatapathProgram.Group(kind: group.kind, buckets: group.buckets, properties: group.properties)
      guard GroupNumbers.isOurs(group.group) else {
        self.others[group.group] = description
        continue
      }
      self.held.insert(group.group, description)
      self.record.groups[group.group] = description
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
