// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

extension [RegionChoice] {
  /// Sends new connections past regions that are full, as far as others have room.
  ///
  /// - Parameter full: what becomes of new connections to them.
  func relieving(_ full: [RegionName: Capacity.Excess], carrying: Set<RegionName>) -> [RegionChoice] {
    guard !full.isEmpty else { return self }
    let hasRoom = self.contains {
      $0.isUsable(carrying: carrying) && full[$0.region] == nil && !$0.isLastResort
    }
    return self.map { choice in
      var choice = choice
      switch full[choice.region] {
      case .spill where hasRoom, .shed: choice.eligibility = .excluded
      case .spill, .failOpen, nil: break
      }
      return choice
    }
  }
}

extension RegionChoice {
  /// Of use only because there is nobody else.
  fileprivate var isLastResort: Bool { self.eligibility == .withPort }
}
