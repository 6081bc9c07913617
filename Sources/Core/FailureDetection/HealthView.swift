// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Who is alive, as one switch sees it: the whole of what steering may know about health.
package struct HealthView: Sendable, Equatable {
  /// Regions that this switch reaches.
  package var reachable: Set<RegionName>
  /// Regions that answer again, but not for long enough to be trusted while there is another.
  package var answering: Set<RegionName>
  /// For each service, the regions whose members serve it.
  package var serving: [ServiceName: Set<RegionName>]

  package init(
    reachable: Set<RegionName>, answering: Set<RegionName> = [], serving: [ServiceName: Set<RegionName>]
  ) {
    self.reachable = reachable
    self.answering = answering
    self.serving = serving
  }

  package func serves(_ service: ServiceName, _ region: RegionName) -> Bool {
    self.serving[service]?.contains(region) ?? false
  }
}
