// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
package import ControlPlane
package import Logging
package import NIOCore
package import Northbound
import OpenFlow
import OpenFlowNIO
package import ServiceFiles
package import ServiceModel

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
  private var switches: [DatapathID: any Channel] = [:]
  private var agents: AgentDesk
  private var socket: DatagramSocket?
  private var reportedRejections: [HeartbeatError.Reason: UInt64] = [:]
  private var nextRejectionReport = Instant(nanoseconds: 0)
  private var timer: Scheduled<Void>?
  private var timerDeadline: Instant?
  private let logger: Logger

  /// - Parameter seed: for probes' nonces and the session that heartbeats must name; must be hard to guess.
  package init(
    eventLoop: any EventLoop, file: ServiceFile, journal: Journal, seed: UInt64, session: UInt64, logger: Logger
  ) {
    self.eventLoop = eventLoop
    self.journal = journal
    self.logger = logger
    self.file = file
    self.state = ControlState(seed: seed, at: Self.now())
    self.agents = AgentDesk(session: session)
  }

  /// Monotonic, and the clock of the event loop's timers.
  static func now() -> Instant { Instant(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }

  func absorb(_ event: Event) {
    for effect in self.state.step(event, at: Self.now()) { self.perform(effect) }
    self.armTimer()
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .change(let id, let ticket, let messages): self.tell(id, .change(messages, ticket: ticket))
    case .send(let id, let messages): self.tell(id, .send(messages))
    case .read(let id, let ticket): self.tell(id, .read(ticket: ticket))
    case .record(.portMissing(let name, let region, let port, let available)):
      self.journal.record(.portMissing(name, region, port: port, available: available), hint: self.hint(name, region))
    case .record(let decision): self.journal.record(decision)
    }
  }

  private func tell(_ id: DatapathID, _ command: SwitchCommand) {
    self.switches[id]?.writeAndFlush(command, promise: nil)
  }

  /// One timer, never late for the earliest deadline; one that turns out early finds nothing to do.
  private func armTimer() {
    guard let next = self.state.nextDeadline else { return }
    if let armed = self.timerDeadline, armed <= next { return }
    self.timer?.cancel()
    self.timerDeadline = next
    let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: next.nanoseconds))
    self.timer = self.eventLoop.scheduleTask(deadline: deadline) {
      self.assumeIsolated { loop in
        loop.timerDeadline = nil
        loop.absorb(.deadline)
      }
    }
  }
}

// MARK: Switches

extension ControlLoop {
  /// A connection has something to say. On the event loop.
  nonisolated func receive(_ report: SwitchReport, from channel: any Channel) {
    self.assumeIsolated { $0.received(report, from: channel) }
  }

  private func received(_ report: SwitchReport, from channel: any Channel) {
    if case .connected(let id, let greeting) = report { return self.connected(id, greeting, channel) }
    guard let id = self.switches.first(where: { $0.value === channel })?.key else { return }
    switch report {
    case .connected: break
    case .read(let ticket, let readBack): self.absorb(.switchRead(id, ticket: ticket, readBack))
    case .confirmed(let ticket): self.absorb(.switchConfirmed(id, ticket: ticket))
    case .refused(let error):
      // FLOW_MOD, GROUP_MOD, and MULTIPART_REQUEST, by which the program is read (OpenFlow 1.3.5, 7.1)
      let concernsProgram = error.refusedType.map { [14, 15, 18].contains($0) } ?? false
      self.absorb(.switchRefused(id, Refusal(error: "\(error)", concernsProgram: concernsProgram)))
    case .packetIn(let packet): self.absorb(.packetArrived(id, packet))
    case .portStatus(let status): self.absorb(.portChanged(id, status))
    case .flowRemoved(let removed): self.absorb(.flowRemoved(id, removed))
    case .closed(let reason):
      self.switches[id] = nil
      self.absorb(.switchDisconnected(id, reason: reason))
    }
  }

  /// A second connection with one datapath id takes over only if it comes from the same machine, as it does when a
  /// switch reconnects before the old connection is known to be dead.
  private func connected(_ id: DatapathID, _ greeting: SwitchReport.Greeting, _ channel: any Channel) {
    if let old = self.switches[id] {
      guard old.remoteAddress?.ipAddress == channel.remoteAddress?.ipAddress else {
        self.logger.warning(
          "a second switch with the same datapath id was refused",
          metadata: ["datapath": "\(id)", "peer": "\(channel.remoteAddress.map { "\($0)" } ?? "?")"])
        return channel.writeAndFlush(
          SwitchCommand.close(reason: "datapath \(id) is connected from another address"), promise: nil)
      }
      self.switches[id] = nil
      old.writeAndFlush(SwitchCommand.close(reason: "the switch connected again"), promise: nil)
      self.absorb(.switchDisconnected(id, reason: "it connected again"))
    }
    self.switches[id] = channel
    self.absorb(
      .switchConnected(
        id, ConnectedSwitch(version: greeting.version, ports: greeting.ports, description: greeting.description)))
  }
}

// MARK: Agents

extension ControlLoop {
  /// A datagram from an agent, or from somebody who would like to be one. On the event loop.
  nonisolated func receive(_ datagram: ByteBuffer, from source: SocketEndpoint) {
    self.assumeIsolated { $0.received(datagram, from: source) }
  }

  private func received(_ datagram: ByteBuffer, from source: SocketEndpoint) {
    let (heartbeat, reply) = self.agents.receive(datagram)
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

extension ControlLoop: ControlSurface {
  package nonisolated var events: EventLog { self.journal.events }

  /// Takes over a configuration; one that cannot be is refused and changes nothing.
  package func apply(_ file: ServiceFile) throws(ServiceFileErrors) {
    let problems = self.missingPorts(in: file)
    guard problems.isEmpty else { throw ServiceFileErrors(errors: problems) }
    self.file = file
    let revisions = self.agents.assign(file.intent, logger: self.logger)
    self.absorb(.configured(file.intent, assignments: revisions))
  }

  package func status() -> StatusView { self.state.status(at: Self.now()) }

  package func requestFailback(of service: ServiceName) -> Bool {
    guard self.state.has(service) else { return false }
    self.absorb(.failback(service))
    return true
  }

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
