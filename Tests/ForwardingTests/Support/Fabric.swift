// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import FlowPipeline
import Forwarding
import OpenFlow
import PacketHeaders
import ServiceModel

/// A network of software switches in the hand of one forwarding state, with hosts.
///
/// Everything that is on its way waits in a queue: each end of a wire, and each direction of a switch's connection,
/// has its own and keeps its order; between them chance decides. Time stands still while anything is on its way.
struct Fabric {
  /// What ports and hosts are joined by: a wire, or a foreign network, which everything crosses that bridges forward.
  struct Segment {
    var ports: [PortAddress] = []
    var hosts: [Int] = []
    var isForeign = false
    /// Frames are lost, and no port notices.
    var isSilent = false
  }

  private enum Channel: Hashable {
    case wire(PortAddress)
    case up(DatapathID)
    case down(DatapathID)
  }

  private enum Traffic {
    case frame(Packet)
    case event(ForwardingEvent)
    case messages([MessageBody])
  }

  private(set) var state: ForwardingState
  private(set) var switches: [DatapathID: SoftwareSwitch] = [:]
  private(set) var segments: [Segment] = []
  private(set) var connected: Set<DatapathID> = []
  private(set) var decisions: [ForwardingDecision] = []
  /// Copies of frames that came to hosts, by the number in the frame.
  private(set) var arrivals: [UInt32: [Int: Int]] = [:]
  /// Whatever a switch refused.
  private(set) var refusals: [SwitchRefusal] = []
  /// Times that frames of hosts crossed a segment since the count was last reset.
  var crossings = 0
  var random: RandomSource
  private var now = Instant(nanoseconds: 0)
  private var queues: [Channel: [Traffic]] = [:]
  /// Channels that are not empty, in the order in which they became so.
  private var busy: [Channel] = []
  private var place: [PortAddress: Int] = [:]

  init(seed: UInt64) {
    self.random = RandomSource(seed: seed)
    self.state = ForwardingState(seed: self.random.next())
  }

  static func mac(_ host: Int) -> MACAddress { MACAddress(rawValue: 0x0200_0000_0000 | UInt64(host)) }

  // MARK: What there is

  mutating func addSwitch(_ number: UInt64, ports: UInt32) -> DatapathID {
    let id = DatapathID(rawValue: number)
    let descriptions = (1...ports).map { port in
      PortDescription(
        number: PortNumber(port), hardwareAddress: MACAddress(rawValue: 0x0600_0000_0000 | number << 16 | UInt64(port)),
        name: "p\(port)", state: .linkDown)
    }
    self.switches[id] = SoftwareSwitch(datapath: id, ports: descriptions)
    return id
  }

  mutating func addSegment(_ segment: Segment) {
    self.segments.append(segment)
    for port in segment.ports {
      self.place[port] = self.segments.count - 1
      self.setPort(port, isUp: true)
    }
  }

  mutating func setPort(_ port: PortAddress, isUp: Bool) {
    guard let status = self.switches[port.datapath]?.setPort(port.port, isUp: isUp) else { return }
    if self.connected.contains(port.datapath) {
      self.enqueue(.event(.portChanged(port.datapath, status)), .up(port.datapath))
    }
  }

  mutating func setSegment(_ segment: Int, isUp: Bool) {
    for port in self.segments[segment].ports { self.setPort(port, isUp: isUp) }
  }

  mutating func setSegment(_ segment: Int, isSilent: Bool) { self.segments[segment].isSilent = isSilent }

  mutating func move(_ host: Int, to segment: Int) {
    for index in self.segments.indices { self.segments[index].hosts.removeAll { $0 == host } }
    self.segments[segment].hosts.append(host)
  }

  mutating func connect(_ id: DatapathID) {
    guard let ports = self.switches[id]?.ports, self.connected.insert(id).inserted else { return }
    self.enqueue(.event(.switchConnected(id, ports: ports, table: 0)), .up(id))
  }

  mutating func disconnect(_ id: DatapathID) {
    guard self.connected.remove(id) != nil else { return }
    // What was on its way is lost.
    self.clear(.up(id))
    self.clear(.down(id))
    self.enqueue(.event(.switchDisconnected(id)), .up(id))
  }

  mutating func reboot(_ id: DatapathID) {
    self.disconnect(id)
    self.switches[id]?.reboot()
    self.connect(id)
  }

  /// Nothing is left of what the controller knew; what is in the switches stays.
  mutating func restartController() {
    self.state = ForwardingState(seed: self.random.next())
    for id in self.switches.keys.sorted() where self.connected.contains(id) {
      self.clear(.up(id))
      self.clear(.down(id))
      self.connected.remove(id)
      self.connect(id)
    }
  }

