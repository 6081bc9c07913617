// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import DatapathModel
import OpenFlow
import PacketHeaders
import Reconciliation
import ServiceModel
import Simulation

/// Two switches between the same segments: one for the clients, and one for each region. What one switch sends into a
/// segment the other one hears, so what both forward goes round.
struct TwoSwitches {
  private(set) var controller: ControlState
  private(set) var now = Instant(nanoseconds: 0)
  let intent: Intent
  var datapaths: [SoftwareSwitch]
  /// Whether the controller and each switch hear each other.
  private(set) var isConnected = [false, false]
  private(set) var isAlive = [true, true]
  /// Connections that stall, though they are there.
  var isMute = [false, false]
  /// Segments on which the switches do not hear each other.
  var cutSegments: Set<PortNumber> = []
  /// What switches answer is kept back until `release`.
  var isHoldingReplies = false
  /// What was decided and sent since the last look.
  private(set) var lines: [String] = []
  /// What the client has heard since the last look.
  private(set) var heardByClient: [Packet] = []
  /// What reached each region's gateway since the last look, but for what the controller sends.
  private(set) var heardByGateways: [Int: [Packet]] = [:]
  /// Frames that went through more switches than there are.
  private(set) var loops = 0
  private var inbox: [Event] = []
  private var held: [Event] = []

