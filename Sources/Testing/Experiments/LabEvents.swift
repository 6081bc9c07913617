// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel
import Foundation
package import LabKit
package import ServiceModel

/// The controller's events, as its API tells them inside the lab.
package enum LabEvents {
  /// The last thousand.
  package static func read(from lab: Lab, controller: Int = 1) async throws -> [EventResource] {
    try await LabAPI.get("/v1/events?limit=1000", as: EventListResource.self, from: lab, controller: controller).events
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

  /// Of seconds since 1970 with six digits behind the point, as tcpdump and bash write them; nil if they are none.
  package func instant(ofEpoch text: Substring) -> Instant? {
    let parts = text.split(separator: ".")
    guard parts.count == 2, parts[1].count == 6, let seconds = Int64(parts[0]), let micros = Int64(parts[1]) else {
      return nil
    }
    let wall = Int64((self.wall.timeIntervalSince1970 * 1e6).rounded())
    return self.monotonic + .microseconds(seconds * 1_000_000 + micros - wall)
  }

  /// Nil if the event's time is none.
  package func instant(of event: EventResource) -> Instant? { self.instant(of: event.time) }

  /// Of a time in UTC with at most microseconds, as in `2026-11-22T11:20:55.004123Z`; nil if it is none.
  package func instant(of time: String) -> Instant? {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    guard let date = try? style.parse(time) else { return nil }
    // The format style keeps milliseconds; the rest is in the text.
    let digits = time.split(separator: ".").last.map { $0.prefix { $0.isNumber } } ?? "0"
    let micros = Int64(digits.padding(toLength: 6, withPad: "0", startingAt: 0)) ?? 0
    let seconds = date.timeIntervalSince1970.rounded(.down) - self.wall.timeIntervalSince1970
    return self.monotonic + .microseconds(Int64(seconds * 1_000_000) + micros)
  }
}
