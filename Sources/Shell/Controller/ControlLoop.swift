// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
package import ControlPlane
import FlowPipeline
import Forwarding
package import Logging
package import NIOCore
package import Northbound
import OpenFlow
import OpenFlowNIO
package import ServiceFiles
package import ServiceModel
import Southbound
import Storage

/// Owns the one `ControlState`: turns what arrives into events, and effects into messages.
///
/// Its executor is the event loop that carries the switches and the heartbeats, so their handlers enter without a
/// hop, and between an event and its messages nothing else runs.
package actor ControlLoop {
  nonisolated let eventLoop: any EventLoop
  package nonisolated let journal: Journal
  package nonisolated var unownedExecutor: UnownedSerialExecutor { self.eventLoop.executor.asUnownedSerialExecutor() }

  private var state: ControlState
  private var file: ServiceFile
  private(set) var server: SwitchServer?
  var driven: DrivenSwitches?
  private var election: EtcdElection?
  /// Of the connected switches, as they were when they connected.
  private(set) var ports: [DatapathID: [PortDescription]] = [:]
  private var forwarding: ForwardingState
  /// The switches for which the controller forwards, and in which of their tables.
  private var forwardingTables: [DatapathID: UInt8] = [:]
  private var agents: AgentDesk
  private var socket: DatagramSocket?
  private var reportedRejections: [HeartbeatError.Reason: UInt64] = [:]
  private var nextRejectionReport = Instant(nanoseconds: 0)
  /// Another controller, as it calls itself.
  private var leader: String?
  private let name: String
  /// Where what shall be kept of static entries is left; nil: nobody takes it yet.
  var entryInbox: EntryInbox?
  var entryOrders: [UInt64: OpenEntryOrder] = [:]
  var lastEntryOrder: UInt64 = 0
  /// What operators asked switches, by tickets that the state does not give.
  var questions: [UInt64: (datapath: DatapathID, CheckedContinuation<[MessageBody]?, Never>)] = [:]
  var lastQuestion: UInt64 = 0
  private var timer: Scheduled<Void>?
  private var timerDeadline: Instant?
  private let logger: Logger

  /// - Parameters:
  ///   - name: what others call this controller.
  ///   - seeds: for probes' nonces, and for link probes; must be hard to guess.
  ///   - session: that heartbeats must name; must be hard to guess.
  package init(
    eventLoop: any EventLoop, file: ServiceFile, name: String, journal: Journal,
    seeds: (paths: UInt64, links: UInt64), session: UInt64, logger: Logger
  ) {
    self.name = name
    self.eventLoop = eventLoop
    self.journal = journal
    self.logger = logger
    self.file = file
    self.state = ControlState(
      seed: seeds.paths, leadership: file.controller.etcd == nil ? .alone : .following(epoch: nil), at: Self.now())
    self.forwarding = ForwardingState(seed: seeds.links)
    self.agents = AgentDesk(session: session)
  }

  /// Monotonic, and the clock of the event loop's timers.
  static func now() -> Instant { Instant(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }

  /// Can be elected from now on, and let another be.
  func stand(in election: EtcdElection) { self.election = election }

  /// Takes commands for switches from now on.
  func command(_ server: SwitchServer) { self.server = server }

  func absorb(_ event: Event) {
    for effect in self.state.step(event, at: Self.now()) { self.perform(effect) }
    self.armTimer(for: self.state.nextDeadline)
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .change(let id, let ticket, let messages): self.tell(id, .change(messages, ticket: ticket))
    case .send(let id, let messages): self.tell(id, .send(messages))
    case .read(let id, let ticket, let scope): self.tell(id, .read(ticket: ticket, scope))
    case .claim(let id, let ticket, let epoch):
      self.tell(id, .requestRole(.master, generationID: epoch, ticket: ticket))
    case .follow(let id, let ticket, let epoch):
      self.tell(id, .requestRole(.slave, generationID: epoch, ticket: ticket))
    case .yield: self.election?.yield()
    case .keep(let change, let order): self.entryInbox?.keep(change, order)
    case .answer(let order, let answer): self.answered(order, answer)
    case .record(.portMissing(let name, let region, let port, let available)):
      let missing = Decision.portMissing(name, region, port: port, available: available)
      self.journal.record(missing, hint: self.hint(name, region))
    case .record(let decision): self.journal.record(decision)
    }
  }

  private func tell(_ id: DatapathID, _ command: SwitchCommand) {
    if self.driven?.perform(command, on: id) != true { self.server?.perform(command, on: id) }
  }

  /// One timer, never late for the earliest deadline; one that turns out early finds nothing to do.
  private func armTimer(for next: Instant?) {
    guard let next else { return }
    if let armed = self.timerDeadline, armed <= next { return }
    self.timer?.cancel()
    self.timerDeadline = next
    let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: next.nanoseconds))
    self.timer = self.eventLoop.scheduleTask(deadline: deadline) {
      self.assumeIsolated { loop in
        loop.timerDeadline = nil
        loop.reachedDeadline()
      }
    }
  }
}

