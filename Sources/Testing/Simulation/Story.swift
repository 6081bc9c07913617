// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// What happened in a world: the last lines in words, and all of it as one number.
struct Story: Sendable {
  /// Lines that are kept.
  static let capacity = 60

  private(set) var lines: [String] = []
  /// FNV-1a, 64 bits, of everything that happened, so that two runs can be compared.
  private(set) var fingerprint: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func tell(_ line: String, at now: Instant) {
    self.mix(UInt64(bitPattern: now.nanoseconds))
    for byte in line.utf8 { self.mix(UInt64(byte)) }
    if self.lines.count >= 2 * Self.capacity { self.lines.removeFirst(Self.capacity) }
    self.lines.append("\(now) \(line)")
  }

  mutating func mix(_ value: UInt64) {
    self.fingerprint = (self.fingerprint ^ value) &* 0x0000_0100_0000_01b3
  }

  var tail: [String] { Array(self.lines.suffix(Self.capacity)) }
}

/// How a world went that kept all promises.
package struct WorldReport: Sendable, Equatable {
  package var seed: UInt64
  /// Things that happened.
  package var events: Int
  /// GROUP_MODs and FLOW_MODs that the switches got.
  package var changes: Int
  /// How often a region was taken out on a switch, or a service in a region.
  package var losses: Int
  /// How often a service moved from one region to another on a switch.
  package var moves: Int
  /// New connections that the clients tried while a promise was held against them.
  package var judged: Int
  /// The same for two runs of one seed.
  package var fingerprint: UInt64
}

/// A promise that was broken.
package struct Violation: Error, Sendable, Equatable, CustomStringConvertible {
  package var world: WorldSeed
  /// Which promise, and how it was broken.
  package var promise: String
  package var at: Instant
  /// The last things that happened.
  package var story: [String]

  package var description: String {
    """
    \(self.world), \(self.at): \(self.promise)
    what happened before:
      \(self.story.joined(separator: "\n  "))
    replay: isthmus simulate --seed \(self.world.number) --size \(self.world.size.rawValue)
    to keep it, add it to Tests/Seeds/regressions.txt
    """
  }
}
