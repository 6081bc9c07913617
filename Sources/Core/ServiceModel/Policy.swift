// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How new connections are spread over the regions. Open connections stay where they are.
package enum Policy: String, Sendable, CaseIterable, Codable {
  /// All to the first live region in order of preference.
  case primaryReplica = "primary-replica"
  /// The same share to every region.
  case roundRobin = "round-robin"
  /// To every region the share that its weight gives it.
  case weighted
  /// By weight, and every client (source address) to one region, as long as the weights stay.
  case sourceHash = "source-hash"
  /// Regions with fewer open connections get more of the new ones.
  case leastConnections = "least-connections"
  /// By the packets that go through each gateway in a second.
  case packets = "packets-per-second"
  /// By the open connections of the service.
  case activeFlows = "active-flows"
  /// By how busy the members' processors are.
  case cpu
  /// By the bits that go through each gateway in a second.
  case linkLoad = "link-load"

  /// Several regions get new connections at once, each by its share.
  package var isSpreading: Bool { self != .primaryReplica }

  /// The operator's weights count.
  package var takesWeights: Bool {
    switch self {
    case .weighted, .sourceHash: true
    case .primaryReplica, .roundRobin, .leastConnections, .packets, .activeFlows, .cpu, .linkLoad: false
    }
  }

  /// The shares change with the load.
  package var followsLoad: Bool {
    switch self {
    case .leastConnections, .packets, .activeFlows, .cpu, .linkLoad: true
    case .primaryReplica, .roundRobin, .weighted, .sourceHash: false
    }
  }

  /// An operator says how much load is too much.
  package var hasThreshold: Bool { self.followsLoad && self != .leastConnections }

  /// Of a gateway's load its own part counts, which the agent must be asked for.
  package var needsOwnLoad: Bool {
    switch self {
    case .leastConnections, .activeFlows, .cpu: true
    case .primaryReplica, .roundRobin, .weighted, .sourceHash, .packets, .linkLoad: false
    }
  }
}

/// When a policy that follows the load acts, and how.
package struct Trigger: Sendable, Equatable {
  package enum Reaction: String, Sendable, CaseIterable, Codable {
    /// Load is shared by as many regions as are needed.
    case share
    /// All new connections go to another region.
    case switchOver = "switch-over"
  }

  /// What one region may carry: packets a second, connections, thousandths of the processors, or thousand bits a
  /// second, by the policy. Above 0; of no meaning for `leastConnections`.
  package var threshold: Int
  /// Room that must be left before a region is let go again, in hundredths of the threshold. 0…99
  package var hysteresis: Int
  /// T_update, between two looks at the load. 1 s … 1 h
  package var interval: Duration
  package var reaction: Reaction
  /// Where a member's node_exporter listens, for `cpu`.
  package var metricsPort: UInt16

  package init(
    threshold: Int = 1, hysteresis: Int = 20, interval: Duration = .seconds(5), reaction: Reaction = .share,
    metricsPort: UInt16 = 9100
  ) {
    self.threshold = threshold
    self.hysteresis = hysteresis
    self.interval = interval
    self.reaction = reaction
    self.metricsPort = metricsPort
  }
}

/// What stays together.
package enum Persistence: String, Sendable, CaseIterable, Codable {
  /// A connection stays with its region; the next one of the same client may go elsewhere.
  case connection
  /// All connections of a client (source address) go to one region, as long as the shares stay.
  case client
}

extension Pool {
  /// 0: a standby, which gets new connections only if no other region lives.
  package static let weights = 0...1000
  package static let defaultWeight = 100
}

extension Service {
  /// How many slots a select group may have. Open vSwitch computes no more hash values in its fast path, and fewer than
  /// 16 only make shares coarse.
  package static let slotCounts = [16, 32, 64, 128, 256]
  /// Where shares change all the time: a small change moves few slots.
  package static let slotsByLoad = 128

  /// The share that each region shall get of new connections, in proportion to the others; empty: the first live
  /// region gets all.
  package var weights: [RegionName: Int] {
    guard self.policy.isSpreading else { return [:] }
    // Until the load is known the first region has it all, but with the least connections, where all are alike.
    if self.policy.hasThreshold, let first = self.pools.first { return [first.region: Pool.defaultWeight] }
    var weights: [RegionName: Int] = [:]
    for pool in self.pools { weights[pool.region] = self.policy.takesWeights ? pool.weight : Pool.defaultWeight }
    return weights
  }
}
