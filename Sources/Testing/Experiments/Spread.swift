// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit
package import ServiceModel

/// How new connections are divided over regions of equal weight: by the groups as compiled, and by a sample of them.
///
/// wrk opens the connections; the switch's own counters say where each has gone. Where the controller is asked about each
/// (placement `reactive`) curl opens one after the other, and the answers say where it was: there they must be divided to
/// the last one.
package struct Spread: Sendable {
  package let regions: Int
  package let connections: Int
  /// Connections that failed, as wrk says.
  package let lost: Int
  package let perSecond: Int
  /// Of each region, in the order of the regions; they add up to 1. Empty: nothing is compiled.
  package let compiled: [Double]
  package let sample: [Double]
  /// Each region has as many as another, or one more; none is lost.
  package let isExact: Bool

  /// The largest distance from an even share, in hundredths.
  package static func deviation(_ shares: [Double]) -> Double {
    shares.map { abs($0 - 1 / Double(shares.count)) * 100 }.max() ?? 0
  }

  /// - Parameter connections: at least that many are opened.
  package static func measure(
    regions: Int, connections: Int, placement: Placement = .conntrack
  ) async throws -> Spread {
    var options = LabOptions()
    options.name = "isthmus-bench"
    options.stateDirectory = LabOptions.memoryStateDirectory
    options.regions = regions
    options.service.policy = .roundRobin
    options.placement = placement
    if placement == .reactive { return try await Self.measureByAnswers(options, connections: connections) }
    try LabRequirements.require("wrk", package: "wrk")
    return try await Lab.with(options) { lab in
      try await lab.waitUntil("answers of all regions") {
        guard try await Slots.read(from: lab).count(where: { $0.isRegion }) == regions else { return false }
        return try await lab.request() != nil
      }
      let before = try await Slots.read(from: lab)
      let clients = try await lab.addClients(LabClient.maximum)
      var total = Wrk()
      var rates: [Double] = []
      while total.requests < connections {
        // Of another client each time: a hash sends those to one place that have address and port in common, and a client
        // has 28,000 ports.
        let client = clients[rates.count % clients.count]
        let burst = try await Wrk.run(in: lab, ["-c", "32"], seconds: 1, as: client)
        total = total + burst
        rates.append(burst.perSecond)
      }
      // The switch sums its counters up about once a second.
      try await Task.sleep(for: .seconds(3))
      let after = try await Slots.read(from: lab)
      let slots = after.filter { $0.isSlot }
      let packets = (1...regions).map { region in
        after.count(of: region) - before.count(of: region)
      }
      let sum = Double(packets.reduce(0, +))
      return Spread(
        regions: regions, connections: total.requests, lost: total.errors,
        perSecond: Int(rates.reduce(0, +) / Double(rates.count)),
        compiled: (1...regions).map { region in
          Double(slots.count { $0.region == region }) / Double(max(slots.count, 1))
        },
        sample: packets.map { Double($0) / max(sum, 1) }, isExact: false)
    }
  }

  private static func measureByAnswers(_ options: LabOptions, connections: Int) async throws -> Spread {
    try await Lab.with(options) { lab in
      try await lab.waitUntilAllServe()
      var counts: [Int: Int] = [:]
      let began = MonotonicClock.now()
      var asked = 0
      while asked < connections {
        let burst = min(connections - asked, Self.burst)
        counts.merge(try await lab.answers(burst)) { $0 + $1 }
        asked += burst
      }
      let answered = counts.values.reduce(0, +)
      let each = lab.layout.regions.map { counts[$0] ?? 0 }
      return Spread(
        regions: options.regions, connections: asked, lost: asked - answered,
        perSecond: Int(Double(asked) / ((MonotonicClock.now() - began) / .seconds(1))), compiled: [],
        sample: each.map { Double($0) / Double(max(answered, 1)) },
        isExact: asked == answered && (each.max() ?? 0) - (each.min() ?? 0) <= 1)
    }
  }

  /// Connections of one curl, which has a minute for them.
  private static let burst = 5_000
}

/// One bucket of the service's groups, as `ovs-ofctl` shows it.
private struct Slots {
  struct Bucket {
    var group: UInt32
    var isSlot: Bool
    /// Of a region's group, that carries traffic.
    var isRegion: Bool
    var region: Int?
    var packets = 0
  }

  static func read(from lab: Lab) async throws -> [Bucket] {
    var buckets: [Bucket] = []
    for line in try await lab.ofctl("dump-groups", LabLayout.bridge, version: "OpenFlow15").split(separator: "\n") {
      guard let group = number(after: "group_id=", in: line) else { continue }
      let isSlots = line.contains("type=select")
      for text in line.split(separator: "bucket=bucket_id:").dropFirst() {
        let region = lab.layout.regions.first {
          text.contains("nat(dst=\(LabLayout.gatewayAddress($0)):")
            || text.contains("set_field:\(LabLayout.gatewayAddress($0))->ip_dst")
        }
        buckets.append(
          Bucket(
            group: UInt32(group), isSlot: isSlots, isRegion: text.contains("watch_port:") && region == nil,
            region: region))
      }
    }
    for line in try await lab.ofctl("dump-group-stats", LabLayout.bridge, version: "OpenFlow15").split(separator: "\n")
    {
      guard let group = number(after: "group_id=", in: line) else { continue }
      let places = buckets.indices.filter { buckets[$0].group == UInt32(group) }
      for (place, text) in zip(places, line.split(separator: ":packet_count=").dropFirst()) {
        buckets[place].packets = Int(text.prefix { $0.isNumber }) ?? 0
      }
    }
    return buckets
  }

  private static func number(after key: String, in line: Substring) -> Int? {
    line.firstRange(of: key).flatMap { Int(line[$0.upperBound...].prefix { $0.isNumber }) }
  }
}

extension [Slots.Bucket] {
  fileprivate func count(of region: Int) -> Int {
    self.filter { $0.isSlot && $0.region == region }.reduce(0) { $0 + $1.packets }
  }
}
