// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import FlowPipeline
import NIOCore
package import OpenFlow

/// Whether entries may be taken, before anything is sent.
package struct EntryCheck {
  /// What services need of the switches that are configured.
  package let claims: [DatapathID: ServiceClaims]
  /// The version that a switch speaks; of one that is not connected either will do.
  package let versions: [DatapathID: ProtocolVersion]

  package init(claims: [DatapathID: ServiceClaims], versions: [DatapathID: ProtocolVersion]) {
    self.claims = claims
    self.versions = versions
  }

  /// What is wrong with a change, by the place of the entry in it: deletes first, then puts. Nothing is: it can be done
  /// as a whole.
  package func problems(of change: EntryChange, in book: EntryBook) -> [(index: Int, problem: EntryProblem)] {
    var problems: [(index: Int, problem: EntryProblem)] = []
    var names: Set<String> = []
    var flows: [DatapathID: [DatapathProgram.FlowKey: String]] = [:]
    var groups: [DatapathID: [GroupNumber: String]] = [:]
    names.reserveCapacity(change.deletes.count + change.puts.count)
    for (index, name) in change.deletes.enumerated() {
      if !names.insert(name).inserted {
        problems.append((index, .namedTwice))
      } else if book[name] == nil {
        problems.append((index, .unknownEntry))
      }
    }
    let leaving = Set(change.deletes).union(change.puts.count > 1 ? change.puts.map(\.name) : [])
    var scratch = ByteBuffer()
    for (offset, entry) in change.puts.enumerated() {
      let index = change.deletes.count + offset
      guard names.insert(entry.name).inserted else {
        problems.append((index, .namedTwice))
        continue
      }
      if let problem = self.problem(of: entry, &scratch) {
        problems.append((index, problem))
        continue
      }
      let rival = book.rival(of: entry).flatMap { leaving.contains($0) ? nil : $0 }
      switch entry.content {
      case .flow(let flow):
        let other =
          change.puts.count > 1 ? flows[entry.datapath, default: [:]].updateValue(entry.name, forKey: flow.key) : nil
        if let name = rival ?? other { problems.append((index, .sameFlow(name))) }
      case .group(let group):
        let other = groups[entry.datapath, default: [:]].updateValue(entry.name, forKey: group.number)
        if let name = rival ?? other { problems.append((index, .sameGroup(name))) }
      }
    }
    let new = change.puts.count { book[$0.name] == nil }
    let count = book.count + new - change.deletes.count
    if new > 0, count > StaticEntry.limit { problems.append((change.deletes.count, .tooMany(count))) }
    return problems
  }

  private func problem(of entry: StaticEntry, _ scratch: inout ByteBuffer) -> EntryProblem? {
    guard StaticEntry.isName(entry.name) else { return .badName(entry.name) }
    guard let claims = self.claims[entry.datapath] else { return .unknownSwitch(entry.datapath) }
    if let problem = self.sayingProblem(entry, &scratch) { return problem }
    switch entry.content {
    case .flow(let flow):
      guard Self.isFree(flow.table) else { return .badTable(flow.table) }
      for case .gotoTable(let table) in flow.instructions {
        guard Self.isFree(table) else { return .badTable(table) }
        guard table > flow.table else {
          return .invalid("goto_table \(table) in table \(flow.table): a packet can only go on to a later table")
        }
      }
      if entry.isActive, flow.table == 0, let shadow = claims.shadow(of: flow) { return .shadows(shadow) }
    case .group(let group):
      guard !GroupNumbers.isOurs(group.number), group.number.rawValue <= 0xffff_ff00 else {
        return .badGroup(group.number)
      }
    }
    return nil
  }

  private static func isFree(_ table: UInt8) -> Bool {
    table != TableNumber.all && (table == 0 || TableLayout.Table(rawValue: table) == nil)
  }

  private func sayingProblem(_ entry: StaticEntry, _ scratch: inout ByteBuffer) -> EntryProblem? {
    var last: OpenFlowEncodingError?
    let versions: [ProtocolVersion] = self.versions[entry.datapath].map { [$0] } ?? [.v1_3, .v1_5]
    for version in versions {
      scratch.clear()
      do throws(OpenFlowEncodingError) {
        try Message(xid: 0, entry.adding).encode(into: &scratch, version: version)
        return nil
      } catch {
        last = error
      }
    }
    return last.map { .invalid("\($0)") }
  }
}

extension StaticEntry {
  /// The message that brings it to the switch.
  package var adding: MessageBody {
    switch self.content {
    case .flow(let flow):
      .flowMod(
        FlowMod(
          tableID: flow.table, priority: flow.priority, cookie: self.cookie, idleTimeout: flow.idleTimeout,
          hardTimeout: flow.hardTimeout, flags: [.sendFlowRemoved], match: flow.match, instructions: flow.instructions))
    case .group(let group):
      .groupMod(GroupMod(command: .add, kind: group.kind, group: group.number, buckets: group.buckets))
    }
  }

  /// The message that takes it away.
  package var deleting: MessageBody {
    switch self.content {
    case .flow(let flow):
      .flowMod(FlowMod(command: .deleteStrict, tableID: flow.table, priority: flow.priority, match: flow.match))
    case .group(let group): .groupMod(GroupMod(command: .delete, kind: group.kind, group: group.number))
    }
  }

  /// What it says, as a part of a switch's program.
  package func write(to program: inout DatapathProgram) {
    switch self.content {
    case .flow(let flow):
      program.flows[flow.key] = DatapathProgram.Flow(
        cookie: self.cookie, idleTimeout: flow.idleTimeout, hardTimeout: flow.hardTimeout,
        instructions: flow.instructions)
    case .group(let group):
      program.groups[group.number] = DatapathProgram.Group(kind: group.kind, buckets: group.buckets)
    }
  }
}
