// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation
import Testing

/// What is done when more fails at once than can be true: ten services, whose members fail in two of three regions.
@Suite struct MassFailureTests: ThreeRegions {
  private let services = (0..<10).map { Site.makeService($0, preference: [$0 % 2, 2, 1 - $0 % 2]) }

  /// The checks of that many services fail in the regions that they prefer.
  private func fail(_ count: Int, in rehearsal: inout Rehearsal) {
    for region in 0..<2 {
      rehearsal.beat(region, self.reports(count, region, in: rehearsal))
    }
  }

  private func reports(_ count: Int, _ region: Int, in rehearsal: Rehearsal) -> [ServiceReport] {
    self.services[..<count].enumerated().filter { $0.offset % 2 == region }.map {
      self.report($0.element, .down(.refused), in: rehearsal)
    }
  }

  /// Where new connections go.
  private func regions(_ rehearsal: inout Rehearsal, clientPort: UInt16 = 1) -> [RegionName?] {
    self.services.map { rehearsal.region(of: $0, clientPort: clientPort) }
  }

  @Test func `half of all services may fail`() {
    var rehearsal = self.rehearse(self.services)
    self.fail(5, in: &rehearsal)
    #expect(self.regions(&rehearsal)[..<5].allSatisfy { $0 == Site.region(2) })
    #expect(rehearsal.controller.status(at: rehearsal.now).massFailure == nil)
  }

  @Test func `what fails when it is too much stays where it is, until all is well again`() {
    var rehearsal = self.rehearse(self.services)
    self.fail(10, in: &rehearsal)
    // All of region 1 had failed before it became too much.
    let held = self.regions(&rehearsal).enumerated().filter { $0.element == Site.region(1) }.map(\.offset)
    #expect(held == [1, 3, 5, 7, 9])
    let status = rehearsal.controller.status(at: rehearsal.now)
    #expect(status.massFailure == StatusView.MassFailure(held: 5))
    #expect(rehearsal.look().contains { $0.hasPrefix("6 of 10 services fail at once, in r1, r2") })

    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()

    // As long as it lasts nothing else moves, however the members fail.
    for _ in 0..<50 {
      rehearsal.run(for: .milliseconds(300))
      self.fail(10, in: &rehearsal)
    }
    #expect(self.changes(rehearsal.look()) == [])

    for _ in 0..<40 {
      rehearsal.run(for: .milliseconds(100))
      for region in 0..<3 { rehearsal.beat(region) }
    }
    #expect(rehearsal.controller.status(at: rehearsal.now).massFailure == nil)
    let returned = self.regions(&rehearsal, clientPort: 2)
    #expect(returned == self.services.map { $0.regions[0] })
    #expect(rehearsal.look().contains { $0.hasPrefix("the mass failure is over") })
  }

  @Test func `an operator who has looked lets them move`() {
    var rehearsal = self.rehearse(self.services)
    self.fail(10, in: &rehearsal)
    rehearsal.tell(.releaseHeld)
    #expect(self.regions(&rehearsal).allSatisfy { $0 == Site.region(2) })
    rehearsal.run(for: .seconds(1))
    self.fail(10, in: &rehearsal)
    #expect(rehearsal.controller.status(at: rehearsal.now).massFailure == nil)
    #expect(self.regions(&rehearsal).allSatisfy { $0 == Site.region(2) })
  }

  @Test func `a region that is lost as a whole is not held`() {
    var rehearsal = self.rehearse(self.services)
    self.fail(10, in: &rehearsal)
    rehearsal.dark = [1]
    rehearsal.run(for: .seconds(1))
    #expect(self.regions(&rehearsal).allSatisfy { $0 == Site.region(2) })
  }

  @Test func `without a limit nothing is held`() {
    var rehearsal = self.rehearse(self.services)
    var intent = rehearsal.intent
    intent.detection.massFailure = nil
    rehearsal.configure(intent)
    self.fail(10, in: &rehearsal)
    #expect(self.regions(&rehearsal).allSatisfy { $0 == Site.region(2) })
  }
}
