// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
package import LabKit
package import ServiceModel

/// A move of traffic that an operator chooses, or a restart of the controller: it must break nothing, or, where the switch
/// keeps no connections (placement `hash`), what was announced.
package struct Move: Sendable {
  /// For the command line.
  package let name: String
  /// For people.
  package let title: String
  let options: LabOptions
  /// Brings the lab to where the move begins.
  let prepare: @Sendable (Lab) async throws -> Void
  let act: @Sendable (Lab) async throws -> Void
  /// The shares of new connections that r1 gets when the move is done, 0 … 1.
  let share: ClosedRange<Double>

  /// What one move did to the load.
  package struct Result: Sendable {
    package let move: Move
    package let outcome: HeldLoad.Outcome
    /// From the order until the answers of two seconds were of whom the move wants.
    package let duration: Duration
    package let announced: AnnouncedLoss
    /// New connections that failed, though they began when the move was done or before it was ordered.
    package let strangers: Int

    /// Each broken connection fails a request; a few of them are opened anew from the same port, and not seen to be gone.
    package var broken: Int {
      self.announced.moved == 0 ? self.outcome.broken : max(self.outcome.broken, self.outcome.requests.errors)
    }

    /// Nothing broke, or as much as was announced and at the moment of the move.
    package var isKept: Bool {
      if self.announced.moved == 0 { return self.outcome.isUnharmed }
      return self.announced.agrees(with: self.broken, of: self.outcome.connections) && self.outcome.silent == 0
        && self.strangers == 0
    }
  }

  /// Holds the load, does the move in a lab of its own, and goes on for as long as a request may take.
  package func measure(_ amount: HeldLoad.Amount, placement: Placement = .conntrack) async throws -> Result {
    var options = self.options
    options.placement = placement
    return try await Lab.with(options) { lab in
      try await lab.waitUntilServing(timeout: .seconds(30))
      try await self.prepare(lab)
      let load = try await HeldLoad.start(amount, in: lab)
      let last = try await LabEvents.read(from: lab).last?.time ?? ""
      let began = MonotonicClock.now()
      let duration = try await self.perform(in: lab, under: load)
      try await load.prober.waitForAnswers(3 * amount.rate, after: MonotonicClock.now())
      // A controller that was started again counts anew; times of RFC 3339 in UTC sort as they are.
      let news = try await LabEvents.read(from: lab).filter { $0.time > last }
      let outcome = try await load.stop()
      // One that is under way when its slot moves ends as others do.
      let window = began - .milliseconds(100)...began + duration
      return Result(
        move: self, outcome: outcome, duration: duration, announced: AnnouncedLoss(news),
        strangers: outcome.new.lost.count { !window.contains($0.start) })
    }
  }

  /// Does the move and waits until the clients see it.
  package func perform(in lab: Lab, under load: HeldLoad) async throws -> Duration {
    let began = MonotonicClock.now()
    try await self.act(lab)
    let window = 2 * load.amount.rate
    try await waitUntil("end of \(self.title)", timeout: .seconds(60), every: .milliseconds(250)) {
      let regions = try load.prober.recent(window).answers.filter { $0.start > began }.compactMap(\.region)
      return regions.count >= window && self.share.contains(Double(regions.count { $0 == 1 }) / Double(regions.count))
    }
    return MonotonicClock.now() - began
  }
}

extension Move {
  package static let all: [Move] = [nothing, drain, undrain, reweight, failback, controllerRestart]

  /// Two regions of the same weight, a connection each in turn.
  private static let balanced = FailoverScenario.quick {
    $0.service.policy = .weighted
    $0.service.weights = [50, 50]
  }

  private static let half = 0.4...0.6

  /// What the machine itself does to such a load.
  static let nothing = Move(
    name: "nothing", title: "nothing, to compare", options: balanced, prepare: { try await $0.waitUntilAllServe() },
    act: { _ in }, share: half)

  package static let drain = Move(
    name: "drain", title: "drain of a region", options: balanced, prepare: { try await $0.waitUntilAllServe() },
    act: { try await LabAPI.post("/v1/regions/r1/drain", to: $0) }, share: 0...0)

  package static let undrain = Move(
    name: "undrain", title: "undrain", options: balanced,
    prepare: { lab in
      try await lab.waitUntilAllServe()
      try await LabAPI.post("/v1/regions/r1/drain", to: lab)
      try await lab.waitUntil("the event 'drained'") {
        try await LabEvents.read(from: lab).contains { $0.kind == "drained" }
      }
    },
    act: { try await LabAPI.post("/v1/regions/r1/undrain", to: $0) }, share: half)

  package static let reweight = Move(
    name: "reweight", title: "50/50 → 80/20", options: balanced, prepare: { try await $0.waitUntilAllServe() },
    act: { lab in
      var options = lab.options
      options.service.weights = [80, 20]
      try lab.configure(options)
    }, share: 0.75...0.85)

  package static let failback = Move(
    name: "failback", title: "failback of a service", options: FailoverScenario.quick { $0.service.failback = .manual },
    prepare: { lab in
      try await lab.stopMember(1)
      try await lab.waitUntilServing(by: 2)
      try await lab.startMember(1)
      try await lab.waitUntil("r1 on standby") {
        let service = try await LabAPI.get("/v1/services/web", as: ServiceResource.self, from: lab)
        return service.regions.first { $0.name == "r1" }?.state == .up
      }
    },
    act: { try await LabAPI.post("/v1/services/web/failback", to: $0) }, share: 1...1)

  package static let controllerRestart = Move(
    name: "controller-restart", title: "restart of the controller", options: balanced,
    prepare: { try await $0.waitUntilAllServe() },
    act: { lab in
      try await lab.killController()
      try await lab.startController()
      try await lab.waitUntil("switch connected", timeout: .seconds(20)) { try await lab.switchIsConnected() }
    }, share: half)
}