  /// Learnt flows time out, here and there.
  mutating func expireSomeFlows() {
    for id in self.switches.keys.sorted() {
      for flow in self.switches[id]?.flows ?? [] where flow.key.priority == 0x1000 && self.random.next(below: 2) == 0 {
        let mod = FlowMod(
          command: .deleteStrict, tableID: flow.key.table, priority: flow.key.priority, match: flow.key.match)
        _ = self.switches[id]?.apply(.flowMod(mod))
      }
    }
  }

  mutating func forgetArrivals() { self.arrivals = [:] }

  // MARK: What happens

  /// A host sends a frame with a number in it.
  mutating func send(_ number: UInt32, from host: Int, to destination: MACAddress) {
    guard let segment = self.segments.firstIndex(where: { $0.hosts.contains(host) }) else { return }
    let payload = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    let packet = Packet(
      source: Self.mac(host), destination: destination, content: .other(type: 0x1234, payload: payload))
    self.cross(segment, packet, from: nil, sender: host)
  }

  /// Lets everything arrive that is on its way.
  ///
  /// - Returns: false if it does not end.
  mutating func settle(limit: Int = 200_000) -> Bool {
    var steps = 0
    while !self.busy.isEmpty {
      steps += 1
      guard steps < limit else { return false }
      let channel = self.busy[Int(self.random.next(below: UInt64(self.busy.count)))]
      guard var queue = self.queues[channel], !queue.isEmpty else { continue }
      self.queues[channel] = nil
      let traffic = queue.removeFirst()
      if queue.isEmpty { self.busy.removeAll { $0 == channel } } else { self.queues[channel] = queue }
      self.happen(traffic, on: channel)
    }
    return true
  }

  /// Lets time pass.
  mutating func wait(_ duration: Duration) -> Bool {
    let end = self.now + duration
    guard self.settle() else { return false }
    while let next = self.state.nextDeadline, next <= end {
      self.now = max(self.now, next)
      self.step(.deadline)
      guard self.settle() else { return false }
    }
    self.now = end
    return true
  }

  private mutating func happen(_ traffic: Traffic, on channel: Channel) {
    switch (traffic, channel) {
    case (.frame(let packet), .wire(let port)):
      guard let sent = self.switches[port.datapath]?.receive(packet, from: port.port) else { return }
      self.emit(sent, from: port.datapath)
    case (.messages(let messages), .down(let id)):
      for message in messages {
        guard let reaction = self.switches[id]?.apply(message.inModelForm) else { continue }
        if let refusal = reaction.refusal { self.refusals.append(refusal) }
        if let passage = reaction.passage { self.emit(passage, from: id) }
      }
    case (.event(let event), _): self.step(event)
    default: break
    }
  }

  private mutating func step(_ event: ForwardingEvent) {
    var effects: [ForwardingEffect] = []
    self.state.step(event, at: self.now, into: &effects)
    for effect in effects {
      switch effect {
      case .send(let id, let messages):
        if self.connected.contains(id) { self.enqueue(.messages(messages), .down(id)) }
      case .record(let decision): self.decisions.append(decision)
      }
    }
  }

  private mutating func emit(_ passage: Passage, from id: DatapathID) {
    for output in passage.sent {
      let port = PortAddress(id, output.port)
      if let segment = self.place[port] { self.cross(segment, output.packet, from: port, sender: nil) }
    }
    if self.connected.contains(id) {
      for packet in passage.packetsIn { self.enqueue(.event(.packetArrived(id, packet)), .up(id)) }
    }
  }

  private mutating func cross(_ segment: Int, _ packet: Packet, from port: PortAddress?, sender: Int?) {
    let here = self.segments[segment]
    guard !here.isSilent else { return }
    if here.isForeign, packet.destination == LLDPDataUnit.nearestBridge { return }
    for other in here.ports where other != port && self.isUp(other) { self.enqueue(.frame(packet), .wire(other)) }
    guard case .other(0x1234, let payload) = packet.content else { return }
    self.crossings += 1
    let number = payload.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    for host in here.hosts where host != sender { self.arrivals[number, default: [:]][host, default: 0] += 1 }
  }

  func isUp(_ port: PortAddress) -> Bool {
    self.switches[port.datapath]?.ports.first { $0.number == port.port }?.isUp ?? false
  }

  private mutating func enqueue(_ traffic: Traffic, _ channel: Channel) {
    if self.queues[channel, default: []].isEmpty { self.busy.append(channel) }
    self.queues[channel, default: []].append(traffic)
  }

  private mutating func clear(_ channel: Channel) {
    self.queues[channel] = nil
    self.busy.removeAll { $0 == channel }
  }
}

extension MessageBody {
  /// The model knows no VLANs: all of its packets are without a tag, so the condition that they are is left out.
  fileprivate var inModelForm: MessageBody {
    guard case .flowMod(var mod) = self, mod.match[.vlanID] == .noVLAN else { return self }
    mod.match.remove(.vlanID)
    return .flowMod(mod)
  }
}
