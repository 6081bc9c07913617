// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import LabKit
package import ServiceModel

/// The thesis's three tests of load balancing: a load passes a region's threshold, and the regions share it.
package struct Triggered: Sendable {
  package let policy: Policy
  package let requests: Int
  /// Requests without a good answer.
  package let lost: Int
  /// From the load's start until new connections were shared; nil: they never were.
  package let fired: Duration?
  /// Of new connections in the second half of the load, as the members' kernels count them, with a check a second. (The
  /// switch forgets its counters when it is given other shares.)
  package let connections: [Double]
  /// Of what the policy levels, in the second half: packets through the gateways' interfaces, or open connections at
  /// the members; empty for the processors, which the members share.
  package let figures: [Double]
  package let stolen: Double

  /// How far the share of the figure, or else that of the connections, is from an even one, in hundredths.
  package var deviation: Double { Spread.deviation(self.figures.isEmpty ? self.connections : self.figures) }

  package static let policies: [Policy] = [.packets, .activeFlows, .cpu]

  private static func trigger(of policy: Policy) -> String {
    switch policy {
    case .packets: "{threshold: 2000/s, update: 1s}"
    case .activeFlows: "{threshold: 200, update: 5s}"
    default: "{threshold: 50%, update: 1s}"
    }
  }

  /// - Parameter seconds: how long the load lasts.
  package static func measure(_ policy: Policy, seconds: Int) async throws -> Triggered {
    try LabRequirements.require("wrk", package: "wrk")
    try LabRequirements.require("httperf", package: "httperf")
    let options = FailoverScenario.quick {
      $0.service.policy = policy
      $0.service.trigger = Self.trigger(of: policy)
      $0.service.check.interval = .seconds(1)
    }
    return try await Lab.with(options) { lab in
      if policy == .cpu { for region in lab.layout.regions { try await lab.startExporter(region) } }
      try await lab.waitUntilServing(timeout: .seconds(30))
      try await Self.waitUntilWell(lab)
      let stolenTime = StolenTime()
      let clock = WallClockOffset()
      let began = MonotonicClock.now()
      async let load = Self.load(policy, seconds: seconds, in: lab)
      try await waitUntil("half of the load", timeout: .seconds(Int64(seconds)), every: .milliseconds(100)) {
        MonotonicClock.now() - began > .seconds(seconds) / 2
      }
      let acceptedBefore = try await Self.accepted(in: lab)
      let packetsBefore = try await Self.packets(in: lab)
      var open = [0, 0]
      try await waitUntil("the load's end", timeout: .seconds(Int64(seconds)), every: .milliseconds(250)) {
        if policy == .activeFlows {
          let now = [try await Self.openConnections(1, in: lab), try await Self.openConnections(2, in: lab)]
          open = zip(open, now).map { $0 + $1 }
        }
        return MonotonicClock.now() - began > .seconds(seconds) - .seconds(1)
      }
      let packetsAfter = try await Self.packets(in: lab)
      let acceptedAfter = try await Self.accepted(in: lab)
      let (requests, lost) = try await load
      let fired = try await LabEvents.read(from: lab).filter { $0.kind == "steered" && $0.attributes["to"] == "r1,r2" }
        .compactMap(clock.instant(of:)).first { $0 > began }
      let figures: [Int] =
        switch policy {
        case .packets: zip(packetsAfter, packetsBefore).map { $0 - $1 }
        case .activeFlows: open
        default: []
        }
      return Triggered(
        policy: policy, requests: requests, lost: lost, fired: fired.map { $0 - began },
        connections: Self.shares(zip(acceptedAfter, acceptedBefore).map { $0 - $1 }),
        figures: Self.shares(figures), stolen: stolenTime.share())
    }
  }

  private static func shares(_ counts: [Int]) -> [Double] {
    let sum = max(counts.reduce(0, +), 1)
    return counts.map { Double($0) / Double(sum) }
  }

  /// The controller hears all agents and knows what their gateways carry.
  private static func waitUntilWell(_ lab: Lab) async throws {
    try await lab.waitUntil("known load of all regions", timeout: .seconds(30)) {
      let list = try await LabAPI.get("/v1/regions", as: RegionListResource.self, from: lab)
      return list.regions.allSatisfy { $0.health == .healthy && $0.load != nil }
    }
  }

  // MARK: Load

  /// - Returns: requests, and those that were lost.
  private static func load(_ policy: Policy, seconds: Int, in lab: Lab) async throws -> (Int, Int) {
    guard policy == .activeFlows else {
      // A client's ports would not do for longer at full speed.
      let wrk = try await Wrk.run(in: lab, ["-c", "4"], seconds: seconds)
      return (wrk.requests, wrk.errors)
    }
    // An httperf opens 1,000 connections at most. So many that chance alone is not seen for a bad split.
    async let other = Self.sessions(seconds: seconds, in: lab)
    let (one, two) = try await (Self.sessions(seconds: seconds, in: lab), other)
    return (one.requests + two.requests, one.errors + two.errors)
  }

  /// Sessions of 5 requests, 2 s apart: 100 a second make 800 open connections.
  private static func sessions(seconds: Int, in lab: Lab) async throws -> Httperf {
    let output = try await lab.exec(
      in: .client,
      [
        "httperf", "--server", "\(LabLayout.virtualIP)", "--port", "80", "--wsess", "\(100 * seconds),5,2", "--rate",
        "100", "--timeout", "5",
      ], timeout: .seconds(Int64(seconds) + 60)
    ).requireSuccess()
    guard let httperf = Httperf(output) else { throw ExperimentError.badAnswer("httperf: \(output)") }
    return httperf
  }

  // MARK: Figures

  private static func packets(in lab: Lab) async throws -> [Int] {
    var packets: [Int] = []
    for region in lab.layout.regions {
      let path = "/sys/class/net/ext/statistics"
      let text = try await lab.exec(in: .gateway(region), ["cat", "\(path)/rx_packets", "\(path)/tx_packets"])
        .requireSuccess()
      packets.append(text.split(separator: "\n").compactMap { Int($0) }.reduce(0, +))
    }
    return packets
  }

  private static func accepted(in lab: Lab) async throws -> [Int] {
    var counts: [Int] = []
    for region in lab.layout.regions {
      let text = try await lab.exec(in: .member(region), ["cat", "/proc/net/snmp"]).requireSuccess()
      counts.append(ClientSockets.tcpCounter("PassiveOpens", text))
    }
    return counts
  }

  private static func openConnections(_ region: Int, in lab: Lab) async throws -> Int {
    try await lab.exec(in: .member(region), ["ss", "-Htn", "state", "established", "sport = :80"]).requireSuccess()
      .split(separator: "\n").count
  }
}

/// What httperf says.
package struct Httperf: Sendable {
  package let requests: Int
  /// Of every kind, and requests without a reply.
  package let errors: Int

  /// `Total: connections 50 requests 250 replies 250 test-duration 9.100 s`,
  /// `Errors: total 0 client-timo 0 socket-timo 0 connrefused 0 connreset 0`
  package init?(_ output: String) {
    var totals: [Substring]?
    var errors: Int?
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == "Total:", words.count > 6 { totals = words }
      if words.starts(with: ["Errors:", "total"]), words.count > 2 { errors = Int(words[2]) }
    }
    guard let totals, let requests = Int(totals[4]), let replies = Int(totals[6]), let errors else { return nil }
    self.requests = requests
    self.errors = max(errors, requests - replies)
  }
}
