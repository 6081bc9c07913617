// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// How often something was lost of late: each loss adds to a penalty, which halves with each half-life that passes (the
/// figure of merit of RFC 2439, 4.2).
///
/// What is lost twice within a half-life is damped: it is not used again, if there is anybody else, until its penalty
/// has fallen, one to two half-lives after the last loss. So within one half-life nothing is lost more than twice and
/// returns more than twice, whatever happens to it.
package struct FlapPenalty: Sendable, Equatable {
  private static let loss: Int64 = 1_000
  /// From here on something is damped: a loss, and what is left after a half-life of another.
  private static let damped = loss * 3 / 2
  /// Until it has fallen to this; a half-life after the least penalty that damps.
  private static let reused = damped / 2
  /// As if there were no more losses than these: after the last of them nobody waits longer than two half-lives.
  private static let most = reused * 4

  /// At the last loss.
  private var amount: Int64 = 0
  private var lastLoss = Instant(nanoseconds: 0)

  package init() {}

  /// - Parameter halfLife: nil: losses are not counted.
  package mutating func lost(at now: Instant, halfLife: Duration?) {
    guard let halfLife else { return self = FlapPenalty() }
    self.amount = min(Self.most, self.left(at: now, halfLife) + Self.loss)
    self.lastLoss = now
  }

  /// Until when it is damped by its last loss; nil: it was not.
  package func end(halfLife: Duration?) -> Instant? {
    guard let halfLife, self.amount >= Self.damped else { return nil }
    var amount = self.amount
    var end = self.lastLoss
    while amount / 2 >= Self.reused {
      amount /= 2
      end = end + halfLife
    }
    return end + .nanoseconds(halfLife.nanoseconds * 2 * (amount - Self.reused) / amount)
  }

  /// Exact after whole half-lives, and straight between them.
  private func left(at now: Instant, _ halfLife: Duration) -> Int64 {
    let (passed, whole) = ((now - self.lastLoss).nanoseconds, halfLife.nanoseconds)
    guard passed / whole < 16 else { return 0 }
    let amount = self.amount >> (passed / whole)
    return amount - amount * (passed % whole) / (2 * whole)
  }
}
