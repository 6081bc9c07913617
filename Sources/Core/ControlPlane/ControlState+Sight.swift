// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// A leader that sees no switch can do nothing, however well it stands with the store. It lets another lead, who may see
/// them.
extension ControlState {
  /// How long it waits for them: a switch that was restarted is back by then.
  private static let sightPatience = Duration.seconds(2)
  /// Between two times: where nobody sees the switches, the lead need not wander.
  private static let yieldInterval = Duration.seconds(30)

  /// When it will have waited long enough; nil: it sees a switch, or does not lead.
  var sightDeadline: Instant? {
    guard let blindSince else { return nil }
    let waited = blindSince + Self.sightPatience
    return self.yieldedAt.map { max(waited, $0 + Self.yieldInterval) } ?? waited
  }

  mutating func watchSight(at now: Instant, _ effects: inout [Effect]) {
    guard case .leading = self.leadership, !self.switches.isEmpty,
      self.switches.values.allSatisfy({ $0.connection == nil })
    else {
      self.blindSince = nil
      return
    }
    let since = self.blindSince ?? now
    self.blindSince = since
    guard let due = self.sightDeadline, due <= now else { return }
    self.yieldedAt = now
    effects.append(.yield)
    effects.append(.record(.yields(after: now - since)))
  }
}