extension ControlLoop {
  private func reachedDeadline() {
    if let due = self.forwarding.nextDeadline, due <= Self.now() { self.forward(.deadline) }
    self.absorb(.deadline)
    self.armTimer(for: self.forwarding.nextDeadline)
  }
}

// MARK: Switches

extension ControlLoop {
  /// A switch has something to say. On the event loop.
  nonisolated func receive(_ report: SwitchReport, from id: DatapathID) {
    self.assumeIsolated { loop in
      if !loop.turnedAway(report, from: id) { loop.received(report, from: id) }
    }
  }

  func received(_ report: SwitchReport, from id: DatapathID) {
    switch report {
    case .packetIn(let packet): self.received(packet, from: id)
    case .connected(let greeting):
      self.ports[id] = greeting.ports
      self.absorb(
        .switchConnected(
          id, ConnectedSwitch(version: greeting.version, ports: greeting.ports, description: greeting.description)))
      self.updateForwarding(of: id)
    case .read(let ticket, let readBack): self.absorb(.switchRead(id, ticket: ticket, readBack))
    case .confirmed(let ticket): self.absorb(.switchConfirmed(id, ticket: ticket))
    case .refused(let refused):
      self.absorb(
        .switchRefused(
          id, Refusal(error: "\(refused)", concernsProgram: refused.concernsProgram, message: refused.message)))
    case .role(let ticket, let outcome): self.answered(outcome, to: ticket, by: id)
    case .roleChanged(let status):
      // All ones: the switch knows of none (OpenFlow 1.4, 7.4.4).
      let epoch = status.generationID == .max ? nil : status.generationID
      if status.role == .slave { self.absorb(.roleLost(id, epoch: epoch)) }
    case .unanswered(let ticket, _) where self.settle(question: ticket, with: nil): break
    case .unanswered(let ticket, let failure):
      self.absorb(.changeUnanswered(id, ticket: ticket))
      self.absorb(.roleAnswered(id, ticket: ticket, .unanswered))
      self.unanswered(failure, by: id)
    case .portStatus(let status):
      self.absorb(.portChanged(id, status))
      if self.forwardingTables[id] != nil { self.forward(.portChanged(id, status)) }
    case .flowRemoved(let removed): self.absorb(.flowRemoved(id, removed))
    case .closed(let reason):
      self.ports[id] = nil
      self.dropQuestions(to: id)
      if self.forwardingTables.removeValue(forKey: id) != nil { self.forward(.switchDisconnected(id)) }
      self.absorb(.switchDisconnected(id, reason: reason))
    case .answered(let ticket, let answer): _ = self.settle(question: ticket, with: answer)
    }
  }

  private func answered(_ outcome: RoleOutcome, to ticket: UInt64, by id: DatapathID) {
    switch outcome {
    case .granted(let role) where role.role == .slave: break
    case .granted:
      self.absorb(.roleAnswered(id, ticket: ticket, .granted))
      self.updateForwarding(of: id)
    case .stale: self.absorb(.roleAnswered(id, ticket: ticket, .stale))
    }
  }

  func heard(_ news: ElectionNews) {
    switch news {
    case .elected(let epoch):
      self.leader = nil
      self.lead(.leading(epoch: epoch))
    case .following(let leader, let epoch):
      self.leader = leader
      self.lead(.following(epoch: epoch))
    case .unreachable(let error): self.journal.record(StoreDecision.away("\(error)", hasElection: true))
    case .reachable: self.journal.record(StoreDecision.back)
    }
  }

