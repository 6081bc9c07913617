// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
import OpenFlow
import ServiceModel
import Steering

/// Everything that is known of one configured switch.
///
/// A value, but one that is as small as a reference until it is changed: the controller looks at it again and again, at
/// each packet that comes, and it is large.
@dynamicMemberLookup
struct SwitchState: Sendable, Equatable {
  struct Fields: Sendable, Equatable {
    var config: Switch
    var connection: Connection?
    /// One for each gateway of the configuration.
    var paths: [RegionName: Path]
    /// The plan that the tables follow.
    var plan = SteeringPlan.empty
    /// Regions to which open connections lead: those that carry traffic, and drained ones that live.
    var keeping: Set<RegionName> = []
    /// What the tables shall say follows from it; nil: nothing yet.
    var blueprint: Blueprint?
    /// How much that is, as far as it was compiled.
    var extent = Extent()
    /// Services whose regions shall be put back into the order of preference, once.
    var failbacks: Set<ServiceName> = []
    /// The gateways' addresses by which the tables send connections, in ascending order.
    var addresses: [RegionName: [IPAddress]] = [:]
    /// The tables were read at least once since the controller started.
    var wasFound = false
    /// Connections to forget, and when; nil: the tables are not confirmed yet.
    var cuts: [ControlState.Cut] = []
    var cutsAt: Instant?
    /// In the order in which they are due.
    var lateCuts: [LateCuts] = []
    /// Services whose members were out and answered, and do not answer any more.
    var deaths: Set<ControlState.ServiceRegion> = []
    var slowStarts = SlowStarts()
    var stance = SwitchStance()
    /// What was said of its placement.
    var said: Said?
    /// Something changed on which the plan or the program of every service depends.
    var needsSteering = false
    /// Services of whose members something changed.
    var moved: Set<ServiceName> = []
  }

  /// Changed only while nobody else has it.
  private final class Storage: @unchecked Sendable {
    var fields: Fields
    init(_ fields: Fields) { self.fields = fields }
  }

  private var storage: Storage

  subscript<Value>(dynamicMember field: WritableKeyPath<Fields, Value>) -> Value {
    @inline(__always) get { self.storage.fields[keyPath: field] }
    @inline(__always) _modify {
      if !isKnownUniquelyReferenced(&self.storage) { self.storage = Storage(self.storage.fields) }
      yield &self.storage.fields[keyPath: field]
    }
  }

  static func == (a: Self, b: Self) -> Bool { a.storage === b.storage || a.storage.fields == b.storage.fields }

  struct Connection: Sendable, Equatable {
    var description: String
    var version: ProtocolVersion
    var ports: [PortDescription]
    var phase: Phase
    /// The last that was given out for it.
    var ticket: UInt64 = 0
    /// When the tables are read again to see that they still are as they should be.
    var nextAudit: Instant
    var hearing: HearingDetector
    /// It was said that the switch is mute.
    var isKnownMute = false
    var refusals = Refusals()
    var offers = Offers()

    /// Nil: there is no such port.
    func isPortUp(_ number: PortNumber?) -> Bool? {
      self.ports.first { $0.number == number }.map(\.isUp)
    }

    /// When a change is no longer waited for that was not confirmed: its barrier's answer has got lost, or never comes
    /// because the change was refused as a whole.
    var givesUpAt: Instant? {
      guard case .changing(let ticket, _, _, let since) = self.phase else { return nil }
      let timeout = since + ControlState.readTimeout
      return self.refusals.program == ticket ? min(self.nextAudit, timeout) : timeout
    }
  }

  struct Said: Sendable, Equatable {
    var placement: Placement?
    var hasGroups: Bool
    var answersQuestions: Bool
  }

  /// What a switch can do, as far as placements depend on it.
  struct Offers: Sendable, Equatable {
    /// Another controller can be told no more than OpenFlow 1.3 says, so nothing is tried.
    static let driven = Offers(conntrack: false, meters: false, answers: true)

    /// The groups that divide connections.
    var groups = false
    /// Connection tracking; nil: it was not tried yet.
    var conntrack: Bool?
    /// Meters; nil: it was not asked.
    var meters: Bool?

    /// It turns questions for MAC addresses into their answers; nil: it was not tried yet. Whoever tracks connections can.
    var answers: Bool?

