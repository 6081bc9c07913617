// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// Whether something is wrong now, and since when it is so.
struct Condition: Sendable {
  /// How many faults have it so at the same time.
  private var count = 0
  private(set) var since = Instant(nanoseconds: 0)

  var isWrong: Bool { self.count > 0 }

  mutating func begin(at now: Instant) {
    self.count += 1
    self.since = now
  }

  mutating func end(at now: Instant) {
    self.count -= 1
    self.since = now
  }

  /// Whether all has been well for at least that long, or ever.
  func isWell(for duration: Duration, at now: Instant) -> Bool {
    !self.isWrong && self.isStable(for: duration, at: now)
  }

  /// Whether nothing was ever wrong.
  var isUntouched: Bool { !self.isWrong && self.since == Instant(nanoseconds: 0) }

  /// Whether it is as it is for at least that long, or ever.
  func isStable(for duration: Duration, at now: Instant) -> Bool {
    self.isUntouched || now - self.since >= duration
  }
}

/// How things really are, whatever controller and agents believe. Indices are those of `Site`.
struct Truth: Sendable {
  /// By region: the gateway drops everything.
  var dark: [Condition]
  /// By region: heartbeats are not what they should be.
  var agents: [Condition]
  /// By region: the gateway sends nothing on to the members, or its agent has not mended that yet.
  var forwarding: [Condition]
  /// By controller and switch: they do not hear each other well, or the controller is not well.
  var links: [[Condition]]
  /// By controller: it and the store do not hear each other well.
  var stores: [Condition]
  /// By switch: no controller decides for it, or none that is well.
  var control: [Condition]
  /// By switch: its tables or its connections were touched by somebody else.
  var tables: [Condition]
  /// By switch and region: the port is down.
  var ports: [[Condition]]
  /// By switch and region: answers to probes do not come as they should.
  var probes: [[Condition]]
  /// By region and service: the member does not serve.
  var members: [[Condition]]
  /// By region and service: those that hang rather than refuse.
  var hanging: Set<[Int]> = []

  init(regions: Int, switches: Int, services: Int, controllers: Int) {
    let one = Condition()
    self.dark = Array(repeating: one, count: regions)
    self.agents = self.dark
    self.forwarding = self.dark
    self.control = Array(repeating: one, count: switches)
    self.stores = Array(repeating: one, count: controllers)
    self.links = Array(repeating: self.control, count: controllers)
    self.tables = self.control
    self.ports = Array(repeating: self.dark, count: switches)
    self.probes = self.ports
    self.members = Array(repeating: Array(repeating: one, count: services), count: regions)
  }

  /// A packet that a switch sends to a gateway arrives.
  func reaches(_ region: Int, from datapath: Int) -> Bool {
    !self.dark[region].isWrong && !self.ports[datapath][region].isWrong
  }

  func serves(_ service: Int, in region: Int) -> Bool { !self.members[region][service].isWrong }

  /// Nothing that could take a region out for a service on a switch has happened since `instant`, and nothing so
  /// shortly before it that somebody might still act on it.
  ///
  /// - Parameter delay: the longest that anybody acts on what is over.
  func isUntouched(
    _ region: Int, _ service: Int, on datapath: Int, since instant: Instant, actingWithin delay: Duration
  ) -> Bool {
    [
      self.dark[region], self.ports[datapath][region], self.probes[datapath][region], self.members[region][service],
      self.forwarding[region], self.tables[datapath],
    ].allSatisfy { $0.isUntouched || !$0.isWrong && $0.since + delay <= instant }
  }
}