  private func lead(_ leadership: Leadership) {
    self.absorb(.leadership(leadership))
    for id in self.ports.keys.sorted() { self.updateForwarding(of: id) }
  }

  /// A change that was not done, or is not known to be: what the switch holds must be read. A refusal was reported
  /// before, and what was superseded or closed goes on elsewhere.
  private func unanswered(_ failure: RequestFailure, by id: DatapathID) {
    switch failure {
    case .refused, .superseded, .closed: break
    case .timedOut, .slave, .tooManyRequests, .answerTooLong, .cannotBeSaid:
      self.absorb(.switchRefused(id, Refusal(error: "\(failure)", concernsProgram: true)))
    }
  }

  /// What no service's flow asked for is forwarding's, on switches for which it forwards; but what comes from the
  /// controller itself is a packet by which the switch shows that it hears.
  private func received(_ packet: PacketIn, from id: DatapathID) {
    if self.forwardingTables[id] != nil, !Cookie.isOurs(packet.cookie), packet.inPort != .controller {
      self.forward(.packetArrived(id, packet))
    } else {
      self.absorb(.packetArrived(id, packet))
    }
  }
}

// MARK: Forwarding

extension ControlLoop {
  private func forward(_ event: ForwardingEvent) {
    var effects: [ForwardingEffect] = []
    self.forwarding.step(event, at: Self.now(), into: &effects)
    for effect in effects {
      switch effect {
      case .send(let id, let messages): self.server?.perform(.send(messages), on: id)
      case .record(let decision): self.journal.record(decision)
      }
    }
    self.armTimer(for: self.forwarding.nextDeadline)
  }

  /// Begins or ends to forward for a switch, as the configuration says.
  private func updateForwarding(of id: DatapathID) {
    guard let ports = self.ports[id] else { return }
    let table = self.forwardingTable(of: id)
    guard table != self.forwardingTables[id] else { return }
    self.forwardingTables[id] = table
    if let table {
      self.forward(.switchConnected(id, ports: ports, table: table))
    } else {
      self.forward(.switchReleased(id))
    }
  }

  /// The table in which the controller forwards for a switch; nil: the switch forwards by itself.
  private func forwardingTable(of id: DatapathID) -> UInt8? {
    guard self.state.mayLead else { return nil }
    guard let config = self.file.intent.switches.first(where: { $0.datapath == id }) else {
      return self.file.controller.unlistedSwitches == .learning ? 0 : nil
    }
    return config.forwarding == .learning ? TableLayout.Table.forward.rawValue : nil
  }
}

// MARK: Agents

extension ControlLoop {
  /// A datagram from an agent, or from somebody who would like to be one. On the event loop.
  nonisolated func receive(_ datagram: ByteBuffer, from source: SocketEndpoint) {
    self.assumeIsolated { $0.received(datagram, from: source) }
  }

  private func received(_ datagram: ByteBuffer, from source: SocketEndpoint) {
    let (heartbeat, reply) = self.agents.receive(datagram, at: Self.now())
    // First what may move traffic, then politeness.
    if let heartbeat { self.absorb(.heartbeat(heartbeat)) } else { self.reportRejections(from: source) }
    if let reply, let socket = self.socket, socket.send(reply, to: source) { socket.flush() }
  }

  /// Says how many forged, replayed or broken heartbeats came, at most every ten seconds: a flood must not fill a disk.
  private func reportRejections(from source: SocketEndpoint) {
    let rejections = self.agents.rejections
    guard !rejections.isEmpty, rejections != self.reportedRejections, Self.now() >= self.nextRejectionReport else {
      return
    }
    self.reportedRejections = rejections
    self.nextRejectionReport = Self.now() + .seconds(10)
    var metadata: Logger.Metadata = ["last-source": "\(source)"]
    for (reason, count) in rejections { metadata[reason.rawValue] = "\(count)" }
    self.logger.warning(
      "datagrams were ignored that are no heartbeats of ours; counts since the start", metadata: metadata)
  }

  func answerAgents(through socket: DatagramSocket) { self.socket = socket }

