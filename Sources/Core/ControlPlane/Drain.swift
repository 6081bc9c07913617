// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// A region that an operator takes out of service: it gets no new connections, and those that are open may finish.
package struct Drain: Sendable, Equatable {
  package private(set) var since: Instant
  /// When connections that are still open are cut; nil: never.
  package var deadline: Instant?
  /// Also where nobody else serves. Otherwise the region still gets what nobody else could take.
  package var isForced: Bool
  /// The gateway has counted none left.
  package private(set) var isDone = false
  /// The deadline has passed.
  package private(set) var isExpired = false

  /// A gateway counts at most that long after a connection has reached it.
  private static let settling = Duration.seconds(2)

  package init(since: Instant, deadline: Instant?, isForced: Bool) {
    self.since = since
    self.deadline = deadline
    self.isForced = isForced
  }

  init(_ order: DrainOrder) {
    self.init(since: order.since, deadline: order.deadline, isForced: order.isForced)
  }

  var order: DrainOrder { DrainOrder(since: self.since, deadline: self.deadline, isForced: self.isForced) }

  /// - Parameter moment: of the count.
  /// - Returns: whether it is done, and was not before.
  mutating func counted(_ connections: UInt32, at moment: Instant) -> Bool {
    guard moment >= self.since + Self.settling else { return false }
    let wasDone = self.isDone
    self.isDone = connections == 0
    return self.isDone && !wasDone
  }

  /// - Returns: whether the deadline has come just now.
  mutating func expire(at now: Instant) -> Bool {
    guard let deadline, deadline <= now, !self.isExpired else { return false }
    self.isExpired = true
    return true
  }
}

/// A drain as an operator ordered it, wherever that is kept.
package struct DrainOrder: Sendable, Equatable {
  /// May be long before this controller started.
  package var since: Instant
  package var deadline: Instant?
  package var isForced: Bool

  package init(since: Instant, deadline: Instant?, isForced: Bool) {
    self.since = since
    self.deadline = deadline
    self.isForced = isForced
  }
}

/// A drain that would leave services without any region.
package struct DrainObjection: Error, Sendable, Equatable {
  /// In the order of the configuration. Not empty.
  package var services: [ServiceName]

  package init(services: [ServiceName]) { self.services = services }
}
