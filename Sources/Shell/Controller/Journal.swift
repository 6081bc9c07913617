// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel
package import Logging
import Glibc
package import Northbound

/// Writes every decision down, once for the log and once for the API.
package struct Journal: Sendable {
  package let events: EventLog
  private let logger: Logger

  package init(logger: Logger) {
    self.events = EventLog(run: wallClock())
    self.logger = logger
  }

  /// - Parameter hint: where the operator can mend what is wrong.
  func record(_ decision: any RecordedDecision, hint: String? = nil) {
    self.events.append(decision, at: wallClock())
    var metadata: Logger.Metadata = ["kind": "\(decision.kind)"]
    for (key, value) in decision.attributes { metadata[key] = "\(value)" }
    if let hint { metadata["where"] = "\(hint)" }
    self.logger.log(level: decision.severity.level, "\(decision.message)", metadata: metadata)
  }
}

/// Microseconds since 1970; for people, and for what is kept over restarts.
func wallClock() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}

extension Severity {
  var level: Logger.Level {
    switch self {
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .alarm: .error
    }
  }
}