    /// What it can do without.
    static let anyway: [Placement] = [.hash, .reactive, .redirect]
  }

  /// What a switch does not take.
  struct Refusals: Sendable, Equatable {
    /// Attempts in a row to make the tables right that were refused at least in part, and what was said last.
    var count = 0
    var error = ""
    /// The tickets of the last attempt that was refused, and of the last before something else was.
    var program: UInt64 = 0
    var other: UInt64 = 0

    /// How long to wait before the next attempt.
    var pause: Duration { .seconds(min(1 << min(max(self.count - 1, 0), 5), 30)) }
  }

  /// Connections to forget once more.
  struct LateCuts: Sendable, Equatable {
    var at: Instant
    var cuts: [ControlState.Cut]
  }

  enum Phase: Sendable, Equatable {
    /// Another controller leads: nothing is sent.
    case following
    /// Its master's role was asked for, and is asked for again if no answer has come by then. Everything waits.
    case claiming(ticket: UInt64, again: Instant)
    /// `read` was sent with this ticket, the first since the switch connected, and is sent again if nothing has come
    /// by then. Changes of the plan and probing wait.
    case reading(ticket: UInt64, again: Instant)
    /// A flow that tracks connections was sent, to see whether the switch takes it. It is read again then.
    case trying(ticket: UInt64, again: Instant)
    /// `read` was sent, to compare; changes of the plan go ahead and make it void.
    case auditing(ticket: UInt64, again: Instant)
    /// Changes that wait for their barrier, since when the first and since when the last of them.
    case changing(ticket: UInt64, count: Int, began: Instant, since: Instant)
    case settled
  }

  struct Heir: Sendable, Equatable {
    var mac: MACAddress
    /// Of the last question.
    var nonce: UInt64
  }

  struct Path: Sendable, Equatable {
    var detector: PathDetector
    var schedule: ProbeSchedule
    /// Nil: the switch has no such port.
    var port: PortNumber?
    var mac: MACAddress?
    /// A machine that may have the gateway's address now, and was asked.
    var heir: Heir?
    var roundTrip: Duration?

    /// For that long nothing could be heard of it.
    mutating func excuse(_ duration: Duration, at now: Instant) {
      self.detector.excuse(duration, at: now)
      self.schedule.excuse(duration, at: now)
    }
  }

  init(_ config: Switch, at now: Instant) {
    var paths: [RegionName: Path] = [:]
    for gateway in config.gateways { paths[gateway.region] = Path(gateway, at: now) }
    self.storage = Storage(Fields(config: config, paths: paths))
  }

  /// The plan is not what it should be.
  var mustSteer: Bool { self.needsSteering || !self.moved.isEmpty }

  /// Tables may be changed now. Also while the switch refuses something: one flow that it does not take must not keep
  /// the others from a region that lives.
  var isWritable: Bool {
    switch self.connection?.phase {
    case .settled, .changing, .auditing: self.placement != nil
    case .following, .claiming, .reading, .trying, nil: false
    }
  }

  /// Nil: it is not known yet what the switch can do, or it cannot do what is configured.
  var placement: Placement? {
    guard let offers = self.connection?.offers else { return nil }
    switch self.config.placement {
    case .conntrack: return offers.conntrack == true ? .conntrack : nil
    case nil where self.stance.isShared: return .hash
    case nil: return offers.conntrack.map { $0 ? .conntrack : .hash }
    case .reactive: return offers.meters == nil ? nil : .reactive
    case let placement: return placement
    }
  }

  /// The first of its ports towards the clients that it has.
  private var uplink: PortNumber? {
    let ports = self.connection?.ports ?? []
    return self.config.uplinks.lazy.compactMap { $0.resolve(among: ports)?.number }.first
  }

  /// What is configured and cannot be done.
  var impossiblePlacement: Placement? {
    guard self.placement == nil, self.connection?.offers.conntrack == false else { return nil }
    return self.config.placement
  }

  /// It is not known yet how often the switch can be kept from asking.
  var mustReadMeters: Bool { self.config.placement == .reactive && self.connection?.offers.meters == nil }

  /// What must be tried before it is known what to tell the switch.
  enum Trial: Sendable, Equatable { case conntrack, resolution }

