// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// What of a gateway's load is to be measured.
package struct LoadRequest: Sendable, Equatable {
  package struct Target: Sendable, Equatable {
    /// Names the service on the wire.
    package var service: UInt16
    package var transport: Listener.TransportProtocol
    package var port: UInt16

    package init(service: UInt16, transport: Listener.TransportProtocol, port: UInt16) {
      self.service = service
      self.transport = transport
      self.port = port
    }
  }

  package var gateways: [IPAddress]
  /// Those that carry the gateways' addresses, each once.
  package var interfaces: [String]
  package var targets: [Target]
  /// The services of which more is told than what they add to the sum.
  package var watched: [UInt16]
  /// Where members tell how busy they are, by the service's name on the wire.
  package var metrics: [UInt16: [SocketEndpoint]]

  package init(
    gateways: [IPAddress], interfaces: [String], targets: [Target], watched: [UInt16],
    metrics: [UInt16: [SocketEndpoint]] = [:]
  ) {
    self.metrics = metrics
    self.gateways = gateways
    self.interfaces = interfaces
    self.targets = targets
    self.watched = watched
  }
}

/// Measures the load from time to time, and less often where that takes long.
struct LoadKeeper: Sendable, Equatable {
  /// The last load, and when it was measured.
  private var last: Measurement?
  private(set) var nextDeadline: Instant?
  private var began: Instant?
  private var isFailing = false
  /// Between two measurements.
  private var interval = AgentLimits.loadInterval

  /// At most a twentieth of the time is spent on measuring.
  private static let rest = 20

  private struct Measurement: Equatable {
    var load: GatewayLoad
    var at: Instant
  }

  /// From now on there is something to measure.
  mutating func start(every interval: Duration?, at now: Instant) {
    self.interval = clamp(interval ?? AgentLimits.loadInterval, to: AgentLimits.loadInterval...GatewayLoad.lifetime / 2)
    self.nextDeadline = self.nextDeadline.map { min($0, now + self.interval) }
    if self.nextDeadline == nil, self.began == nil { self.nextDeadline = now }
  }

  mutating func begin(at now: Instant) -> Bool {
    guard self.began == nil, let due = self.nextDeadline, due <= now else { return false }
    self.began = now
    self.nextDeadline = nil
    return true
  }

  /// - Returns: whether it failed before.
  mutating func measured(_ load: GatewayLoad, at now: Instant) -> Bool {
    self.last = Measurement(load: load, at: now)
    self.finish(at: now)
    defer { self.isFailing = false }
    return self.isFailing
  }

  /// - Returns: whether that is new.
  mutating func failed(at now: Instant) -> Bool {
    self.finish(at: now)
    defer { self.isFailing = true }
    return !self.isFailing
  }

  private mutating func finish(at now: Instant) {
    let began = self.began ?? now
    self.began = nil
    self.nextDeadline = max(began + self.interval, now + (now - began) * Self.rest)
  }

  /// Nil if there is none that counts.
  func report(at now: Instant) -> GatewayLoadReport? {
    guard let last, now - last.at <= GatewayLoad.lifetime else { return nil }
    return GatewayLoadReport(load: last.load, age: now - last.at)
  }
}

extension AgentState {
  mutating func measureLoad(at now: Instant, _ effects: inout [AgentEffect]) {
    guard let assignment, self.load.begin(at: now) else { return }
    let gateways = Set(assignment.gateways)
    effects.append(
      .measureLoad(
        LoadRequest(
          gateways: assignment.gateways,
          interfaces: Set(self.attachments.filter { gateways.contains($0.address) }.map(\.interface)).sorted(),
          targets: self.services.flatMap { service in
            service.assigned.targets.map {
              LoadRequest.Target(
                service: service.assigned.wireNumber, transport: $0.transport, port: $0.port)
            }
          },
          watched: self.services.filter(\.assigned.reportsLoad).prefix(AgentLimits.loads).map(\.assigned.wireNumber),
          metrics: self.metrics)))
  }

  /// Members that were asked for how busy they are; more than `AgentLimits.metrics` are not asked.
  private var metrics: [UInt16: [SocketEndpoint]] {
    var metrics: [UInt16: [SocketEndpoint]] = [:]
    var count = 0
    for service in self.services {
      guard let port = service.assigned.metricsPort else { continue }
      let members = service.members.prefix(AgentLimits.metrics - count)
      count += members.count
      metrics[service.assigned.wireNumber] = members.map { SocketEndpoint($0.address, port) }
    }
    return metrics
  }
}
