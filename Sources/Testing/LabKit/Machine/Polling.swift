// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// Waits until a condition on something observable holds, looking at it again and again.
///
/// - Throws: `LabError.timedOut`, with `detail` evaluated then.
package func waitUntil(
  _ what: String, timeout: Duration = .seconds(10), every interval: Duration = .milliseconds(5),
  detail: () async throws -> String = { "" }, _ condition: () async throws -> Bool
) async throws {
  let deadline = MonotonicClock.now() + timeout
  while try await !condition() {
    guard MonotonicClock.now() < deadline else {
      throw LabError.timedOut(waitingFor: what, after: timeout, detail: try await detail())
    }
    try await Task.sleep(for: interval)
  }
}
