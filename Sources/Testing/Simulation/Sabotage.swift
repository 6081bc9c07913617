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
  /// A group is deleted and made anew, rather than changed.
  case deletesFirst
  /// Nobody waits until a switch has done what it was told, which may so do it in another order.
  case skipsBarriers
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
  /// Switches take orders of every controller that once led.
  case ignoresEpoch

  /// - Parameter areFaultsThere: a world is as it was meant to be no more.
  func alter(_ effect: Effect, areFaultsThere: Bool) -> Effect? {
    switch effect {
    case .change(let id, let ticket, let messages): .change(id, ticket: ticket, self.alter(messages))
    case .read where self == .neverReads && areFaultsThere: nil
    case .send(let id, let messages) where self == .neverListens: .send(id, messages.filter { !$0.comesBack })
    case .read, .send, .claim, .follow, .yield, .keep, .answer, .record: effect
    }
  }

  private func alter(_ messages: [MessageBody]) -> [MessageBody] {
    switch self {
    case .none, .wipesAtStart, .ignoresReports, .neverReads, .neverListens, .ignoresEpoch, .skipsBarriers: messages
    case .deletesFirst:
      messages.flatMap { message -> [MessageBody] in
        guard case .groupMod(var mod) = message, mod.command == .modify else { return [message] }
        mod.command = .add
        return [.groupMod(GroupMod(command: .delete, kind: mod.kind, group: mod.group)), .groupMod(mod)]
      }
    case .dropsGroupChanges:
      messages.filter { if case .groupMod(let mod) = $0 { mod.command != .modify } else { true } }
    case .neverFlushes: messages.filter { if case .conntrackFlush = $0 { false } else { true } }
    case .flushesEverything: messages + [.conntrackFlush(ConntrackFlush(zone: TableLayout.zone))]
    case .repeatsChanges: messages + messages
    }
  }
}

extension [MessageBody] {
  /// Nothing is changed by them but what connections are known.
  var onlyFlush: Bool { self.allSatisfy { if case .conntrackFlush = $0 { true } else { false } } }
}

extension MessageBody {
  /// A packet that the switch is to hand back.
  fileprivate var comesBack: Bool {
    guard case .packetOut(let packet) = self else { return false }
    return packet.actions.contains { if case .output(.controller, _) = $0 { true } else { false } }
  }
}
