// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

extension Service {
  /// What divides its new connections by load; nil: its policy does not ask for the load.
  package var balancer: (any Balancer)? {
    guard self.policy.followsLoad else { return nil }
    if self.policy == .leastConnections { return LeastConnections() }
    guard let trigger = self.trigger else { return nil }
    let limit = LoadLimit(threshold: trigger.threshold, hysteresis: trigger.hysteresis)
    return switch trigger.reaction {
    case .share: LoadSharing(limit)
    case .switchOver: SwitchOver(limit)
    }
  }

  /// What counts for its policy of a gateway's load; nil: it is not known.
  ///
  /// - Parameter target: how the service is named on the wire.
  package func figure(of load: GatewayLoad, target: UInt16) -> Int? {
    let own = load.services.first { $0.target == target }
    return switch self.policy {
    case .packets: Int(load.packetsPerSecond)
    case .linkLoad: Int(load.kilobitsPerSecond)
    case .leastConnections, .activeFlows: own.map { Int($0.connections) }
    case .cpu: own?.cpu.map(Int.init)
    case .primaryReplica, .roundRobin, .weighted, .sourceHash: nil
    }
  }
}
