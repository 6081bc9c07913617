// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
import OpenFlow
import ServiceModel
import Steering

/// Everything that is known of one configured switch.
struct SwitchState: Sendable, Equatable {
  var config: Switch
  var connection: Connection?
  /// One for each gateway of the configuration.
  var paths: [RegionName: Path]
  /// The plan that the tables follow.
  var plan = SteeringPlan.empty
  /// What the tables shall say.
  var program: [Section: DatapathProgram] = [:]
  /// Services whose regions shall be put back into the order of preference, once.
  var failbacks: Set<ServiceName> = []
  /// The tables were read at least once since the controller started.
  var wasFound = false
  var lateCuts: LateCuts?
  /// Something changed on which the plan or the program depends.
  var needsSteering = false
  var needsCompiling = false

  struct Connection: Sendable, Equatable {
    var description: String
    var version: ProtocolVersion
    var ports: [PortDescription]
    var phase: Phase
    /// When the tables are read again to see that they still are as they should be.
    var nextAudit: Instant
  }

  /// Connections to forget a second time.
  struct LateCuts: Sendable, Equatable {
    var at: Instant
    var cuts: [ControlState.Cut]
  }

  enum Phase: Sendable, Equatable {
    /// `read` was sent with this ticket, and is sent again if nothing has come by then. Changes of the plan wait;
    /// the first time after connecting, probing waits too.
    case reading(ticket: UInt64, again: Instant, isFirst: Bool)
    /// `read` was sent, to compare; changes of the plan go ahead and make it void.
    case auditing(ticket: UInt64, again: Instant)
    /// Changes that wait for their barrier, and since when.
    case changing(ticket: UInt64, count: Int, since: Instant)
    case settled
    /// The switch refused something: read again then.
    case refused(retry: Instant)
  }

  struct Path: Sendable, Equatable {
    var detector: PathDetector
    var schedule: ProbeSchedule
    /// Nil: the switch has no such port.
    var port: PortNumber?
    var mac: MACAddress?
    var roundTrip: Duration?
  }

  init(_ config: Switch, at now: Instant) {
    self.config = config
    self.paths = [:]
    for gateway in config.gateways { self.paths[gateway.region] = Path(gateway, at: now) }
  }

  /// Tables may be changed now.
  var isWritable: Bool {
    switch self.connection?.phase {
    case .settled, .changing, .auditing: true
    case .reading, .refused, nil: false
    }
  }

  /// The switch is there and its tables let answers through, so that silence means something. Also while it refuses
  /// something: one flow that it does not take must not blind us to a dead region.
  var isProbing: Bool {
    guard self.wasFound else { return false }
    return switch self.connection?.phase {
    case nil, .reading(_, _, isFirst: true): false
    case .reading, .auditing, .changing, .settled, .refused: true
    }
  }

  /// Until now the switch could not be asked: silence before this moment says nothing.
  mutating func restartProbes(at now: Instant) {
    for gateway in self.config.gateways {
      self.paths[gateway.region]?.detector.resume(at: now)
      self.paths[gateway.region]?.schedule = ProbeSchedule(at: now)
    }
  }

  /// A region can be used if its way is well and it is known where its packets go.
  func isReachable(_ region: RegionName) -> Bool {
    guard let path = self.paths[region] else { return false }
    return path.detector.isWell && path.mac != nil && path.port != nil
  }

  func isAnswering(_ region: RegionName, _ detection: Detection) -> Bool {
    guard let path = self.paths[region] else { return false }
    return path.detector.isAnswering(detection) && path.mac != nil && path.port != nil
  }

  func facts() -> DatapathFacts {
    var gateways: [RegionName: DatapathFacts.GatewayFacts] = [:]
    for gateway in self.config.gateways {
      guard let path = self.paths[gateway.region], let port = path.port else { continue }
      gateways[gateway.region] = DatapathFacts.GatewayFacts(port: port, address: gateway.address, mac: path.mac)
    }
    return DatapathFacts(probeAddress: self.config.probeAddress, gateways: gateways)
  }
}

extension SwitchState.Path {
  init(_ gateway: Gateway, at now: Instant) {
    self.detector = PathDetector(at: now)
    self.schedule = ProbeSchedule(at: now)
    self.mac = gateway.mac
  }
}

extension PortReference {
  /// The port's number on a switch with these ports.
  func resolve(among ports: [PortDescription]) -> PortDescription? {
    switch self {
    case .number(let number): ports.first { $0.number.rawValue == number }
    case .name(let name): ports.first { $0.name == name }
    }
  }
}
