// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ControlPlane
package import DatapathModel
import FlowPipeline
package import OpenFlow
package import Reconciliation
package import ServiceModel
package import StaticEntries

/// One controller and its switches on a network without delays or faults, but for those that a test asks for. What
/// happens is written down line by line, so that a test reads like a transcript.
package struct Rehearsal: Sendable {
  package private(set) var controller: ControlState
  package private(set) var now: Instant
  package private(set) var intent: Intent
  package var datapaths: [DatapathID: SoftwareSwitch] = [:]
  /// Regions that drop what reaches them, ports up.
  package var dark: Set<Int> = []
  /// Switches whose barriers and reads are not answered until `release`.
  package var isHoldingReplies = false
  /// The connections to the switches stall: what the controller says arrives when they go on.
  package var isMute = false {
    didSet { if oldValue, !self.isMute { self.deliverWhatWaits() } }
  }
  /// Messages that a switch refuses, whatever they say.
  package var refusals = 0
  /// No switch takes another flow.
  package var isFull = false
  /// The switches hand back what they are told to.
  package var handsBack = true
  /// Of every region's assignment.
  package var revision: UInt64 = 1
  /// What was decided and sent since the last look, as text.
  package private(set) var lines: [String] = []
  /// What came of operators' orders of entries, and what the store was to hold of them.
  package private(set) var answers: [UInt64: EntryAnswer] = [:]
  package private(set) var kept: [EntryChange] = []
  /// Probes so far, and the writes in which they left.
  package private(set) var probes = (writes: 0, packets: 0)
  private let pace: ProgrammingPace
  private var held: [Event] = []
  private var waiting: [Effect] = []
  /// Heartbeats so far, of all agents.
  private var beats: UInt64 = 0
  private var inbox: [Event] = []
  /// Packets that left a switch since `send`.
  private var outputs: [Output] = []
  private var hosts: [DatapathID: [PortNumber: GatewayHost]] = [:]
  /// Of the latest leader that each switch has seen.
  package var epochs: [DatapathID: UInt64] = [:]

  /// - Parameter extras: what the switches have beyond plain OpenFlow 1.3.
  package init(
    _ intent: Intent, seed: UInt64 = 1, pace: ProgrammingPace = ProgrammingPace(), leadership: Leadership = .alone,
    extras: Set<SoftwareSwitch.Extra> = Set(SoftwareSwitch.Extra.allCases)
  ) {
    self.intent = intent
    self.now = Instant(nanoseconds: 0)
    self.pace = pace
    self.controller = ControlState(seed: seed, pace: pace, leadership: leadership, at: self.now)
    for index in intent.switches.indices {
      let id = Site.datapath(index)
      self.datapaths[id] = SoftwareSwitch(
        datapath: id, ports: Site.makePorts(regions: intent.regions.count), extras: extras)
      for region in intent.regions.indices {
        self.hosts[id, default: [:]][Site.gatewayPort(region)] = GatewayHost(
          address: Site.gatewayAddress(region, onSwitch: index), ipv6: Site.gatewayIPv6(region, onSwitch: index),
          mac: Site.gatewayMAC(region, onSwitch: index))
      }
    }
    self.configure(intent)
  }

  /// Gives the controller another configuration.
  package mutating func configure(_ intent: Intent) {
    self.intent = intent
    self.tell(.configured(intent, assignments: self.assignments))
  }

  package var assignments: [RegionName: UInt64] {
    Dictionary(uniqueKeysWithValues: self.intent.regions.map { ($0.name, self.revision) })
  }

  /// All configured switches connect.
  package mutating func connect() {
    for index in self.intent.switches.indices { self.connect(index) }
  }

  package mutating func connect(_ index: Int) {
    let id = Site.datapath(index)
    self.tell(
      .switchConnected(
        id, ConnectedSwitch(version: .v1_5, ports: self.datapaths[id]?.ports ?? [], description: "model")))
  }

  /// The controller dies and a new one starts; the switches keep what they hold.
  ///
  /// - Parameter intent: what it is configured with; nil: the same.
  package mutating func restartController(with intent: Intent? = nil, seed: UInt64 = 2) {
    self.controller = ControlState(seed: seed, pace: self.pace, at: self.now)
    self.inbox = []
    self.held = []
    self.waiting = []
    self.configure(intent ?? self.intent)
    self.connect()
  }

  /// Something happens now.
  package mutating func tell(_ event: Event) {
    self.inbox.append(event)
    while !self.inbox.isEmpty {
      let event = self.inbox.removeFirst()
      for effect in self.controller.step(event, at: self.now) {
        if case .record(let decision) = effect {
          self.lines.append(decision.message)
        } else if self.isMute {
          self.waiting.append(effect)
        } else {
          self.perform(effect)
        }
      }
    }
  }

  private mutating func deliverWhatWaits() {
    let effects = self.waiting
    self.waiting = []
    for effect in effects { self.perform(effect) }
    while !self.inbox.isEmpty { self.tell(self.inbox.removeFirst()) }
  }

  /// Time passes; the controller is woken whenever it wants to be.
  package mutating func run(for duration: Duration) {
    let end = self.now + duration
    while let deadline = self.controller.nextDeadline, deadline <= end {
      self.now = max(self.now, deadline)
      self.tell(.deadline)
    }
    self.now = end
  }

  /// Time passes, and the controller is late: it is woken by the next event only.
  package mutating func stall(for duration: Duration) { self.now = self.now + duration }

  /// A heartbeat of one region's agent. Services that are not listed are up.
  package mutating func beat(
    _ region: Int, _ reports: [ServiceReport] = [], leaving: Bool = false, assignment: UInt64 = 1,
    load: GatewayLoad? = nil
  ) {
    self.beats += 1
    self.tell(
      .heartbeat(
        Heartbeat(
          region: Site.region(region), boot: 1, sequence: self.beats, assignment: assignment,
          leaving: leaving, services: reports,
          load: load.map { GatewayLoadReport(load: $0, age: .zero) })))
  }

  /// Another machine has a region's gateway address from now on.
  package mutating func moveGateway(_ region: Int, to mac: MACAddress) {
    for (id, hosts) in self.hosts {
      guard let host = hosts[Site.gatewayPort(region)] else { continue }
      self.hosts[id]?[Site.gatewayPort(region)] = GatewayHost(address: host.address, ipv6: host.ipv6, mac: mac)
    }
  }

  /// A link of a switch comes or goes.
  package mutating func setPort(_ region: Int, isUp: Bool, onSwitch index: Int = 0) {
    let id = Site.datapath(index)
    if let status = self.datapaths[id]?.setPort(Site.gatewayPort(region), isUp: isUp) {
      self.tell(.portChanged(id, status))
    }
  }

  /// Answers all that was held back.
  ///
  /// - Parameters:
  ///   - readBack: what is said that the switches hold; nil: what they held when they were asked.
  ///   - isHoldingMore: what the switches answer to that is held back again.
  package mutating func release(replacingReadsBy readBack: ReadBack? = nil, isHoldingMore: Bool = false) {
    self.isHoldingReplies = isHoldingMore
    let events = self.held
    self.held = []
    for event in events {
      if case .switchRead(let id, let ticket, _) = event, let readBack {
        self.tell(.switchRead(id, ticket: ticket, readBack))
      } else {
        self.tell(event)
      }
    }
  }

  /// The transcript since the last look.
  package mutating func look() -> [String] {
    defer { self.lines = [] }
    return self.lines
  }

  /// Where a new connection to a service goes now.
  package mutating func region(of service: Service, onSwitch index: Int = 0, clientPort: UInt16) -> RegionName? {
    let syn = Packet.fromClient(
      .syn, port: clientPort, to: SocketEndpoint(service.virtualIP.address, service.listeners[0].port))
    let ports = self.datapaths[Site.datapath(index)]?.receive(syn, from: Site.clientPort).outputs.map(\.port)
    guard let port = ports?.first, ports?.count == 1 else { return nil }
    return self.intent.regions.indices.first { Site.gatewayPort($0) == port }.map(Site.region)
  }

  /// A packet comes in by a port; where it leaves, with the controller's help if the switch asks for it.
  package mutating func send(_ packet: Packet, from port: PortNumber, onSwitch index: Int = 0) -> [Output] {
    let id = Site.datapath(index)
    guard let passage = self.datapaths[id]?.receive(packet, from: port) else { return [] }
    self.outputs = passage.sent
    for packet in passage.packetsIn { self.tell(.packetArrived(id, packet)) }
    return self.outputs
  }

  /// No packet has come for long on any connection that has a flow of its own.
  ///
  /// - Parameter packets: how many had come.
  package mutating func expireConnections(packets: UInt64, onSwitch index: Int = 0) {
    let id = Site.datapath(index)
    let delete = FlowMod(
      command: .delete, tableID: TableNumber.all, cookie: ConnectionFlow.cookie, cookieMask: ConnectionFlow.cookieMask)
    for var removed in self.datapaths[id]?.apply(.flowMod(delete)).removed ?? [] {
      removed.reason = .idleTimeout
      removed.counters.packetCount = packets
      self.tell(.flowRemoved(id, removed))
    }
  }

  private mutating func perform(_ effect: Effect) {
    switch effect {
    case .record: break
    case .claim(let id, let ticket, let epoch):
      self.lines.append("claim \(self.name(id)): epoch \(epoch)")
      let isStale = epoch < self.epochs[id, default: 0]
      if !isStale { self.epochs[id] = epoch }
      self.reply(.roleAnswered(id, ticket: ticket, isStale ? .stale : .granted))
    case .yield: self.lines.append("yield")
    case .answer(let order, let answer): self.answers[order] = answer
    case .keep(let change, _): self.kept.append(change)
    case .follow(let id, _, let epoch): self.lines.append("follow \(self.name(id)): epoch \(epoch)")
    case .read(let id, let ticket, let scope):
      self.lines.append("read \(self.name(id))")
      guard let datapath = self.datapaths[id] else { return }
      self.reply(.switchRead(id, ticket: ticket, datapath.readBack(scope)))
    case .change(let id, let ticket, let messages):
      self.lines.append("change \(self.name(id)): \(messages.map(summary).joined(separator: ", "))")
      if self.refusals > 0 {
        self.refusals -= 1
        self.reply(.switchRefused(id, Refusal(error: "OFPBRC_EPERM", concernsProgram: true)))
      } else {
        for message in messages { self.deliver(message, to: id) }
      }
      self.reply(.switchConfirmed(id, ticket: ticket))
    case .send(let id, let messages):
      let flushes = messages.count { if case .conntrackFlush = $0 { true } else { false } }
      let packets = messages.count { if case .packetOut = $0 { true } else { false } }
      if packets > 0 { self.probes = (self.probes.writes + 1, self.probes.packets + packets) }
      if flushes > 0 { self.lines.append("late \(self.name(id)): \(flushes) flushes") }
      for message in messages { self.deliver(message, to: id) }
    }
  }

  private mutating func reply(_ event: Event) {
    if self.isHoldingReplies { self.held.append(event) } else { self.inbox.append(event) }
  }

  private mutating func deliver(_ message: MessageBody, to id: DatapathID) {
    if self.isFull, case .flowMod(let mod) = message, mod.command == .add {
      return self.reply(.switchRefused(id, Refusal(error: "OFPFMFC_TABLE_FULL", concernsProgram: true)))
    }
    guard let reaction = self.datapaths[id]?.apply(message) else { return }
    if let refusal = reaction.refusal {
      self.reply(
        .switchRefused(id, Refusal(error: refusal.description, concernsProgram: true, message: message)))
    }
    for removed in reaction.removed { self.reply(.flowRemoved(id, removed)) }
    self.outputs += reaction.passage?.sent ?? []
    for output in reaction.passage?.sent ?? [] { self.arrive(output, from: id) }
    for packet in self.handsBack ? reaction.passage?.packetsIn ?? [] : [] {
      self.inbox.append(.packetArrived(id, packet))
    }
  }

  /// A probe reaches a gateway, and its answer the controller.
  private mutating func arrive(_ output: Output, from id: DatapathID) {
    guard let host = self.hosts[id]?[output.port],
      !self.intent.regions.indices.contains(where: { Site.gatewayPort($0) == output.port && self.dark.contains($0) }),
      let answer = host.answer(to: output.packet, serves: { _ in true }),
      let passage = self.datapaths[id]?.receive(answer, from: output.port)
    else { return }
    for packet in passage.packetsIn { self.inbox.append(.packetArrived(id, packet)) }
  }

  private func name(_ id: DatapathID) -> String {
    self.intent.switches.first { $0.datapath == id }?.name.text ?? "\(id)"
  }
}

/// `add group`, `flush`, …
private func summary(_ message: MessageBody) -> String {
  switch message {
  case .groupMod(let mod): "\(mod.command) group"
  case .flowMod(let mod): "\(mod.command) flow"
  case .conntrackFlush: "flush"
  case .packetOut: "packet"
  default: "other"
  }
}
