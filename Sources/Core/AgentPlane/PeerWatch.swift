// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// The other regions of the assignment, and when the active agent of each was heard.
struct PeerWatch: Sendable, Equatable {
  private struct Peer: Sendable, Equatable {
    var region: RegionName
    var heard: (sequence: UInt64, at: Instant)?

    static func == (a: Peer, b: Peer) -> Bool {
      a.region == b.region && a.heard?.sequence == b.heard?.sequence && a.heard?.at == b.heard?.at
    }
  }

  /// In the order of the assignment.
  private var peers: [Peer] = []

  /// What is known of a peer stays.
  mutating func watch(_ assigned: [AssignedPeer]) {
    let known = self.peers
    self.peers = []
    // A region with two gateways is there twice.
    for region in assigned.map(\.region) where !self.peers.contains(where: { $0.region == region }) {
      self.peers.append(known.first { $0.region == region } ?? Peer(region: region))
    }
  }

  /// True if it was not heard for a while.
  mutating func heard(_ region: RegionName, sequence: UInt64, at now: Instant) -> Bool {
    guard let index = self.peers.firstIndex(where: { $0.region == region }) else { return false }
    let isNew = self.peers[index].heard == nil
    self.peers[index].heard = (sequence, now)
    return isNew
  }

  /// Forgets those that were silent for too long; tells which.
  mutating func expire(at now: Instant) -> [RegionName] {
    var lost: [RegionName] = []
    for index in self.peers.indices {
      guard let heard = self.peers[index].heard, now - heard.at >= AgentLimits.silence else { continue }
      self.peers[index].heard = nil
      lost.append(self.peers[index].region)
    }
    return lost
  }

  func reports(at now: Instant) -> [PeerReport] {
    let heard = self.peers.lazy.compactMap { peer in
      peer.heard.map { PeerReport(region: peer.region, sequence: $0.sequence, age: now - $0.at) }
    }
    return Array(heard.prefix(AgentLimits.peers))
  }
}
