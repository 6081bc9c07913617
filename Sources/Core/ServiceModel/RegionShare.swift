// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A region's part of a whole, which is the sum of all parts.
package struct RegionShare: Sendable, Hashable {
  package var region: RegionName
  /// Above 0.
  package var parts: Int

  package init(region: RegionName, parts: Int = 1) {
    self.region = region
    self.parts = parts
  }
}

extension [RegionShare] {
  /// Each region's part in thousandths, rounded.
  package var thousandths: [(region: RegionName, part: Int)] {
    let total = self.reduce(0) { $0 + $1.parts }
    return self.map { ($0.region, ($0.parts * 2000 + total) / (2 * total)) }
  }

  /// `lisbon`, or `lisbon 62.5 %, porto 37.5 %`, or `nobody`.
  package var text: String {
    if self.count < 2 { return self.first?.region.text ?? "nobody" }
    return self.thousandths.map { region, part in
      "\(region) \(part / 10)\(part % 10 == 0 ? "" : ".\(part % 10)") %"
    }.joined(separator: ", ")
  }

  /// `lisbon,porto`
  package var names: String { self.map(\.region.text).joined(separator: ",") }
}
