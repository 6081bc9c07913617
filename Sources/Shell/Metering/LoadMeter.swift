// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import AgentPlane
import FoundationEssentials
package import NIOCore
import Outbound
package import ServiceModel

/// Measures what a gateway carries.
package struct LoadMeter: Sendable {
  /// What the kernel said at one moment.
  package struct Sample: Sendable {
    package var counters: InterfaceCounters
    package var connections: [UInt16: UInt32]
    /// Of those members that have told.
    package var processors: [SocketEndpoint: ProcessorTimes]
    package var moment: ContinuousClock.Instant
  }

  /// For one member's answer, which may be long where a node_exporter tells all that it knows.
  private static let timeLimit = Duration.milliseconds(800)
  private static let bodyLimit = 4 << 20

  private var last: Sample?

  package init() {}

  /// Asks the kernel and the members. Blocks for as long as it takes to list all connections.
  ///
  /// - Throws: if the kernel does not tell. A member that does not is left out.
  @concurrent
  package static func sample(_ request: LoadRequest, on group: any EventLoopGroup) async throws -> Sample {
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
      processors: try await self.processors(of: request.metrics.values.flatMap { $0 }, on: group), moment: .now)
  }

  private static func processors(
    of members: [SocketEndpoint], on group: any EventLoopGroup
  ) async throws -> [SocketEndpoint: ProcessorTimes] {
    guard !members.isEmpty else { return [:] }
    return try await HTTPOutbound.withClient(on: group) { client in
      await withTaskGroup(of: (SocketEndpoint, ProcessorTimes?).self) { tasks in
        for member in Set(members) {
          tasks.addTask {
            let answer = try? await client.get(
              "http://\(member)/metrics", timeLimit: self.timeLimit, bodyLimit: self.bodyLimit)
            guard let answer, answer.status == 200 else { return (member, nil) }
            return (member, ProcessorTimes(metrics: String(decoding: answer.body, as: UTF8.self)))
          }
        }
        var processors: [SocketEndpoint: ProcessorTimes] = [:]
        for await (member, times) in tasks { processors[member] = times }
        return processors
      }
    }
  }

  /// The load between the last sample and this one; rates are 0 for the first.
  package mutating func load(from sample: Sample, _ request: LoadRequest) -> GatewayLoad {
    defer { self.last = sample }
    let rate = self.last.map { sample.counters.rate(since: $0.counters, over: sample.moment - $0.moment) }
    return GatewayLoad(
      packetsPerSecond: rate?.packets ?? 0, kilobitsPerSecond: rate?.kilobits ?? 0,
      connections: sample.connections.values.reduce(0, +),
      services: request.watched.map {
        ServiceLoad(
          target: $0, connections: sample.connections[$0] ?? 0, cpu: self.cpu(of: request.metrics[$0] ?? [], in: sample)
        )
      })
  }

  /// The average over the members that told twice.
  private func cpu(of members: [SocketEndpoint], in sample: Sample) -> UInt16? {
    let loads = members.compactMap { member in
      self.last?.processors[member].flatMap { sample.processors[member]?.load(since: $0) }
    }
    return loads.isEmpty ? nil : UInt16(loads.reduce(0) { $0 + Int($1) } / loads.count)
  }

  private struct TargetKey: Hashable {
    var ipProtocol: UInt8
    var port: UInt16
  }
}
