// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a region may carry, and what becomes of new connections when it carries that much.
package struct Capacity: Sendable, Equatable {
  /// What is counted, at the region's gateway.
  package enum Measure: String, Sendable, CaseIterable, Codable {
    /// Open connections.
    case connections
    /// Packets in a second.
    case packets
    /// Thousand bits in a second.
    case bits
  }

  package enum Excess: String, Sendable, CaseIterable, Codable {
    /// Other regions get them, standbys too. If none has room, they stay.
    case spill
    /// The same, but if none has room they are dropped.
    case shed
    /// They stay, and it is an alarm.
    case failOpen = "fail-open"
  }

  package var measure: Measure
  /// 1…4,000,000,000
  package var limit: Int
  package var whenFull: Excess

  package init(_ measure: Measure, limit: Int, whenFull: Excess = .spill) {
    self.measure = measure
    self.limit = limit
    self.whenFull = whenFull
  }

  package func amount(in load: GatewayLoad) -> Int {
    switch self.measure {
    case .connections: Int(load.connections)
    case .packets: Int(load.packetsPerSecond)
    case .bits: Int(load.kilobitsPerSecond)
    }
  }

  /// Full from the limit on, until a tenth of it is free: what has just been relieved must not fill at once.
  package func isFull(_ load: GatewayLoad, was: Bool) -> Bool {
    let amount = self.amount(in: load)
    return was ? amount * 10 > self.limit * 9 : amount >= self.limit
  }
}
