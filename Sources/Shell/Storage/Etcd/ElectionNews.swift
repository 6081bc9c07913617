// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a candidate is to know.
package enum ElectionNews: Sendable, Equatable {
  /// We lead. The epoch is greater than that of every leader before, as long as the cluster is not replaced.
  case elected(epoch: UInt64)
  /// Another leads; if we did, that is over.
  case following(leader: String, epoch: UInt64)
  /// etcd is away. Who leads goes on leading, who follows goes on following.
  case unreachable(StoreError)
  case reachable

  static func isOfOneKind(_ first: ElectionNews, _ second: ElectionNews) -> Bool {
    first.isOfReach == second.isOfReach
  }

  private var isOfReach: Bool {
    switch self {
    case .unreachable, .reachable: true
    case .elected, .following: false
    }
  }
}
