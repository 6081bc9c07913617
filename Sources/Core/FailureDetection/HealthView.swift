// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Who is alive, as one switch sees it: the whole of what steering may know about health.
package struct HealthView: Sendable, Equatable {
  /// Regions that this switch reaches.
  package var reachable: Set<RegionName>
  /// For each service, the regions whose members serve it.
  package var serving: [ServiceName: Set<RegionName>]

  package init(reachable: Set<RegionName>, serving: [ServiceName: Set<RegionName>]) {
    self.reachable = reachable
    self.serving = serving
  }

  package func serves(_ service: ServiceName, _ region: RegionName) -> Bool {
    self.serving[service]?.contains(region) ?? false
  }
}
