// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel
import Foundation
package import LabKit
package import ServiceModel

/// The controller's events, as its API tells them inside the lab.
package enum LabEvents {
  /// The last thousand.
  package static func read(from lab: Lab) async throws -> [EventResource] {
    try await LabAPI.get("/v1/events?limit=1000", as: EventListResource.self, from: lab).events
  }
}

/// Brings the wall clock of events and the monotonic clock of probers together.
package struct WallClockOffset: Sendable {
  private let wall: Date
  private let monotonic: Instant

  package init() {
    self.wall = Date()
    self.monotonic = MonotonicClock.now()
  }

  /// Nil if the event's time is none.
  package func instant(of event: EventResource) -> Instant? {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    guard let date = try? style.parse(event.time) else { return nil }
    // The format style keeps milliseconds; the rest is in the text.
    let digits = event.time.split(separator: ".").last.map { $0.prefix { $0.isNumber } } ?? "0"
    let micros = Int64(digits.padding(toLength: 6, withPad: "0", startingAt: 0)) ?? 0
    let seconds = date.timeIntervalSince1970.rounded(.down) - self.wall.timeIntervalSince1970
    return self.monotonic + .microseconds(Int64(seconds * 1_000_000) + micros)
  }
}
