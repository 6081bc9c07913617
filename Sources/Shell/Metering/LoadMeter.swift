// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import AgentPlane
import FoundationEssentials
package import ServiceModel

/// Measures what a gateway carries.
package struct LoadMeter: Sendable {
  /// What the kernel said at one moment.
  package struct Sample: Sendable {
    package var counters: InterfaceCounters
    package var connections: [UInt16: UInt32]
    package var moment: ContinuousClock.Instant
  }

  private var last: Sample?

  package init() {}

  /// Asks the kernel. Blocks for as long as it takes to list all connections.
  @concurrent
  package static func sample(_ request: LoadRequest) async throws -> Sample {
    let text = try String(contentsOf: URL(fileURLWithPath: "/proc/net/dev"), encoding: .utf8)
    let gateways = Set(request.gateways)
    var services: [TargetKey: UInt16] = [:]
    for target in request.targets {
      services[TargetKey(ipProtocol: target.transport.ipProtocol, port: target.port)] = target.service
    }
    var connections: [UInt16: UInt32] = [:]
    try ConnectionTable.forEach { entry in
      guard entry.isOpen, gateways.contains(entry.destination),
        let service = services[TargetKey(ipProtocol: entry.ipProtocol, port: entry.port)]
      else { return }
      connections[service, default: 0] += 1
    }
    return Sample(
      counters: InterfaceCounters(procNetDev: text, interfaces: Set(request.interfaces)), connections: connections,
      moment: .now)
  }

  /// The load between the last sample and this one; rates are 0 for the first.
  package mutating func load(from sample: Sample, _ request: LoadRequest) -> GatewayLoad {
    defer { self.last = sample }
    let rate = self.last.map { sample.counters.rate(since: $0.counters, over: sample.moment - $0.moment) }
    return GatewayLoad(
      packetsPerSecond: rate?.packets ?? 0, kilobitsPerSecond: rate?.kilobits ?? 0,
      connections: sample.connections.values.reduce(0, +),
      services: request.watched.map { ServiceLoad(target: $0, connections: sample.connections[$0] ?? 0) })
  }

  private struct TargetKey: Hashable {
    var ipProtocol: UInt8
    var port: UInt16
  }
}
