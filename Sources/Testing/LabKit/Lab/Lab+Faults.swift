// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// A network that every gateway is on.
package enum LabNetwork: String, Sendable, Codable, CaseIterable {
  case provider, management

  /// The gateway's interface.
  var interface: String {
    switch self {
    case .provider: "ext"
    case .management: "mgmt"
    }
  }
}

/// Breaking the lab's network, and mending it.
extension Lab {
  /// Takes a region's link to the switch down at the gateway's end: the switch sees its port go down.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func cutLink(_ region: Int) async throws -> Instant {
    let moment = MonotonicClock.now()
    try await self.ip(.gateway(region), "link", "set", self.layout.uplink, "down")
    return moment
  }

  package func restoreLink(_ region: Int) async throws {
    try await self.ip(.gateway(region), "link", "set", self.layout.uplink, "up")
  }

  /// A whole region dies and nothing says so: its gateway drops every frame of the provider and the management network
  /// in both directions, ARP included, with the links up, and its agent is killed.
  ///
  /// - Parameters:
  ///   - networks: fewer, for a region that is only half dead.
  ///   - killingAgent: false: it lives on, unheard.
  /// - Returns: the moment just before.
  @discardableResult
  package func goDark(
    _ region: Int, networks: [LabNetwork] = LabNetwork.allCases, killingAgent: Bool = true
  ) async throws -> Instant {
    let rules = try self.command(in: .gateway(region), ["nft", "-f", "-"])
    let agent = killingAgent ? self.agents.removeValue(forKey: .gateway(region)) : nil
    if agent != nil { self.agentsKilledByDarkness.insert(region) }
    let moment = MonotonicClock.now()
    agent?.send(.kill)
    try await rules.runSuccessfully(input: Self.darkness(on: networks))
    return moment
  }

  /// Ends the darkness; starts the agent again if `goDark` killed it.
  package func goLight(_ region: Int) async throws {
    try await self.command(in: .gateway(region), ["nft", "delete", "table", "netdev", "isthmus-lab-darkness"])
      .runSuccessfully()
    if self.agentsKilledByDarkness.remove(region) != nil { try await self.startAgent(region) }
  }

  /// Both hooks, as a gateway whose replies still left would be half alive only. One transaction, a table of its own.
  private static func darkness(on networks: [LabNetwork]) -> String {
    let chains = networks.flatMap { network in
      ["ingress", "egress"].map { hook in
        """
          chain \(network.interface)-\(hook) {
            type filter hook \(hook) device "\(network.interface)" priority -500; policy drop;
          }
        """
      }
    }
    return "table netdev isthmus-lab-darkness {\n\(chains.joined(separator: "\n"))\n}\n"
  }

  /// Empties the client's neighbour table, as if it had never spoken to anybody.
  package func flushClientARP() async throws {
    try await self.ip(.client, "neigh", "flush", "all")
  }

  func ip(_ host: LabHost, _ arguments: String...) async throws {
    guard self.layout.hosts.contains(host) else {
      throw LabError.noSuchHost("\(host)", accepted: self.layout.hosts.map(\.description))
    }
    try await Command(["ip", "-n", self.layout.namespace(of: host)] + arguments).runSuccessfully()
  }
}
