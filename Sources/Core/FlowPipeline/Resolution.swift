// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import OpenFlow
import ServiceModel

/// Who answers questions for a virtual IP's MAC address. To turn a question into its answer takes actions that OpenFlow
/// does not have before 1.5 (copying fields), and for IPv6 fields that it does not have at all: Open vSwitch has both.
/// On other switches the controller answers.
extension Compiler {
  /// Messages that only a switch takes which can turn questions of both families into answers, and which leave nothing
  /// behind. Nobody asks for these addresses, which are for documentation.
  package var resolutionTrial: [MessageBody] {
    let v4 = VirtualIP(address: .v4(IPv4Address(rawValue: 0xc000_0200)))
    let v6 = VirtualIP(address: .v6(IPv6Address(rawValue: 0x2001_0db8 << 96)))
    var compiler = self
    compiler.facts.answersQuestions = true
    var trial = compiler.resolution(of: v4)
    trial.merge(compiler.resolution(of: v6))
    let flows = trial.flows.sorted { ($0.key.table, $0.key.priority) < ($1.key.table, $1.key.priority) }
      .filter { _, flow in !flow.instructions.isEmpty }
    return flows.map { key, flow in
      .flowMod(
        FlowMod(
          command: .add, tableID: key.table, priority: key.priority, cookie: flow.cookie, match: key.match,
          instructions: flow.instructions))
    }
      + flows.map { key, _ in
        .flowMod(FlowMod(command: .deleteStrict, tableID: key.table, priority: key.priority, match: key.match))
      }
  }

  /// Has the controller asked who has an address.
  func askForResolution(
    _ question: [MatchEntry], at priority: UInt16 = TableLayout.Classify.resolution, into program: inout DatapathProgram
  ) {
    program.add(
      .classify, priority, Match(question), cookie: .question,
      self.limit + [.applyActions([.output(port: .controller, maxLength: Action.wholePacket)])])
  }

  /// All that the switch does about who has an IPv4 address of its own.
  func answer(
    for address: IPv4Address, _ mac: MACAddress, at priority: UInt16 = TableLayout.Classify.resolution, cookie: Cookie,
    into program: inout DatapathProgram
  ) {
    let question: [MatchEntry] = [.ethernetType(0x0806), .arpOperation(1), .arpTargetAddress(address)]
    guard self.facts.answersQuestions else { return self.askForResolution(question, at: priority, into: &program) }
    program.add(
      .classify, priority, Match(question), cookie: cookie,
      [.applyActions(self.facts.isDriven ? resolutionAnnouncement(address, mac) : resolutionAnswer(address, mac))])
  }
}

extension DatapathProgram {
  /// Whether the switch answers questions by itself, as what it holds tells; nil: it holds nothing of the kind.
  package var answersQuestions: Bool? {
    for (key, flow) in self.flows
    where key.table == TableLayout.Table.classify.rawValue && key.priority == TableLayout.Classify.resolution
      && key.match[.arpOperation]?.value == 1 && key.match[.arpTargetAddress] != nil
    {
      return flow.cookie != Cookie.question.rawValue
    }
    return nil
  }
}
