// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit
import ServiceModel
import SouthboundLoad

/// How the memory of a lab's processes grows with their age.
package struct SoakMemory: Sendable {
  package struct Sample: Sendable {
    package let process: String
    let pid: Int32
    /// Since the first look at it.
    package fileprivate(set) var age: Duration
    /// When it had come up.
    package fileprivate(set) var first: Int
    package fileprivate(set) var last: Int

    /// A process that has just begun still takes what it needs.
    static let comesUp = Duration.seconds(120)
    /// What allocators keep for later.
    private static let slack = 4 << 20

    package var isFlat: Bool { self.last <= self.first + self.first / 10 + Self.slack }
  }

  private var began: [Int32: Instant] = [:]
  /// Of the processes that were there at the last look.
  package private(set) var samples: [Sample] = []

  package init() {}

  mutating func look(at lab: Lab) async {
    var found: [(String, Int32)] = []
    for number in lab.layout.controllers {
      if let pid = await lab.controllerIdentity(number)?.pid { found.append(("controller c\(number)", pid)) }
    }
    for region in 1...lab.layout.regionCount {
      if let pid = await lab.agentIdentity(region)?.pid { found.append(("agent r\(region)", pid)) }
    }
    let now = MonotonicClock.now()
    let before = Dictionary(self.samples.map { ($0.pid, $0) }, uniquingKeysWith: { $1 })
    self.samples = found.compactMap { process, pid in
      guard let usage = ProcessUsage(pid: pid) else { return nil }
      let since = self.began[pid] ?? now
      self.began[pid] = since
      var sample =
        before[pid]
        ?? Sample(process: process, pid: pid, age: .zero, first: usage.residentBytes, last: usage.residentBytes)
      if sample.age < Sample.comesUp { sample.first = usage.residentBytes }
      sample.age = now - since
      sample.last = usage.residentBytes
      return sample
    }
  }
}
