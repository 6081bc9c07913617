// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import LabKit
import ServiceModel

/// What moves where a switch keeps no connections (placement `hash`): four regions of equal weight, of which one dies,
/// and then other weights.
///
/// The flows are UDP flows of a client with several addresses. Each is asked again and again, from the same port, and the
/// answer says in which region it is.
package struct SlotTrial: Sendable {
  package static let weights = [50, 50, 50, 50]
  package static let otherWeights = [60, 40, 50, 50]
  /// Of a half to three fifths of two regions' shares: nobody can move less.
  package static let leastMoved = 0.05
  private static let dead = 1

  /// One way to divide the flows.
  package struct Outcome: Sendable {
    package let flows: Int
    /// Flows that nobody answered, at any moment.
    package let lost: Int
    /// That moved when the region died though they were in another one.
    package let strayed: Int
    /// The others' shares of the dead region's flows, in the order of the regions; they add up to 1.
    package let heirs: [Double]
    /// The share of all flows that the new weights moved.
    package let moved: Double

    /// The heirs' largest distance from an even share, in hundredths of the dead region's flows.
    package var deviation: Double { Spread.deviation(self.heirs) }

    package var isKept: Bool { self.lost == 0 && self.strayed == 0 && self.deviation <= 3 && self.moved <= 0.055 }

    /// - Parameters:
    ///   - healthy, bereft: the region of each flow before the death and after it.
    ///   - before, after: and of the change of weights. nil: nobody answered.
    package init(dead: Int, regions: Int, healthy: [Int?], bereft: [Int?], before: [Int?], after: [Int?]) {
      let passes = [healthy, bereft, before, after]
      let flows = passes.map(\.count).min() ?? 0
      self.flows = flows
      self.lost = (0..<flows).count { flow in passes.contains { $0[flow] == nil } }
      self.strayed = zip(healthy, bereft).count { $0 != dead && $0 != $1 }
      let orphans = zip(healthy, bereft).filter { $0.0 == dead }.map(\.1)
      self.heirs = (1...regions).filter { $0 != dead }.map { heir in
        Double(orphans.count { $0 == heir }) / Double(max(orphans.count, 1))
      }
      self.moved = Double(zip(before, after).count { $0 != $1 }) / Double(max(flows, 1))
    }
  }

  /// The slots as they are in the group.
  package let compiled: Outcome
  /// The flows that they divide.
  package let slots: Outcome
  /// The same flows, in the same switch, by a bucket a region that is removed, or gets another weight.
  package let buckets: Outcome

  private static let firstPort: UInt16 = 20_000

  /// - Parameters:
  ///   - flows: at least that many; up to 4,096 of each client's address.
  ///   - note: told what goes on.
  package static func measure(flows: Int, note: (String) -> Void) async throws -> SlotTrial {
    let options = FailoverScenario.quick {
      $0.regions = Self.weights.count
      $0.placement = .hash
      $0.service.policy = .weighted
      $0.service.weights = Self.weights
      $0.service.datagramPorts = [53]
    }
    return try await Lab.with(options) { lab in
      try await lab.waitUntilAllServe()
      let clients = try await lab.addClients((flows + 4_095) / 4_096)
      let ports = UInt16((flows + clients.count - 1) / clients.count)
      let census = FlowCensus(
        target: SocketEndpoint(LabLayout.virtualIP, 53), ports: Self.firstPort..<Self.firstPort + ports,
        sources: clients.map(\.address))

      note("\(clients.count * Int(ports)) flows by slots")
      let group = try await SlotGroup.read(from: lab, setting: "udp_dst")
      let healthy = try await lab.census(census)
      try await Self.settle(lab) { try await lab.goDark(Self.dead) }
      let bereft = try await lab.census(census)
      try await Self.settle(lab) { try await lab.goLight(Self.dead) }
      let before = try await lab.census(census)
      var other = options
      other.service.weights = Self.otherWeights
      try await Self.settle(lab) { try lab.configure(other) }
      let after = try await lab.census(census)
      let otherGroup = try await SlotGroup.read(from: lab, setting: "udp_dst")

      note("the same by a bucket a region")
      try await lab.killController()
      func divide(_ weights: [Int]) async throws -> [Int?] {
        try await lab.ofctl("mod-group", LabLayout.bridge, group.plain(weights: weights), version: "OpenFlow15")
        try await lab.appctl("revalidator/wait")
        return try await lab.census(census)
      }
      var fewer = Self.weights
      fewer[Self.dead - 1] = 0
      let regions = Self.weights.count
      let owners = group.owners.map { Int?($0) }
      return SlotTrial(
        compiled: Outcome(
          dead: Self.dead, regions: regions, healthy: owners, bereft: group.users(without: Self.dead), before: owners,
          after: otherGroup.owners),
        slots: Outcome(
          dead: Self.dead, regions: regions, healthy: healthy, bereft: bereft, before: before, after: after),
        buckets: Outcome(
          dead: Self.dead, regions: regions, healthy: try await divide(Self.weights), bereft: try await divide(fewer),
          before: try await divide(Self.weights), after: try await divide(Self.otherWeights)))
    }
  }

  /// Does something that moves traffic, and returns when the switch does it.
  private static func settle(_ lab: Lab, _ act: () async throws -> Void) async throws {
    let last = try await LabEvents.read(from: lab).last?.id ?? 0
    try await act()
    try await lab.waitUntil("traffic that has moved", timeout: .seconds(30)) {
      let news = try await LabEvents.read(from: lab).drop { $0.id <= last }
      guard let moved = news.firstIndex(where: { $0.kind == "steered" }) else { return false }
      return news[moved...].contains { $0.kind == "switch-programmed" }
    }
    try await lab.appctl("revalidator/wait")
  }
}
