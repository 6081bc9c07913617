// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit

/// The flows that a lab's switch has cached (megaflows). It looks at all of them again when a group changes, so that the
/// time of a redirection grows with their number.
package struct CachedFlows: Sendable, Equatable {
  /// Now.
  package let count: Int
  /// What Open vSwitch allows at present: it begins with 10,000 and grows by 1,000 each half second while there are many
  /// flows. With more than that it would drop all that have no traffic.
  package let limit: Int

  static func read(from lab: Lab) async throws -> CachedFlows {
    let text = try await lab.appctl("upcall/show")
    guard let flows = CachedFlows(text) else { throw ExperimentError.badAnswer("ovs-appctl upcall/show: \(text)") }
    return flows
  }

  /// `  flows         : (current 20) (avg 19) (max 20) (limit 19000)`
  package init?(_ text: String) {
    func number(after key: String) -> Int? {
      text.firstRange(of: key).flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
    }
    guard let count = number(after: "(current "), let limit = number(after: "(limit ") else { return nil }
    (self.count, self.limit) = (count, limit)
  }

  /// Lets cached flows stay, and what `fill` sends end at the gateways: nobody answers clients that are not there.
  static func prepare(_ lab: Lab) async throws {
    try LabRequirements.require("hping3", package: "hping3")
    try await lab.vsctl("set", "Open_vSwitch", ".", "other_config:max-idle=3600000")
    let rules = """
      table ip isthmus-lab-flood {
        chain prerouting {
          type filter hook prerouting priority raw; policy accept;
          iifname "ext" ip saddr != \(LabLayout.providerNetwork) drop
        }
      }

      """
    for region in lab.layout.regions {
      _ = try await lab.exec(in: .gateway(region), ["nft", "-f", "-"], input: rules).requireSuccess()
    }
  }

  /// Sends one packet each of as many new clients as are missing, until the switch has cached so many flows.
  ///
  /// Each is a flow of its own only where the client's address counts for the choice of a region.
  static func fill(_ lab: Lab, to wanted: Int) async throws {
    try await lab.waitUntil("\(wanted) cached flows", timeout: .seconds(180)) {
      let flows = try await self.read(from: lab)
      if flows.count >= wanted { return true }
      let missing = min(wanted + 20, flows.limit * 3 / 4) - flows.count
      guard missing > 0 else { return false }
      _ = try await lab.exec(
        in: .client,
        [
          "hping3", "--quiet", "--numeric", "--syn", "--destport", "80", "--rand-source", "--interval", "u100",
          "--count", "\(missing)", "\(LabLayout.virtualIP)",
        ], timeout: .seconds(60))
      return false
    }
  }
}
