// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// One of many clients: an address of its own on the client's interface, and a user from whose programs it comes.
///
/// Load generators seldom can choose their address. The route can, by the user that a program runs as (ip-rule(8),
/// `uidrange`).
package struct LabClient: Sendable, Equatable {
  /// 0…99
  package let number: Int

  /// 172.20.126.130 and those after it.
  package var address: IPv4Address { IPv4Address(rawValue: 0xac14_7e82 + UInt32(self.number)) }

  private var user: Int { 20_000 + self.number }
  private var table: Int { 1_000 + self.number }

  package static let maximum = 100

  /// The command as this client's. It may read the lab's files, as root may.
  package func command(_ words: [String]) -> [String] {
    [
      "setpriv", "--reuid", "\(self.user)", "--clear-groups", "--inh-caps", "+dac_read_search", "--ambient-caps",
      "+dac_read_search",
    ] + words
  }

  /// Lines for `ip -batch`.
  var setup: [String] {
    [
      "addr add \(self.address)/\(LabLayout.providerPrefixLength) dev eth0",
      "route add \(LabLayout.providerNetwork) dev eth0 src \(self.address) table \(self.table)",
      "rule add uidrange \(self.user)-\(self.user) lookup \(self.table)",
    ]
  }
}

extension Lab {
  /// Gives the lab's client that many addresses more.
  ///
  /// - Parameter count: 1…100. Once in a lab's life.
  package nonisolated func addClients(_ count: Int) async throws -> [LabClient] {
    let clients = (0..<min(count, LabClient.maximum)).map(LabClient.init(number:))
    try await Command(["ip", "-n", self.layout.namespace(of: .client), "-batch", "-"])
      .runSuccessfully(input: clients.flatMap(\.setup).map { "\($0)\n" }.joined())
    return clients
  }
}
