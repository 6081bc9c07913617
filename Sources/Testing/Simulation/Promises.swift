// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// What checkers must remember to judge a world.
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
  private var switches: [Memory]

  /// Of one switch.
  private struct Memory: Sendable {
    /// Regions that the controller declared lost, and the change that says so to the switch.
    var lost: [RegionName: UInt64] = [:]
    var ordered: UInt64 = 0
    var applied: UInt64 = 0
  }

  init(_ intent: Intent, switches: Int) {
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
    self.switches = Array(repeating: Memory(), count: switches)
  }

  mutating func ordered(_ ticket: UInt64, on index: Int) { self.switches[index].ordered = ticket }
  mutating func applied(_ ticket: UInt64, on index: Int) { self.switches[index].applied = ticket }

  mutating func lost(_ region: RegionName, by ticket: UInt64, on index: Int) {
    self.switches[index].lost[region] = ticket
  }

  mutating func returned(_ region: RegionName, on index: Int) { self.switches[index].lost[region] = nil }
  mutating func forgetLost(on index: Int) { self.switches[index] = Memory() }
  mutating func forgetLost() { for index in self.switches.indices { self.forgetLost(on: index) } }

  /// The controller has declared the region lost and the switch has done everything that it was told.
  func isLost(_ region: RegionName, on index: Int) -> Bool {
    guard let ticket = self.switches[index].lost[region] else { return false }
    return self.switches[index].applied >= ticket && self.switches[index].applied == self.switches[index].ordered
  }
}
