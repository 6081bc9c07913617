// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Who is alive, as one switch sees it: the whole of what steering may know about health.
package struct HealthView: Sendable, Equatable {
  /// The ways from the switch to the regions. A region that is missing is out.
  package var paths: [RegionName: Standing]
  /// For each service, its members in each region. What is missing is out.
  package var members: [ServiceName: [RegionName: Standing]]

  package init(paths: [RegionName: Standing], members: [ServiceName: [RegionName: Standing]]) {
    self.paths = paths
    self.members = members
  }

  package func path(to region: RegionName) -> Standing { self.paths[region] ?? .out }

  package func members(of service: ServiceName, in region: RegionName) -> Standing {
    self.members[service]?[region] ?? .out
  }
}
