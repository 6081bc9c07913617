// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
package import OpenFlow

/// Puts what services have in two tables into the first one, and back.
///
/// A controller that a site keeps uses table 0, its switches may have no other, and Floodlight does not even say in which
/// one an entry is. What is for a virtual IP goes on to a table of rules for listeners; here these rules are just above
/// it, and what none of them matches is dropped, as a table drops what it has no flow for.
///
///     table 0, 0x3000: to the virtual IP → table 1     0x3000: to the virtual IP → drop
///     table 1, 0x2000: to a listener → region          0x3021: to a listener → region
package enum SingleTable {
  private static let first = TableLayout.Classify.virtualIP + 1
  private static let last = TableLayout.Classify.error - 1

  package static func flatten(_ mod: FlowMod) -> FlowMod {
    guard Cookie.isOurs(mod.cookie) || mod.command != .add else { return mod }
    var flat = mod
    if mod.tableID == TableLayout.Table.steer.rawValue {
      flat.tableID = TableLayout.Table.classify.rawValue
      flat.priority = self.first + mod.priority >> 8
    } else if mod.instructions == [.gotoTable(TableLayout.Table.steer.rawValue)] {
      flat.instructions = []
    }
    return flat
  }

  package static func restore(_ flow: FlowStatistics) -> FlowStatistics {
    guard Cookie.isOurs(flow.cookie), flow.tableID == TableLayout.Table.classify.rawValue else { return flow }
    var restored = flow
    if (self.first...self.last).contains(flow.priority) {
      restored.tableID = TableLayout.Table.steer.rawValue
      restored.priority = (flow.priority - self.first) << 8
    } else if flow.priority == TableLayout.Classify.virtualIP, flow.cookie == Cookie.virtualIP.rawValue,
      flow.instructions.isEmpty
    {
      restored.instructions = [.gotoTable(TableLayout.Table.steer.rawValue)]
    }
    return restored
  }
}
