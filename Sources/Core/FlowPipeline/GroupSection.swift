// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import OpenFlow
import ServiceModel

/// What a switch says because others stand in for it.
///
/// Between the same segments only one of them may forward, or packets would go round for ever. The others hold their
/// whole program, and one flow before all of it that drops whatever comes: the gate. To take over, a switch needs no more
/// than that this flow goes.
///
///     answers to the controller's own probes and questions ──▶ controller      gate closed or not
///     questions for the switch's own address               ──▶ answered
///     what other switches of the group probe with          ──▶ dropped         not forwarded twice
///     ── gate ──────────────────────────────────────────────── dropped
///     everything else                                          the program
extension Compiler {
  func standInForEachOther(into program: inout DatapathProgram) {
    guard !self.facts.peers.isEmpty else { return }
    let own = self.facts.probeAddress
    // A gateway asks who probes it, and a peer whether this switch is alive.
    self.answer(for: own, self.facts.probeMAC, at: TableLayout.Classify.probe, cookie: .base, into: &program)
    for peer in self.facts.peers {
      program.add(
        .classify, TableLayout.Classify.probe,
        [.ethernetType(0x0806), .arpOperation(2), .arpSenderAddress(peer), .arpTargetAddress(own)], cookie: .base,
        [.applyActions([.output(port: .controller, maxLength: Self.probeLength)])])
      // Bridges would learn a way to the peer that leads through this switch, and answers to its probes would take it.
      let mac = DatapathFacts.probeMAC(of: peer)
      program.add(.classify, TableLayout.Classify.peer, [.ethernetSource(mac)], cookie: .base, [])
      program.add(.classify, TableLayout.Classify.peer, [.ethernetDestination(mac)], cookie: .base, [])
    }
    if self.facts.isGated { program.merge(Self.gate) }
  }

  /// The one flow that closes a switch.
  private static var gate: DatapathProgram {
    var program = DatapathProgram()
    program.add(.classify, TableLayout.Classify.gate, .any, cookie: .gate, [])
    return program
  }

  /// Closes a switch of which nothing else is known yet.
  package static var closing: [MessageBody] {
    Self.gate.flows.map { key, flow in
      .flowMod(
        FlowMod(
          command: .add, tableID: key.table, priority: key.priority, cookie: flow.cookie, flags: flow.flags,
          match: key.match, instructions: flow.instructions))
    }
  }
}

extension DatapathProgram {
  /// Whether the switch was found closed.
  package var isGated: Bool {
    self.flows.contains { key, flow in
      key.table == TableLayout.Table.classify.rawValue && key.priority == TableLayout.Classify.gate
        && flow.cookie == Cookie.gate.rawValue
    }
  }
}
