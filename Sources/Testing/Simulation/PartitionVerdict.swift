// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// Where a partition leaves a service's traffic.
package enum PartitionVerdict: Sendable, Hashable, CustomStringConvertible {
  /// Where it was; no connection is touched.
  case stays
  /// To the region with this index, and the connections that were open are cut.
  case moves(Int)

  package var description: String {
    switch self {
    case .stays: "stays"
    case .moves(let region): "moves to \(Site.region(region))"
    }
  }
}

/// A rule of the partition table.
package struct PartitionRule: Sendable {
  /// When it holds, in words.
  package let when: String
  package let then: String
  package let why: String
  let holds: @Sendable (PartitionCase) -> Bool
  let verdict: @Sendable (PartitionCase) -> PartitionVerdict
}

extension PartitionCase {
  /// Who decides for the switch at last; nil: nobody.
  private var decider: Decider? {
    let canBeReplaced =
      self.controllers > 1 && !self.isCut(.followersToSwitch) && !self.isCut(.followersToStore)
    // A leader that sees no switch gives its lease up; one that does not reach the store loses it.
    if canBeReplaced, self.isCut(.leaderToSwitch) || self.isCut(.leaderToStore) { return .follower }
    return self.isCut(.leaderToSwitch) ? nil : .leader
  }

  private enum Decider { case leader, follower }

  /// The first region, in order of preference, whose path is whole.
  private var reached: Int? { (0..<self.regions).first { !self.isCut(.path($0)) } }

  private func hears(_ decider: Decider, _ region: Int) -> Bool {
    !self.isCut(decider == .leader ? .leaderToAgent(region) : .followersToAgent(region))
  }

  /// This controller hears the region's agent, or an agent that hears it.
  private func hearsOf(_ decider: Decider, _ region: Int) -> Bool {
    self.hears(decider, region)
      || (0..<self.regions).contains { peer in
        peer != region && self.hears(decider, peer) && !self.isCut(.agents(min(peer, region), max(peer, region)))
      }
  }

  private func heard(by decider: Decider) -> Int? { (0..<self.regions).first { self.hearsOf(decider, $0) } }

  /// Without path probes: where who decides sends traffic; nil: it hears nobody.
  private var heard: Int? {
    guard self.decider == .follower else { return self.heard(by: .leader) }
    guard !self.isCut(.leaderToSwitch), let before = self.heard(by: .leader), before != 0 else {
      return self.heard(by: .follower)
    }
    // What the leader has taken out comes back with its own heartbeats only.
    return (0..<self.regions).first { region in
      self.hears(.follower, region) || self.hearsOf(.leader, region) && self.hearsOf(.follower, region)
    }
  }

  /// Without path probes: where a leader sent traffic before it was replaced by one that hears nobody.
  private var inherited: Int? {
    guard self.decider == .follower, self.heard == nil, !self.isCut(.leaderToSwitch) else { return nil }
    return self.heard(by: .leader).flatMap { $0 == 0 ? nil : $0 }
  }

  /// The table: the first rule that holds.
  package static let rules: [PartitionRule] = [
    PartitionRule(
      when: "no controller that could lead reaches the switch",
      then: "stays",
      why: "nobody can change the tables, and what they say goes on to work; a port that goes down still moves traffic",
      holds: { $0.decider == nil }, verdict: { _ in .stays }),
    PartitionRule(
      when: "the paths to all regions are cut",
      then: "stays, and an alarm says so",
      why: "nowhere is better; what comes back first is used at once",
      holds: { $0.probe != .none && $0.reached == nil }, verdict: { _ in .stays }),
    PartitionRule(
      when: "the path to the region that serves is cut",
      then: "moves to the first region whose path is whole",
      why: "the path is what clients take; the region's connections are cut, so that clients notice",
      holds: { $0.probe != .none && $0.reached != 0 }, verdict: { .moves($0.reached ?? 0) }),
    PartitionRule(
      when: "links between agents, controllers and the store are cut, as many as there are",
      then: "stays",
      why: "the path works: an agent that is not heard is an alarm, and no reason to move what is served",
      holds: { $0.probe != .none }, verdict: { _ in .stays }),
    PartitionRule(
      when: "without path probes: the leader has moved traffic, and a follower replaces it that hears no agent",
      then: "moves, and stays there then",
      why: "a new leader goes on from what the switch holds",
      holds: { $0.inherited != nil }, verdict: { .moves($0.inherited ?? 0) }),
    PartitionRule(
      when: "without path probes: no agent is heard, or that of the region that serves is heard of",
      then: "stays",
      why: "if nobody is heard, it is the controller that is cut off; and a heartbeat that comes by way of another "
        + "region (the thesis's redundant path) is as good as any",
      holds: { $0.heard == nil || $0.heard == 0 }, verdict: { _ in .stays }),
    PartitionRule(
      when: "without path probes: neither the controller nor an agent that it hears hears the region that serves",
      then: "moves to the first region that is heard of",
      why: "nothing else is known of a region then",
      holds: { _ in true }, verdict: { .moves($0.heard ?? 0) }),
  ]

  package var rule: PartitionRule { Self.rules.first { $0.holds(self) } ?? Self.rules[0] }

  /// What the table says.
  package var expected: PartitionVerdict { self.rule.verdict(self) }
}
