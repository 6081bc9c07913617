// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// What a checker must remember of one controller's decisions.
struct DecisionMemory: Sendable {
  private var switches: [Memory]

  /// Of one switch.
  private struct Memory: Sendable {
    /// Regions that the controller declared lost, and the change that says so to the switch.
    var lost: [RegionName: UInt64] = [:]
    var ordered: UInt64 = 0
    var applied: UInt64 = 0
  }

  init(switches: Int) {
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
