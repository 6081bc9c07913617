// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// The partition table held against simulated worlds, one for each combination of cut links.
package struct PartitionSurvey: Sendable {
  package var regions: Int
  package var controllers: Int
  package var probe: Detection.ProbeMethod

  /// Two and three regions, one controller and three, with path probes and without.
  package static let all: [PartitionSurvey] = [Detection.ProbeMethod.icmp, .none].flatMap { probe in
    [1, 3].flatMap { controllers in
      [2, 3].map { PartitionSurvey(regions: $0, controllers: controllers, probe: probe) }
    }
  }

  /// How many combinations there are.
  package var count: Int { PartitionCase.count(regions: self.regions, controllers: self.controllers) }

  /// - Parameter limit: of more combinations only as many are taken, spread evenly.
  package func cases(atMost limit: Int) -> [PartitionCase] {
    let step = max(1, self.count / limit)
    // An odd number has no factor in common with how many there are, so that every link is cut in half of them.
    let stride = step.isMultiple(of: 2) ? step + 1 : step
    return (0..<min(limit, self.count)).map {
      PartitionCase(
        $0 * stride % self.count, regions: self.regions, controllers: self.controllers, probe: self.probe)
    }
  }

  /// What the table does not say rightly; nil: it does.
  package static func contradiction(of partition: PartitionCase) -> String? {
    let found = partition.run()
    guard found != partition.expected else { return nil }
    return "\(partition)\n  the table: \(partition.expected); the world: \(found.map { "\($0)" } ?? "something else")"
  }

  /// The table, in Markdown.
  package static var table: String {
    let rows = PartitionCase.rules.map { "| \($0.when) | \($0.then) | \($0.why) |" }
    return (["| cut | traffic | why |", "|---|---|---|"] + rows).joined(separator: "\n") + "\n"
  }
}
