// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import LabKit

/// What a service's traffic is compared with: the same ports at the address of the gateway itself.
///
/// It goes through the same switch, which forwards it as any other traffic, to the same gateway, whose NAT sends it to
/// the same member, and back. Only what the switch does for a service is missing.
enum PlainPath {
  static func endpoint(_ port: UInt16, of region: Int = 1) -> SocketEndpoint {
    SocketEndpoint(LabLayout.gatewayAddress(region), port)
  }

  /// Has a gateway translate ports of its own address to its member's; beside the agent's rules, in the same hook.
  static func open(_ ports: [UInt16], of region: Int = 1, in lab: Lab) async throws {
    let rules = """
      table ip isthmus-lab-plain {
        chain prerouting {
          type nat hook prerouting priority dstnat + 1; policy accept;
          ip daddr \(LabLayout.gatewayAddress(region)) tcp dport { \(ports.map { "\($0)" }.joined(separator: ", ")) } \
      dnat to \(LabLayout.memberAddress(region))
        }
      }

      """
    _ = try await lab.exec(in: .gateway(region), ["nft", "-f", "-"], input: rules).requireSuccess()
  }
}

/// Two ways measured in turn, so that what else the machine does disturbs both alike.
package struct Comparison: Sendable {
  /// Through the virtual IP.
  package private(set) var virtual: [Double] = []
  /// Through the gateway's own address.
  package private(set) var plain: [Double] = []

  /// - Parameter body: measures one way; it is told which, and how often that has been asked for before.
  static func run(
    rounds: Int, _ body: (_ isVirtual: Bool, _ round: Int) async throws -> Double
  ) async throws -> Comparison {
    var comparison = Comparison()
    for round in 0..<rounds {
      // Who is first changes: what the first leaves behind is the second's burden.
      for isVirtual in round.isMultiple(of: 2) ? [true, false] : [false, true] {
        let value = try await body(isVirtual, round)
        if isVirtual { comparison.virtual.append(value) } else { comparison.plain.append(value) }
      }
    }
    return comparison
  }

  package init(virtual: [Double] = [], plain: [Double] = []) {
    self.virtual = virtual
    self.plain = plain
  }

  package var medians: (virtual: Double, plain: Double) { (Self.median(self.virtual), Self.median(self.plain)) }
  package var ratio: Double { self.medians.plain > 0 ? self.medians.virtual / self.medians.plain : 0 }

  /// Of an even number of values the mean of the middle two; of none 0.
  package static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
