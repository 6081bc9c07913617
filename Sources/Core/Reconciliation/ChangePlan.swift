// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import FlowPipeline
package import OpenFlow

/// The messages that turn one program into another, in an order in which every prefix leaves what is served served.
///
/// Meters and new groups come first (regions before the services that watch them), then flows, which may name them, then changed
/// groups, which may send packets where only the new flows know the way. What is no longer wanted goes last, flows
/// before the groups that they use.
package struct ChangePlan: Sendable, Equatable {
  package var messages: [MessageBody]

  package init(from installed: DatapathProgram, to desired: DatapathProgram) {
    self.messages = []
    self.addMeters(installed, desired)
    self.addGroups(installed, desired)
    self.addFlows(installed, desired)
    self.changeGroups(installed, desired)
    self.delete(installed, desired)
  }

  package var isEmpty: Bool { self.messages.isEmpty }
  package var count: Int { self.messages.count }

  private mutating func addMeters(_ installed: DatapathProgram, _ desired: DatapathProgram) {
    for number in desired.meters.keys.sorted() where installed.meters[number] != desired.meters[number] {
      guard let meter = desired.meters[number] else { continue }
      let command: MeterMod.Command = installed.meters[number] == nil ? .add : .modify
      self.messages.append(
        .meterMod(MeterMod(command: command, meter: number, flags: meter.flags, bands: meter.bands)))
    }
  }

  private mutating func addGroups(_ installed: DatapathProgram, _ desired: DatapathProgram) {
    let added = desired.groups.keys.filter { installed.groups[$0] == nil }
    for number in added.sorted(by: GroupNumbers.precedes) { self.append(.add, number, desired.groups[number]) }
  }

  /// Services before regions that return, so that a service has its new order by then; but a service that has nobody
  /// except a region that returns waits for it. Regions that go are last: by then nobody counts on them.
  private mutating func changeGroups(_ installed: DatapathProgram, _ desired: DatapathProgram) {
    var services: [GroupNumber] = []
    var returning: [GroupNumber] = []
    var waiting: [GroupNumber] = []
    var going: [GroupNumber] = []
    for (number, group) in desired.groups {
      guard let before = installed.groups[number], before != group else { continue }
      if group.buckets.isEmpty {
        going.append(number)
      } else if group.buckets.allSatisfy({ $0.watchGroup == .any }) {
        returning.append(number)
      } else if group.buckets.allSatisfy({ isKnownDead($0, in: installed) }) {
        waiting.append(number)
      } else {
        services.append(number)
      }
    }
    for numbers in [services, returning, waiting, going] {
      for number in numbers.sorted(by: GroupNumbers.precedes) { self.append(.modify, number, desired.groups[number]) }
    }
  }

  private mutating func append(_ command: GroupMod.Command, _ number: GroupNumber, _ group: DatapathProgram.Group?) {
    guard let group else { return }
    self.messages.append(
      .groupMod(
        GroupMod(
          command: command, kind: group.kind, group: number, buckets: group.buckets, properties: group.properties)))
  }

  private mutating func addFlows(_ installed: DatapathProgram, _ desired: DatapathProgram) {
    let changed = desired.flows.filter { installed.flows[$0.key] != $0.value }
    // Later tables first: a packet that an earlier one sends on finds its flow.
    for (key, flow) in changed.sorted(by: { precedes($1.key, $0.key) }) {
      self.messages.append(
        .flowMod(
          FlowMod(
            command: .add, tableID: key.table, priority: key.priority, cookie: flow.cookie,
            idleTimeout: flow.idleTimeout, hardTimeout: flow.hardTimeout, flags: flow.flags, match: key.match,
            instructions: flow.instructions)))
    }
  }

  private mutating func delete(_ installed: DatapathProgram, _ desired: DatapathProgram) {
    let stale = installed.flows.keys.filter { desired.flows[$0] == nil }
    for key in stale.sorted(by: precedes) {
      self.messages.append(
        .flowMod(
          FlowMod(command: .deleteStrict, tableID: key.table, priority: key.priority, match: key.match)))
    }
    let unused = installed.groups.filter { desired.groups[$0.key] == nil }
    for (number, group) in unused.sorted(by: { GroupNumbers.precedes($1.key, $0.key) }) {
      self.messages.append(.groupMod(GroupMod(command: .delete, kind: group.kind, group: number)))
    }
    for number in installed.meters.keys.sorted() where desired.meters[number] == nil {
      self.messages.append(.meterMod(MeterMod(command: .delete, meter: number)))
    }
  }
}

/// Whether a bucket watches a group that cannot be live. `installed` may be a part of what a switch holds: a group that
/// is not there may be.
private func isKnownDead(_ bucket: Bucket, in installed: DatapathProgram) -> Bool {
  bucket.watchGroup != .any
    && (bucket.watchGroup == GroupNumbers.unavailable
      || installed.groups[bucket.watchGroup]?.buckets.allSatisfy { isKnownDead($0, in: installed) } == true)
}

/// Any fixed order will do within a table; this one does not depend on hashes.
private func precedes(_ a: DatapathProgram.FlowKey, _ b: DatapathProgram.FlowKey) -> Bool {
  if a.table != b.table { return a.table < b.table }
  if a.priority != b.priority { return a.priority > b.priority }
  let x = a.match.entries
  let y = b.match.entries
  for (i, j) in zip(x, y) where i != j {
    if i.field != j.field { return i.field < j.field }
    if i.value != j.value { return i.value < j.value }
    return (i.mask ?? .max) < (j.mask ?? .max)
  }
  return x.count < y.count
}