  var trial: Trial? {
    guard let offers = self.connection?.offers else { return nil }
    if (self.config.placement ?? (self.stance.isShared ? .hash : .conntrack)) == .conntrack {
      if offers.conntrack == nil { return .conntrack }
      if self.config.placement == .conntrack { return nil }
    }
    return offers.conntrack != true && offers.answers == nil ? .resolution : nil
  }

  var mustTry: Bool { self.trial != nil }

  /// The controller may be asked, which a meter can bound.
  var readsMeters: Bool {
    self.config.placement.map { $0 != .conntrack }
      ?? (self.stance.isShared || self.connection?.offers.conntrack == false)
  }

  /// As far as is known the tables say what was asked of them last.
  var isConfirmed: Bool {
    switch self.connection?.phase {
    case .settled, .auditing: true
    case .following, .claiming, .reading, .trying, .changing, nil: false
    }
  }

  /// The switch is there and its tables let answers through.
  var isProbing: Bool { self.wasFound && self.isWritable }

  /// Probes are sent and answers would be heard, so that silence means something.
  func isHeard(at now: Instant, _ detection: Detection) -> Bool {
    self.isProbing && self.connection?.hearing.isMute(at: now, detection) == false
  }

  /// Silence may be judged: nothing is under way for so long that answers may be under way as well.
  func isJudging(at now: Instant, _ detection: Detection) -> Bool {
    self.isHeard(at: now, detection) && self.connection?.hearing.isLate(at: now, detection) == false
  }

  /// Its paths are probed.
  func asksPaths(at now: Instant, _ detection: Detection) -> Bool {
    self.isHeard(at: now, detection) || self.isProbing && self.connection?.hearing.isNew == true
  }

  /// Until now the switch could not be asked, or not by these numbers: silence before this moment says nothing.
  mutating func restartProbes(at now: Instant) {
    for gateway in self.config.gateways {
      self.paths[gateway.region]?.detector.resume(at: now)
      self.paths[gateway.region]?.schedule = ProbeSchedule(at: now)
    }
  }

  /// The paths are judged by other numbers from now on.
  mutating func adaptProbes(from old: Detection, to new: Detection, at now: Instant) {
    guard old.probe == new.probe else { return self.restartProbes(at: now) }
    guard old.heartbeatInterval != new.heartbeatInterval || old.bound != new.bound else { return }
    for gateway in self.config.gateways {
      self.paths[gateway.region]?.detector.adapt(from: old, to: new, at: now)
      self.paths[gateway.region]?.schedule = ProbeSchedule(at: now)
    }
  }

  /// The ways of this switch that can be used: well, and known where packets go.
  func standing(of region: RegionName, _ detection: Detection) -> Standing {
    guard let path = self.paths[region], path.mac != nil, path.port != nil else { return .out }
    return path.detector.standing(detection)
  }

  func regionsKeepingConnections(_ detection: Detection) -> Set<RegionName> {
    self.plan.carrying.union(self.plan.draining.filter { self.standing(of: $0, detection) != .out })
  }

  func facts() -> DatapathFacts {
    var gateways: [RegionName: DatapathFacts.GatewayFacts] = [:]
    for gateway in self.config.gateways {
      guard let path = self.paths[gateway.region], let port = path.port else { continue }
      gateways[gateway.region] = DatapathFacts.GatewayFacts(
        port: port, address: gateway.address, ipv6: gateway.ipv6, mac: path.mac)
    }
    return DatapathFacts(
      probeAddress: self.config.probeAddress, gateways: gateways, forwarding: self.config.forwarding,
      version: self.connection?.version ?? .v1_5, placement: self.placement ?? .conntrack,
      hasGroups: self.connection?.offers.groups ?? true, sourceRules: self.config.sourceRules,
      reactiveRate: self.config.reactiveRate, hasMeters: self.connection?.offers.meters ?? false,
      answersQuestions: self.connection?.offers.answers ?? true, peers: self.stance.peers,
      isGated: self.stance.isGated, isShared: self.stance.isShared,
      sharedUplink: self.stance.isShared || self.config.southbound != nil ? self.uplink : nil,
      isDriven: self.config.southbound != nil)
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
