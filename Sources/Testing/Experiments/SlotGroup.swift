// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit

/// The select group in which a lab's switch has the slots of a listener, as `ovs-ofctl dump-groups` shows it.
package struct SlotGroup: Sendable, Equatable {
  package struct Bucket: Sendable, Equatable {
    package let region: Int
    /// As `ovs-ofctl` takes them, too.
    package let actions: String
  }

  package let number: UInt32
  package let buckets: [Bucket]

  /// - Parameter field: only a group that sets it: `udp_dst`, say, of a listener for datagrams.
  static func read(from lab: Lab, setting field: String) async throws -> SlotGroup {
    let text = try await lab.ofctl("dump-groups", LabLayout.bridge, version: "OpenFlow15")
    for line in text.split(separator: "\n") where line.contains("->\(field)") {
      if let group = SlotGroup(line) { return group }
    }
    throw ExperimentError.badAnswer("ovs-ofctl dump-groups: no select group that sets \(field)")
  }

  /// ` group_id=7,type=select,selection_method=dp_hash,bucket=bucket_id:0,watch_group:9,actions=set_field:…,output:2,…`;
  /// nil for a group of another type, or with buckets that lead nowhere.
  package init?(_ line: Substring) {
    guard line.contains("type=select"), let range = line.firstRange(of: "group_id="),
      let number = UInt32(line[range.upperBound...].prefix { $0.isNumber })
    else { return nil }
    var buckets: [Bucket] = []
    for text in line.split(separator: "bucket=bucket_id:").dropFirst() {
      guard let start = text.firstRange(of: "actions=")?.upperBound,
        let region = (1...LabLayout.maximumRegions).first(where: {
          text.contains("set_field:\(LabLayout.gatewayAddress($0))->ip_dst")
            || text.contains("nat(dst=\(LabLayout.gatewayAddress($0)):")
        })
      else { return nil }
      var actions = text[start...]
      while actions.last == "," || actions.last?.isWhitespace == true { actions.removeLast() }
      buckets.append(Bucket(region: region, actions: String(actions)))
    }
    guard !buckets.isEmpty else { return nil }
    (self.number, self.buckets) = (number, buckets)
  }

  /// Whose each slot is.
  package var owners: [Int] { self.buckets.map(\.region) }

  /// Who gets each slot's connections when a region is dead: the next living one.
  package func users(without dead: Int) -> [Int?] {
    self.owners.indices.map { slot in
      self.owners.indices.lazy.map { self.owners[(slot + $0) % self.owners.count] }.first { $0 != dead }
    }
  }

  /// What one writes who thinks of regions and weights only: a bucket each.
  ///
  /// - Parameter weights: of the regions 1, 2, …; 0: no bucket.
  package func plain(weights: [Int]) -> String {
    let buckets = weights.enumerated().compactMap { place, weight -> String? in
      guard weight > 0, let bucket = self.buckets.first(where: { $0.region == place + 1 }) else { return nil }
      return "bucket=weight:\(weight),actions=\(bucket.actions)"
    }
    return "group_id=\(self.number),type=select,selection_method=dp_hash," + buckets.joined(separator: ",")
  }
}
