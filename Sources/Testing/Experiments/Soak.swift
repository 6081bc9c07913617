// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
package import LabKit
import ServiceModel

/// A long time in a service's life: fault after fault, drawn from a seed, while clients go on.
///
/// Three regions and three controllers with etcd in front of one switch. One controller and one agent are never ended,
/// so that they grow old: what they hold at the end tells whether memory leaks.
package struct Soak: Sendable {
  /// One fault, from a service that is well to one that is well again.
  package struct Round: Sendable {
    package let fault: SoakFault
    /// Where it was; nil: in no region.
    package let region: Int?
    /// Nil: no request was lost.
    package let unavailability: Duration?
    package let bound: Duration
    package let requests: Int
    package let lost: Int
    /// Requests that were lost when the fault should have been overcome, or before it.
    package let lostBeyond: Int
    /// What became of those, and when the first and the last of them began, since the fault.
    package let beyond: String
    package let stolen: Double
    /// The longest time between the beginnings of two requests.
    package let resolution: Duration

    /// The machine took too much time away for milliseconds to mean anything.
    package var isDisturbed: Bool { self.stolen > 0.02 || self.resolution > .milliseconds(20) }

    /// A time between two answers is up to two intervals longer than the one without any.
    package var isKept: Bool {
      self.lostBeyond == 0 && (self.unavailability ?? .zero) <= self.bound + Soak.interval * 2
    }
  }

  package var seed: UInt64
  package var duration: Duration
  package var regions = 3
  package var controllers = 3
  /// From one new connection to the next.
  package static let interval = Duration.milliseconds(4)
  /// How long a fault lasts, in milliseconds.
  package static let holding = 500...5_000
  /// The pause between two faults, in milliseconds.
  package static let rest = 0...3_000

  package init(seed: UInt64, duration: Duration) {
    self.seed = seed
    self.duration = duration
  }

  package var options: LabOptions {
    FailoverScenario.quick {
      $0.name = "isthmus-soak"
      $0.regions = self.regions
      $0.controllers = self.controllers
    }
  }

  /// - Throws: `LabError` if the service does not get well again within a minute.
  package func run(each: (Round) -> Void) async throws -> [SoakMemory.Sample] {
    try await Lab.with(self.options) { lab in
      var random = RandomSource(seed: self.seed)
      var memory = SoakMemory()
      try await Self.waitUntilWell(lab)
      let end = MonotonicClock.now() + self.duration
      while MonotonicClock.now() < end {
        let leader = try await LabControllers.waitForLeader(in: lab)
        let fault = SoakFault.draw(&random, leader: leader, controllers: self.controllers)
        // Half of them where the traffic is.
        let others = fault.endsAgent ? self.regions - 1 : self.regions
        let region = random.next(below: 2) == 0 ? 1 : 1 + Int(random.next(below: UInt64(others)))
        let hold = Duration.milliseconds(random.draw(Self.holding))
        each(try await self.round(fault, region: region, leader: leader, hold: hold, in: lab))
        await memory.look(at: lab)
        try await Task.sleep(for: .milliseconds(random.draw(Self.rest)))
      }
      return memory.samples
    }
  }

  private func round(
    _ fault: SoakFault, region: Int, leader: Int, hold: Duration, in lab: Lab
  ) async throws -> Round {
    let prober = try await lab.startProber(ProbeOptions(interval: Self.interval))
    try await prober.waitForAnswers(50, after: MonotonicClock.now())
    let stolenTime = StolenTime()
    let failed = try await fault.begin(in: lab, region: region, leader: leader)
    try await Task.sleep(for: hold)
    try await fault.end(in: lab, region: region, leader: leader)
    try await Self.waitUntilWell(lab)
    try await prober.waitForAnswers(100, of: 1, after: MonotonicClock.now())
    let stolen = stolenTime.share()
    let log = try await prober.stop()
    let bound = fault.bound(lab.options, isServing: region == 1)
    let gap = log.unavailability(around: failed)
    let beyond = log.lost.filter { $0.start > failed + bound || $0.start < failed - .milliseconds(100) }
    return Round(
      fault: fault, region: fault.isOfRegion ? region : nil, unavailability: log.lost.isEmpty ? nil : gap?.duration,
      bound: bound,
      requests: log.records.count, lost: log.lost.count,
      lostBeyond: beyond.count, beyond: Self.story(of: beyond, since: failed), stolen: stolen,
      resolution: log.resolution)
  }

  /// `12 timeout, from 1203 ms to 1260 ms`
  private static func story(of records: [ProbeRecord], since failed: Instant) -> String {
    guard let first = records.first, let last = records.last else { return "" }
    let counts = ProbeRecord.Outcome.allCases.compactMap { outcome in
      let count = records.count { $0.outcome == outcome }
      return count == 0 ? nil : "\(count) \(outcome.rawValue)"
    }
    let moments = [first, last].map { "\(($0.start - failed).nanoseconds / 1_000_000) ms" }
    return "\(counts.joined(separator: ", ")), from \(moments[0]) to \(moments[1])"
  }

  /// All regions carry or could, all controllers are there, and the service is where it should be.
  private static func waitUntilWell(_ lab: Lab) async throws {
    try await lab.waitUntil("service that is well", timeout: .seconds(60)) {
      for number in lab.layout.controllers where try await LabControllers.read(number, in: lab) == nil { return false }
      let leader = try await LabControllers.waitForLeader(in: lab)
      let list = try? await LabAPI.get("/v1/regions", as: RegionListResource.self, from: lab, controller: leader)
      return list?.regions.allSatisfy { $0.health == .healthy && $0.paths.allSatisfy { $0.state == .well } } == true
    }
    try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
  }
}

extension RandomSource {
  fileprivate mutating func draw(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(self.next(below: UInt64(range.count)))
  }
}