  package func assignment(for region: RegionName, nonce: String) -> [UInt8]? {
    self.agents.sealed(for: region, nonce: nonce, logger: self.logger)
  }
}

// MARK: Operators

extension ControlLoop {
  package nonisolated var events: EventLog { self.journal.events }

  /// What the switches that are connected now say against a configuration. An operator is told before it is kept; what is
  /// kept is acted by all the same, for a port may come later.
  func objections(to file: ServiceFile) -> ServiceFileErrors? {
    let problems = self.missingPorts(in: file)
    return problems.isEmpty ? nil : ServiceFileErrors(errors: problems)
  }

  /// Acts by a configuration from now on.
  func adopt(_ file: ServiceFile) {
    self.file = file
    self.driven?.configure(file.intent.switches)
    let revisions = self.agents.assign(file.intent, logger: self.logger)
    self.absorb(.configured(file.intent, assignments: revisions))
    let addresses =
      file.intent.services.map(\.virtualIP.mac)
      + file.intent.switches.map { VirtualIP.defaultMAC(for: $0.probeAddress) }
    self.forward(.ownAddresses(Set(addresses)))
    for id in self.ports.keys.sorted() { self.updateForwarding(of: id) }
  }

  package func leadership() -> LeadershipView {
    LeadershipView(name: self.name, leadership: self.state.leadership, leader: self.leader)
  }

  package func status() -> StatusView {
    var view = self.state.status(at: Self.now())
    for connection in self.server?.statuses ?? [] {
      for index in view.switches.indices where view.switches[index].datapath == connection.datapath {
        view.switches[index].connection = .init(connection)
      }
    }
    self.addDriven(to: &view)
    return view
  }

  var configuredSwitches: [Switch] { self.file.intent.switches }

  package func requestFailback(of service: ServiceName) -> Bool {
    guard self.state.has(service) else { return false }
    self.absorb(.failback(service))
    return true
  }

  package func releaseHeld() { self.absorb(.releaseHeld) }

  func switchNames() -> [String: DatapathID] {
    var names: [String: DatapathID] = [:]
    for config in self.file.intent.switches { names[config.name.text] = config.datapath }
    return names
  }

  func entryViews(on datapath: DatapathID?) -> [EntryView] { self.state.entryViews(on: datapath) }

  /// What would come of a drain.
  func prospect(draining region: RegionName, isForced: Bool) -> DrainOutcome {
    guard self.state.has(region) else { return .unknownRegion }
    if !isForced, let objection = self.state.objection(toDraining: region) { return .refused(objection) }
    return .begun(self.state.losses(draining: region, isDrained: true))
  }

  /// What would come of its end.
  func prospect(undraining region: RegionName) -> DrainOutcome {
    guard self.state.has(region) else { return .unknownRegion }
    return .begun(self.state.losses(draining: region, isDrained: false))
  }

  /// Acts by these drains from now on, and by no others.
  func order(_ drains: [RegionName: DrainOrder]) { self.absorb(.drains(drains)) }

  /// Those that are under way, wherever they were learnt.
  func drains() -> [RegionName: DrainOrder] { self.state.orders }

  /// Ports that a switch which is connected now does not have.
  private func missingPorts(in file: ServiceFile) -> [ServiceFileError] {
    self.state.missingPorts(in: file.intent).compactMap { missing in
      file.portError(switch: missing.switchName, region: missing.region, available: missing.available)
    }
  }

  private func hint(_ name: SwitchName, _ region: RegionName) -> String? {
    self.file.locations[.gatewayPort(name, region)].map { "\(self.file.file):\($0.line)" }
  }
}

extension ControlPlane.SwitchStatus.Connection {
  fileprivate init(_ status: OpenFlowNIO.SwitchStatus) {
    // A switch grants EQUAL until it is asked for something else.
    let role: String =
      switch status.role {
      case .master: "master"
      case .slave: "slave"
      case .equal, .noChange, nil: "equal"
      }
    self.init(
      peer: status.peer, isEncrypted: status.isEncrypted, role: role, age: status.connectedFor,
      roundTrip: status.roundTrip, unsentBytes: status.unsentBytes, packetIns: status.counters.packetIns,
      packetInsDropped: status.counters.packetInsDropped, refusals: status.counters.refusals)
  }
}
