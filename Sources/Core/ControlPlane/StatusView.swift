// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What the controller knows at one moment, for whoever asks. Read-only, in the order of the configuration.
package struct StatusView: Sendable, Equatable {
  package var services: [ServiceStatus]
  package var regions: [RegionStatus]
  package var switches: [SwitchStatus]
  /// Nil: nothing is held.
  package var massFailure: MassFailure?

  /// Why nothing that must be kept can be changed now; nil: it can.
  package var storeProblem: String?

  /// More services failed at once than can be true.
  package struct MassFailure: Sendable, Equatable {
    /// Services that failed since, and are steered as if they had not; each once for every region.
    package var held: Int

    package init(held: Int) {
      self.held = held
    }
  }

  package init(
    services: [ServiceStatus], regions: [RegionStatus], switches: [SwitchStatus], massFailure: MassFailure? = nil
  ) {
    self.services = services
    self.regions = regions
    self.switches = switches
    self.massFailure = massFailure
  }
}

/// Who leads, as one controller sees it.
package struct LeadershipView: Sendable, Equatable {
  /// Of this controller.
  package var name: String
  package var leadership: Leadership
  /// Another controller that leads; nil: none, or not known.
  package var leader: String?

  package init(name: String, leadership: Leadership, leader: String? = nil) {
    self.name = name
    self.leadership = leadership
    self.leader = leader
  }
}
