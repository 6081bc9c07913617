// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// The bounds that a world is judged by, and what has happened in it so far.
struct Promises: Sendable {
  /// The longest that the loss of a region or of a service's members may go unnoticed: T_h·n, or the checks' and a
  /// heartbeat's time, and what messages need.
  let reaction: Duration
  /// The longest until a region that is well is used again: `rise`, hold, and what reports and messages need.
  let recovery: Duration
  /// The longest that an agent takes to look at its rules, or to try again after it could not write them: a fault is
  /// shorter than three attempts.
  let mending = Duration.seconds(11)
  /// For so long what failed again and again may stay out, where there is anybody else.
  let damping: Duration
  /// Until now nothing has happened that may move traffic.
  var onlyHarmlessFaults = true
  /// All has healed, and there was time enough for everything.
  var isSettled = false

  init(_ intent: Intent) {
    let detection = intent.detection
    let checks = intent.services.map { service in
      service.check.interval * service.check.fall + service.check.timeout + detection.heartbeatInterval
        + (service.mode == .heartbeat ? detection.bound : .zero)
    }
    let rises = intent.services.map { $0.check.interval * ($0.check.rise + 1) + $0.check.timeout }
    let messages = Duration.seconds(1)
    self.reaction = max(detection.bound, checks.max() ?? .zero) + messages
    self.recovery =
      self.reaction + (rises.max() ?? .zero) + detection.heartbeatInterval * (detection.rise + 2) + detection.hold
      + messages
    self.damping = (detection.damping ?? .zero) * 2
  }
}
