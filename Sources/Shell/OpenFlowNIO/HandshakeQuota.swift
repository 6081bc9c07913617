// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// One connection among those of a server, in the order in which they came.
package struct ConnectionNumber: Hashable, Comparable, CustomStringConvertible {
  package var rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
  package var description: String { "\(self.rawValue)" }
  package static func < (a: ConnectionNumber, b: ConnectionNumber) -> Bool { a.rawValue < b.rawValue }
}

/// Bounds the connections whose handshake is not finished.
///
/// A switch needs milliseconds. So when all places are taken, the one that has had its place longest loses it if that
/// is more than a second: connections that only wait cannot keep switches out. Within that second a new one is
/// refused, and comes again.
package struct HandshakeQuota {
  package enum Verdict: Equatable {
    case welcome
    /// Welcome, and this one is to be closed.
    case inPlaceOf(ConnectionNumber)
    case full
  }

  package static let patience = TimeAmount.seconds(1)

  private let capacity: Int
  /// Sorted, for numbers grow and are appended.
  private var waiting: [(number: ConnectionNumber, since: NIODeadline)] = []

  package init(capacity: Int) { self.capacity = capacity }

  package var count: Int { self.waiting.count }

  package mutating func admit(_ number: ConnectionNumber, at now: NIODeadline) -> Verdict {
    guard self.waiting.count >= self.capacity else {
      self.waiting.append((number, now))
      return .welcome
    }
    guard let oldest = self.waiting.first, now - oldest.since >= Self.patience else { return .full }
    self.waiting.removeFirst()
    self.waiting.append((number, now))
    return .inPlaceOf(oldest.number)
  }

  /// The handshake is done, or the connection has ended.
  package mutating func finished(_ number: ConnectionNumber) {
    var low = 0
    var high = self.waiting.count
    while low < high {
      let middle = (low + high) / 2
      if self.waiting[middle].number < number { low = middle + 1 } else { high = middle }
    }
    if low < self.waiting.count, self.waiting[low].number == number { self.waiting.remove(at: low) }
  }
}
