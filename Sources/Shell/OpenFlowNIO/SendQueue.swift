// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// What is known of the bytes that a switch has not taken yet.
///
/// A switch that takes a long program is busy for seconds with megabytes unsent, and is fine. One that takes nothing
/// is stuck: then what it asks is not answered any more, and in the end it is given up.
package struct SendQueue {
  /// Fewer bytes than this are no progress: a peer must not stay alive by taking one at a time.
  private static let leastProgress: UInt64 = 64 << 10

  private var written: UInt64 = 0
  private var takenAtMark: UInt64 = 0
  private var mark: NIODeadline
  package private(set) var isCongested = false

  package init(at now: NIODeadline) { self.mark = now }

  package mutating func wrote(_ count: Int) { self.written &+= UInt64(count) }

  /// Whether there are more unsent bytes than `ConnectionLimits.congestedAt`.
  package mutating func becameCongested(_ isCongested: Bool, unsent: Int, at now: NIODeadline) {
    self.isCongested = isCongested
    self.takenAtMark = self.taken(unsent)
    self.mark = now
  }

  package mutating func observe(unsent: Int, at now: NIODeadline) {
    guard self.isCongested, self.taken(unsent) &- self.takenAtMark >= Self.leastProgress else { return }
    self.takenAtMark = self.taken(unsent)
    self.mark = now
  }

  /// How long the switch has taken nothing to speak of although there is much to take.
  package func stuck(at now: NIODeadline) -> TimeAmount { self.isCongested ? now - self.mark : .nanoseconds(0) }

  private func taken(_ unsent: Int) -> UInt64 { self.written &- min(self.written, UInt64(max(0, unsent))) }
}
