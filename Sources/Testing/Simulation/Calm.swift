// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Days on which nothing happens but what networks do: packets are lost, and late. Nothing may be taken out for that.
package struct Calm: Sendable {
  package var detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3)
  /// One packet in so many is lost, of probes and of heartbeats.
  package var oneIn: UInt64 = 100
  /// Each is late by anything up to that.
  package var jitter = Duration.milliseconds(20)
  package var duration: Duration
  package var seed: UInt64

  package init(_ duration: Duration, seed: UInt64 = 0) {
    self.duration = duration
    self.seed = seed
  }

  /// Three regions, two services.
  ///
  /// - Returns: what was seen, or the promise that was broken.
  package func run() -> Result<WorldReport, Violation> {
    let begins = Instant(nanoseconds: 0) + .seconds(4)
    let faults = (0..<3).flatMap { region -> [Fault] in
      [.probesLost(switch: 0, region: region, oneIn: self.oneIn), .heartbeatsLost(region: region, oneIn: self.oneIn)]
    }
    let planned = (faults + [.jitter(upTo: self.jitter)]).map {
      PlannedFault(fault: $0, begins: begins, ends: begins + self.duration)
    }
    let services = [Site.makeService(0, preference: [0, 1, 2]), Site.makeService(1, preference: [2, 1])]
    let intent = Site.makeIntent(regions: 3, detection: self.detection, services: services)
    var world = World(Scenario(intent, faults: planned, controllers: 1), seed: self.seed)
    _ = world.run(until: begins)
    // Coming up is no calm.
    (world.report.losses, world.report.moves) = (0, 0)
    _ = world.run(until: begins + self.duration - .milliseconds(1))
    return world.violation.map { .failure($0) } ?? .success(world.report)
  }
}
