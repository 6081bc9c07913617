// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import FlowPipeline
import OpenFlow
package import StaticEntries

/// The entries of another controller's switches as static entries of ours, and what could not be taken.
package struct ImportedEntries: Sendable, Equatable {
  package var entries: [StaticEntry] = []
  package var left: [FoundFlows.Other] = []

  package init() {}

  /// - Parameter prefix: begins the names of flows that have none, which say the same of the same flow ever again.
  package mutating func add(_ found: FoundFlows, of datapath: DatapathID, prefix: String) {
    self.left += found.others
    let taken = Set(self.entries.map(\.name))
    var names = taken
    for named in found.flows.sorted(by: { precedes($0, $1) }) {
      let flow = named.flow
      let name = named.name ?? Self.name(of: flow, on: datapath, prefix)
      if let why = Self.objection(to: named, name) ?? (names.contains(name) ? "another entry has its name" : nil) {
        self.left.append(
          FoundFlows.Other(
            what: "'\(name)' on \(datapath) (table \(flow.tableID), priority \(flow.priority), \(flow.match))", why: why
          ))
        continue
      }
      names.insert(name)
      self.entries.append(
        StaticEntry(
          name: name, datapath: datapath,
          content: .flow(
            StaticFlow(
              table: flow.tableID, priority: flow.priority, idleTimeout: flow.idleTimeout,
              hardTimeout: flow.hardTimeout, match: flow.match, instructions: flow.instructions))))
    }
  }

  private static func objection(to named: FoundFlows.NamedFlow, _ name: String) -> String? {
    let flow = named.flow
    if Cookie.isOurs(flow.cookie) || EntryCookie.isOurs(flow.cookie) || FlowName(name) != nil {
      return "it is Isthmus's own"
    }
    guard StaticEntry.isName(name) else { return "its name has control characters, or more than 200 bytes" }
    let actions = flow.instructions.flatMap { instruction -> [Action] in
      switch instruction {
      case .applyActions(let actions), .writeActions(let actions): actions
      default: []
      }
    }
    if actions.contains(where: { if case .output(.controller, _) = $0 { true } else { false } }) {
      return "it hands packets to its controller, which will not be there to answer"
    }
    if flow.idleTimeout > 0 || flow.hardTimeout > 0, named.name == nil {
      return "it goes by itself: somebody writes it again when it is needed"
    }
    return nil
  }

  private static func name(of flow: FlowStatistics, on datapath: DatapathID, _ prefix: String) -> String {
    let mod = FlowMod(tableID: flow.tableID, priority: flow.priority, cookie: 0, match: flow.match)
    return "\(prefix)-\(datapath.description.filter { $0 != ":" })-\(String(FlowName(mod).key, radix: 16))"
  }
}

private func precedes(_ a: FoundFlows.NamedFlow, _ b: FoundFlows.NamedFlow) -> Bool {
  let (x, y) = (a.flow, b.flow)
  if x.tableID != y.tableID { return x.tableID < y.tableID }
  if x.priority != y.priority { return x.priority > y.priority }
  return (a.name ?? x.match.description) < (b.name ?? y.match.description)
}