  static let group = SwitchGroupName(unchecked: "pair")
  static let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))

  static func intent(
    _ services: [Service], placement: Placement? = nil, uplinks: [PortReference] = [], mode: SwitchGroup.Mode
  ) -> Intent {
    var intent = Site.makeIntent(regions: 2, switches: 2, detection: Self.detection, services: services)
    intent.switches[1].gateways = intent.switches[0].gateways
    for index in intent.switches.indices {
      intent.switches[index].uplinks = uplinks
      intent.switches[index].placement = placement
    }
    intent.switchGroups = [SwitchGroup(name: Self.group, mode: mode, switches: intent.switches.map(\.name))]
    return intent
  }

  init(
    _ services: [Service], placement: Placement? = nil, uplinks: [PortReference] = [],
    mode: SwitchGroup.Mode = .activeStandby, leadership: Leadership = .alone
  ) {
    self.intent = Self.intent(services, placement: placement, uplinks: uplinks, mode: mode)
    self.controller = ControlState(seed: 1, leadership: leadership, at: self.now)
    self.datapaths = [0, 1].map { Self.fresh($0) }
    self.tell(.configured(self.intent, assignments: self.assignments))
  }

  private static func fresh(_ index: Int) -> SoftwareSwitch {
    SoftwareSwitch(datapath: Site.datapath(index), ports: Site.makePorts(regions: 2))
  }

  private var assignments: [RegionName: UInt64] {
    Dictionary(uniqueKeysWithValues: self.intent.regions.map { ($0.name, 1) })
  }

  // MARK: What happens

  mutating func connect(_ index: Int) {
    guard self.isAlive[index], !self.isConnected[index] else { return }
    self.isConnected[index] = true
    self.tell(
      .switchConnected(
        Site.datapath(index),
        ConnectedSwitch(version: .v1_5, ports: self.datapaths[index].ports, description: "model")))
  }

  mutating func disconnect(_ index: Int) {
    guard self.isConnected[index] else { return }
    self.isConnected[index] = false
    self.tell(.switchDisconnected(Site.datapath(index), reason: "test"))
  }

  /// The switch's process ends: it forwards nothing any more.
  mutating func kill(_ index: Int) {
    self.isAlive[index] = false
    self.disconnect(index)
  }

  /// It is back, with empty tables.
  mutating func boot(_ index: Int) {
    self.datapaths[index] = Self.fresh(index)
    self.isAlive[index] = true
    self.connect(index)
  }

  mutating func setPort(_ port: PortNumber, isUp: Bool, onSwitch index: Int) {
    guard let status = self.datapaths[index].setPort(port, isUp: isUp) else { return }
    if self.isConnected[index] { self.tell(.portChanged(Site.datapath(index), status)) }
  }

  /// The controller dies and another one starts.
  mutating func restartController() {
    self.controller = ControlState(seed: 2, at: self.now)
    self.isConnected = [false, false]
    self.inbox = []
    self.held = []
    self.tell(.configured(self.intent, assignments: self.assignments))
  }

  mutating func run(for duration: Duration) {
    let end = self.now + duration
    while let deadline = self.controller.nextDeadline, deadline <= end {
      self.now = max(self.now, deadline)
      self.tell(.deadline)
    }
    self.now = end
  }

  mutating func tell(_ event: Event) {
    self.inbox.append(event)
    self.drain()
  }

  private mutating func drain() {
    while !self.inbox.isEmpty {
      let event = self.inbox.removeFirst()
      for effect in self.controller.step(event, at: self.now) { self.perform(effect) }
    }
  }

  mutating func release() {
    self.isHoldingReplies = false
    let events = self.held
    self.held = []
    for event in events { self.tell(event) }
  }

  // MARK: What can be seen

  mutating func look() -> [String] {
    defer { self.lines = [] }
    return self.lines
  }

  mutating func listen() -> (client: [Packet], gateways: [Int: [Packet]]) {
    defer {
      self.heardByClient = []
      self.heardByGateways = [:]
    }
    return (self.heardByClient, self.heardByGateways)
  }

  /// The client sends into its segment.
  mutating func send(_ packet: Packet) {
    self.pass(packet, into: Site.clientPort, from: nil, hops: 0)
    self.drain()
  }

  /// The regions that a new connection reaches, each as often as it is reached.
  mutating func regions(of service: Service, clientPort: UInt16) -> [Int] {
    _ = self.listen()
    self.send(
      .fromClient(
        .syn, port: clientPort, to: SocketEndpoint(service.virtualIP.address, service.listeners[0].port)))
    return self.listen().gateways.sorted { $0.key < $1.key }.flatMap { region, packets in
      packets.filter { $0.segment?.flags == .syn }.map { _ in region }
    }
  }

  /// How many answers the client gets who asks for a virtual IP.
  mutating func answers(for service: Service) -> Int {
    guard case .v4(let address) = service.virtualIP.address else { return 0 }
    _ = self.listen()
    self.send(.whoHas(address, from: Site.clientAddress, at: Site.clientMAC))
    return self.listen().client.count { $0.resolution?.operation == .reply }
  }

  func part(_ index: Int) -> SwitchStatus.Part? { self.controller.status(at: self.now).switches[index].part }

  var active: Int? {
    [0, 1].first { if case .active? = self.part($0)?.role { true } else { false } }
  }

  // MARK: Carrying

  private mutating func perform(_ effect: Effect) {
    switch effect {
    case .record(let decision): self.lines.append(decision.message)
    case .claim(let id, let ticket, _): self.reply(.roleAnswered(id, ticket: ticket, .granted), from: id)
    case .follow, .yield, .keep, .answer: break
    case .read(let id, let ticket, let scope):
      guard let index = self.index(of: id) else { return }
      self.lines.append("read \(index)")
      self.reply(.switchRead(id, ticket: ticket, self.datapaths[index].readBack(scope)), from: id)
    case .change(let id, let ticket, let messages):
      guard let index = self.index(of: id) else { return }
      self.lines.append("change \(index): \(messages.count)")
      for message in messages { self.deliver(message, to: index) }
      self.reply(.switchConfirmed(id, ticket: ticket), from: id)
    case .send(let id, let messages):
      guard let index = self.index(of: id) else { return }
      for message in messages {
        if case .flowMod = message { self.lines.append("flow \(index)") }
        self.deliver(message, to: index)
      }
    }
  }

  private func index(of id: DatapathID) -> Int? {
    [0, 1].first { Site.datapath($0) == id && self.isConnected[$0] && !self.isMute[$0] && self.isAlive[$0] }
  }

  private mutating func reply(_ event: Event, from id: DatapathID) {
    guard self.index(of: id) != nil else { return }
    if self.isHoldingReplies { self.held.append(event) } else { self.inbox.append(event) }
  }

  private mutating func deliver(_ message: MessageBody, to index: Int) {
    let reaction = self.datapaths[index].apply(message)
    precondition(reaction.refusal == nil, "\(String(describing: reaction.refusal))")
    for removed in reaction.removed {
      self.reply(.flowRemoved(Site.datapath(index), removed), from: Site.datapath(index))
    }
    if let passage = reaction.passage { self.carry(passage, from: index, hops: 0) }
  }

  private mutating func carry(_ passage: Passage, from index: Int, hops: Int) {
    if self.isConnected[index], !self.isMute[index] {
      for packet in passage.packetsIn { self.inbox.append(.packetArrived(Site.datapath(index), packet)) }
    }
    for output in passage.sent { self.pass(output.packet, into: output.port, from: index, hops: hops + 1) }
  }

  private mutating func pass(_ packet: Packet, into segment: PortNumber, from sender: Int?, hops: Int) {
    guard hops < 8 else {
      self.loops += 1
      return
    }
    let probes = [0, 1].map { VirtualIP.defaultMAC(for: Site.probeAddress(onSwitch: $0)) }
    if sender != nil, segment == Site.clientPort { self.heardByClient.append(packet) }
    let region = [0, 1].first { Site.gatewayPort($0) == segment }
    for index in [0, 1] where index != sender && self.isAlive[index] {
      if sender != nil, self.cutSegments.contains(segment) { continue }
      guard self.datapaths[index].ports.contains(where: { $0.number == segment && $0.isUp }) else { continue }
      self.carry(self.datapaths[index].receive(packet, from: segment), from: index, hops: hops)
    }
    guard let region, sender != nil else { return }
    let isForIt = packet.destination.isMulticast || packet.destination == Site.gatewayMAC(region)
    if !probes.contains(packet.source), isForIt { self.heardByGateways[region, default: []].append(packet) }
    let host = GatewayHost(address: Site.gatewayAddress(region), mac: Site.gatewayMAC(region))
    if let answer = host.answer(to: packet, serves: { _ in true }) {
      self.pass(answer, into: segment, from: nil, hops: hops)
    }
  }
}
