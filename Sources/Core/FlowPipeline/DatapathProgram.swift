// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow

/// What tables and groups of a switch say; all of one switch, or a part of it.
package struct DatapathProgram: Sendable, Equatable {
  /// What makes two flows the same flow to a switch (OpenFlow 1.3.5, 6.4).
  package struct FlowKey: Sendable, Hashable {
    package var table: UInt8
    package var priority: UInt16
    package var match: Match

    package init(table: UInt8, priority: UInt16, match: Match) {
      self.table = table
      self.priority = priority
      self.match = match
    }
  }

  package struct Flow: Sendable, Hashable {
    package var cookie: UInt64
    package var flags: FlowFlags
    package var instructions: [Instruction]
    /// Seconds; 0: it stays. Only operators' entries go by themselves.
    package var idleTimeout: UInt16
    package var hardTimeout: UInt16

    package init(
      cookie: UInt64, flags: FlowFlags = [.sendFlowRemoved], idleTimeout: UInt16 = 0, hardTimeout: UInt16 = 0,
      instructions: [Instruction]
    ) {
      self.idleTimeout = idleTimeout
      self.hardTimeout = hardTimeout
      self.cookie = cookie
      self.flags = flags
      self.instructions = instructions
    }
  }

  package struct Group: Sendable, Hashable {
    package var kind: GroupKind
    package var buckets: [Bucket]
    /// How a select group chooses, if it was told (OpenFlow 1.5).
    package var properties: [GroupProperty]

    package init(kind: GroupKind, buckets: [Bucket], properties: [GroupProperty] = []) {
      self.kind = kind
      self.buckets = buckets
      self.properties = properties
    }
  }

  package struct Meter: Sendable, Hashable {
    package var flags: MeterFlags
    package var bands: [MeterBand]

    package init(flags: MeterFlags, bands: [MeterBand]) {
      self.flags = flags
      self.bands = bands
    }
  }

  package var flows: [FlowKey: Flow]
  package var groups: [GroupNumber: Group]
  package var meters: [MeterNumber: Meter] = [:]

  package init(flows: [FlowKey: Flow] = [:], groups: [GroupNumber: Group] = [:]) {
    self.flows = flows
    self.groups = groups
  }

  package mutating func add(
    _ table: TableLayout.Table, _ priority: UInt16, _ match: Match, cookie: Cookie, _ instructions: [Instruction]
  ) {
    self.add(table, priority, match, cookie: cookie.rawValue, instructions)
  }

  mutating func add(
    _ table: TableLayout.Table, _ priority: UInt16, _ match: Match, cookie: UInt64, _ instructions: [Instruction]
  ) {
    self.flows[FlowKey(table: table.rawValue, priority: priority, match: match)] = Flow(
      cookie: cookie, instructions: instructions)
  }

  package mutating func merge(_ other: DatapathProgram) {
    self.flows.merge(other.flows) { _, new in new }
    self.groups.merge(other.groups) { _, new in new }
    self.meters.merge(other.meters) { _, new in new }
  }
}
