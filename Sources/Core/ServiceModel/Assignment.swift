// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Everything that one region's agent must know to do its work; made by the controller from the intent.
package struct Assignment: Sendable, Equatable, Codable {
  package var region: RegionName
  package var heartbeatInterval: Duration
  /// The gateway's addresses, to which the switches redirect. In ascending order, each once.
  package var gateways: [IPAddress]
  package var services: [AssignedService]
  /// The other regions' agents.
  package var peers: [AssignedPeer]
  /// Between heartbeats to them, and between reports of what is heard of them, where that is longer than T_h; nil: with
  /// every heartbeat.
  package var peerInterval: Duration?
  /// Between two measurements of the load; nil: as often as is useful.
  package var loadInterval: Duration?

  package init(
    region: RegionName, heartbeatInterval: Duration, gateways: [IPAddress], services: [AssignedService],
    peers: [AssignedPeer], peerInterval: Duration? = nil,
    loadInterval: Duration? = nil
  ) {
    self.region = region
    self.heartbeatInterval = heartbeatInterval
    self.gateways = gateways
    self.services = services
    self.peers = peers
    self.peerInterval = peerInterval
    self.loadInterval = loadInterval
  }

  /// What the intent asks of `region`'s agent; nil if there is no such region.
  ///
  /// - Parameter peerKey: derives, from a region's key, the one that verifies its heartbeats to other agents.
  package init?(for region: RegionName, in intent: Intent, peerKey: (RegionKey) -> [UInt8]) {
    guard let config = intent.regions.first(where: { $0.name == region }) else { return nil }
    let numbering = Numbering(intent)
    let isLoadDecisive =
      config.capacity != nil || intent.services.contains { $0.policy.followsLoad && $0.regions.contains(region) }
    self.init(
      region: region,
      heartbeatInterval: intent.detection.heartbeatInterval,
      gateways: Set(intent.switches.flatMap { $0.gateway(of: region)?.addresses ?? [] }).sorted(),
      services: intent.services.compactMap { service in
        service.pools.first { $0.region == region }.map {
          AssignedService(service: service, members: $0.members, numbering: numbering)
        }
      },
      peers: intent.regions.filter { $0.name != region }.flatMap { peer in
        [peer.management, peer.secondManagement].compactMap { $0 }.map {
          AssignedPeer(region: peer.name, endpoint: $0, key: peerKey(peer.key))
        }
      },
      peerInterval: intent.detection.peerInterval,
      loadInterval: isLoadDecisive ? nil : GatewayLoad.idleInterval)
  }
}

/// One service as a gateway serves it.
package struct AssignedService: Sendable, Equatable, Codable {
  package var name: ServiceName
  package var targets: [Target]
  package var members: [IPAddress]
  package var check: Check
  package var mode: Detection.Mode
  package var clientAddress: ClientAddress
  /// Where members tell how busy they are; nil: nobody wants to know.
  package var metricsPort: UInt16?
  /// The controller wants to know this service's part of the load.
  package var reportsLoad: Bool {
    get { self.isLoadReported ?? false }
    set { self.isLoadReported = newValue ? true : nil }
  }
  /// Nil for no, so that an assignment without it is what it was before there was a choice.
  private var isLoadReported: Bool?

  package init(
    name: ServiceName, targets: [Target], members: [IPAddress], check: Check, mode: Detection.Mode,
    clientAddress: ClientAddress, reportsLoad: Bool = false, metricsPort: UInt16? = nil
  ) {
    self.name = name
    self.targets = targets
    self.members = members
    self.check = check
    self.mode = mode
    self.clientAddress = clientAddress
    self.metricsPort = metricsPort
    self.reportsLoad = reportsLoad
  }

  init(service: Service, members: [IPAddress], numbering: Numbering) {
    self.init(
      name: service.name,
      targets: service.listeners.map {
        Target(
          transport: $0.transport, port: numbering.targetPort(of: $0, in: service.name), memberPort: $0.memberPort)
      },
      members: members, check: service.check, mode: service.mode, clientAddress: service.clientAddress,
      reportsLoad: service.policy.needsOwnLoad,
      metricsPort: service.policy == .cpu ? service.trigger?.metricsPort : nil)
  }

  /// Names the service in heartbeats.
  package var wireNumber: UInt16 { self.targets[0].port }
}

/// Where the switch redirects one listener's traffic on a gateway, and where the gateway sends it on.
package struct Target: Sendable, Equatable, Codable {
  package var transport: Listener.TransportProtocol
  /// Unique on the gateway.
  package var port: UInt16
  package var memberPort: UInt16

  package init(transport: Listener.TransportProtocol, port: UInt16, memberPort: UInt16) {
    self.transport = transport
    self.port = port
    self.memberPort = memberPort
  }
}

/// Another region's agent.
package struct AssignedPeer: Sendable, Equatable, Codable {
  package var region: RegionName
  package var endpoint: SocketEndpoint
  /// Verifies that agent's heartbeats to other agents; derived from its region key, which stays secret.
  package var key: [UInt8]

  package init(region: RegionName, endpoint: SocketEndpoint, key: [UInt8]) {
    self.region = region
    self.endpoint = endpoint
    self.key = key
  }
}
