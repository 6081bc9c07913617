// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import FlowPipeline
import OpenFlow
import ServiceModel

/// A controller that is broken on purpose, to show that the checkers notice.
package enum Sabotage: String, Sendable, CaseIterable {
  case none
  /// Changes of groups never reach the switch.
  case dropsGroupChanges
  /// Dead connections are never forgotten.
  case neverFlushes
  /// All connections are forgotten with every change.
  case flushesEverything
  /// Everything is done twice.
  case repeatsChanges
  /// A switch that connects is wiped before it is read.
  case wipesAtStart
  /// What agents say of their members is not heard.
  case ignoresReports
  /// Once faults begin, tables are never read.
  case neverReads
  /// Switches are never asked whether they are heard.
  case neverListens

  func alter(_ effect: Effect, at now: Instant) -> Effect? {
    switch effect {
    case .change(let id, let ticket, let messages): .change(id, ticket: ticket, self.alter(messages))
    case .read where self == .neverReads && now > Scenario.faultsBegin: nil
    case .send(let id, let messages) where self == .neverListens: .send(id, messages.filter { !$0.comesBack })
    case .read, .send, .claim, .follow, .record: effect
    }
  }

  private func alter(_ messages: [MessageBody]) -> [MessageBody] {
    switch self {
    case .none, .wipesAtStart, .ignoresReports, .neverReads, .neverListens: messages
    case .dropsGroupChanges:
      messages.filter { if case .groupMod(let mod) = $0 { mod.command != .modify } else { true } }
    case .neverFlushes: messages.filter { if case .conntrackFlush = $0 { false } else { true } }
    case .flushesEverything: messages + [.conntrackFlush(ConntrackFlush(zone: TableLayout.zone))]
    case .repeatsChanges: messages + messages
    }
  }
}

extension MessageBody {
  /// A packet that the switch is to hand back.
  fileprivate var comesBack: Bool {
    guard case .packetOut(let packet) = self else { return false }
    return packet.actions.contains { if case .output(.controller, _) = $0 { true } else { false } }
  }
}
