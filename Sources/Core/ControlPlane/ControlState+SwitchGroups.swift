// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel
import Steering

/// Switches that stand in for each other, of which one forwards.
extension ControlState {
  /// How long one switch may take to confirm that it is closed before another is opened all the same.
  private static let closingTimeout = Duration.seconds(1)

  private var standbyGroups: [SwitchGroup] { self.intent.switchGroups.filter { $0.mode == .activeStandby } }

  /// After another configuration.
  mutating func configureGroups() {
    var actives: [SwitchGroupName: ActiveSwitch] = [:]
    for group in self.standbyGroups { actives[group.name] = self.actives[group.name] ?? ActiveSwitch() }
    self.actives = actives
    for config in self.intent.switches {
      let known = self.switches[config.name]?.stance ?? SwitchStance()
      self.switches[config.name]?.stance = SwitchStance(of: config, in: self.intent)
      if self.switches[config.name]?.wasFound == true { self.switches[config.name]?.stance.adopt(known) }
    }
  }

  /// Another controller led until now.
  mutating func forgetActives() {
    for name in self.actives.keys { self.actives[name]?.forget() }
    for name in self.switches.keys where self.switches[name]?.stance.peers.isEmpty == false {
      self.switches[name]?.stance.holding = nil
    }
  }

  /// Asks who is alive, decides who forwards, and has gates closed and opened.
  mutating func watchGroups(at now: Instant, _ effects: inout [Effect]) {
    guard !self.actives.isEmpty, self.mayLead else { return }
    for group in self.standbyGroups {
      guard var active = self.actives[group.name] else { continue }
      let members = group.switches.compactMap { self.member($0, at: now) }
      let verdicts = active.decide(members, at: now, self.intent.detection)
      let questions = active.questions(to: members, at: now, self.intent.detection)
      self.actives[group.name] = active
      for question in questions { self.ask(question.asked, through: question.through, &effects) }
      for verdict in verdicts { self.follow(verdict, in: group, at: now, &effects) }
      self.turnGates(of: group, at: now)
    }
  }

  func nextGroupDeadline(after now: Instant) -> Instant? {
    guard !self.actives.isEmpty, self.mayLead else { return nil }
    var moments = self.actives.values.map { $0.nextDeadline(after: now, self.intent.detection) }
    moments += self.openings.values.map { $0 > now ? $0 : nil }
    for state in self.switches.values where state.isAnnouncing { moments.append(state.stance.announcement?.at) }
    return moments.lazy.compactMap { $0 }.min()
  }

  // MARK: Members

  private func member(_ name: SwitchName, at now: Instant) -> ActiveSwitch.Member? {
    guard let state = self.switches[name] else { return nil }
    let detection = self.intent.detection
    return ActiveSwitch.Member(
      name: name, control: self.control(of: state, at: now), holding: state.stance.holding,
      outage: state.outage(detection),
      reachesRegions: state.config.gateways.contains { state.standing(of: $0.region, detection) == .well })
  }

  private func control(of state: SwitchState, at now: Instant) -> ActiveSwitch.Control {
    guard let connection = state.connection else { return .away }
    switch connection.phase {
    case .following: return .elsewhere
    case .claiming, .reading, .trying: return .reading
    case .settled, .changing, .auditing:
      if connection.hearing.isMute(at: now, self.intent.detection) { return .mute }
      return state.wasFound && state.placement != nil ? .ready : .reading
    }
  }

  /// What a switch does for its group, for people.
  func part(of name: SwitchName) -> SwitchStatus.Part? {
    guard let group = self.intent.group(of: name) else { return nil }
    guard group.mode == .activeStandby else { return SwitchStatus.Part(group: group.name, role: .sharing) }
    guard let active = self.actives[group.name], let forwarding = active.active, let reason = active.reason else {
      return SwitchStatus.Part(group: group.name, role: .undecided)
    }
    guard forwarding == name else { return SwitchStatus.Part(group: group.name, role: .standby) }
    return SwitchStatus.Part(group: group.name, role: .active(reason.text), doubt: active.doubt?.text)
  }

  // MARK: Verdicts

  private mutating func follow(
    _ verdict: ActiveSwitch.Verdict, in group: SwitchGroup, at now: Instant, _ effects: inout [Effect]
  ) {
    switch verdict {
    case .activated(let name, let before, let reason):
      effects.append(.record(.switchActivated(name, instead: before, in: group.name, reason)))
      self.openings[group.name] = now + Self.closingTimeout
      if let before, let desk = self.desks[before] {
        // Flows of connections are of the switch that went.
        self.desks[name] = desk
        self.desks[name]?.book.found([])
      }
      for member in group.switches { self.switches[member]?.stance.announcement = nil }
      if reason != .found { self.switches[name]?.stance.announcement = Announcement(at: now) }
    case .doubted(let name, let doubt): effects.append(.record(.switchDoubted(name, in: group.name, doubt)))
    case .trusted(let name): effects.append(.record(.switchTrusted(name, in: group.name)))
    }
  }

  /// Closes who shall not forward, and then opens who shall.
  private mutating func turnGates(of group: SwitchGroup, at now: Instant) {
    guard let active = self.actives[group.name] else { return }
    for name in group.switches where name != active.active {
      // As long as nobody is known to forward, each stays as it was found.
      self.setGate(active.active != nil || self.switches[name]?.stance.holding != .open, on: name)
    }
    guard let name = active.active, self.switches[name]?.stance.isGated == true else { return }
    let isDue = self.openings[group.name].map { $0 <= now } ?? true
    guard isDue || group.switches.allSatisfy({ $0 == name || !self.mayForward($0, at: now) }) else { return }
    self.openings[group.name] = nil
    self.setGate(false, on: name)
  }

  private mutating func setGate(_ isGated: Bool, on name: SwitchName) {
    guard let state = self.switches[name], state.stance.isGated != isGated else { return }
    self.switches[name]?.stance.isGated = isGated
    self.switches[name]?.needsSteering = true
  }

  /// It is open, and can be told to close.
  private func mayForward(_ name: SwitchName, at now: Instant) -> Bool {
    guard let state = self.switches[name], self.control(of: state, at: now) == .ready else { return false }
    return state.stance.holding == .open
  }

  // MARK: Plans

  /// The plan of the switch that forwards, for one that waits: by taking over nothing shall move that need not.
  func followedPlan(of state: SwitchState) -> SteeringPlan? {
    guard state.stance.isGated, let group = self.intent.group(of: state.config.name),
      let active = self.actives[group.name]?.active, active != state.config.name,
      let forwarding = self.switches[active], forwarding.blueprint != nil
    else { return nil }
    return forwarding.plan
  }

  mutating func haveStandbysFollow(_ name: SwitchName) {
    guard let group = self.intent.group(of: name), self.actives[group.name]?.active == name else { return }
    for standby in group.switches where standby != name { self.switches[standby]?.needsSteering = true }
  }

  // MARK: Gates

  /// What a switch is told before it is asked anything: another one forwards.
  mutating func closeBeforeReading(_ name: SwitchName, _ effects: inout [Effect]) {
    guard let state = self.switches[name], let group = self.intent.group(of: name),
      let active = self.actives[group.name]?.active, active != name
    else { return }
    effects.append(.send(state.config.datapath, Compiler.closing))
  }

  /// Closes or opens a switch whose program is as it should be otherwise, which takes one flow, before anything else
  /// is thought of.
  mutating func turnGate(_ name: SwitchName) -> (before: Blueprint, after: Blueprint)? {
    guard let state = self.switches[name], let before = state.blueprint, before.catalogue == self.catalogue,
      before.facts.isGated != state.stance.isGated, before.facts.peers == state.stance.peers,
      self.repairs[name]?.hasDone(.base) != false
    else { return nil }
    let after = before.gated(state.stance.isGated)
    self.switches[name]?.blueprint = after
    return (before, after)
  }

  /// A change was sent that may have turned the gate.
  mutating func gateWasSent(to name: SwitchName) {
    guard let state = self.switches[name], !state.stance.peers.isEmpty, let facts = state.blueprint?.facts else {
      return
    }
    if facts.isGated, state.stance.holding == .open, state.stance.closing == nil {
      self.switches[name]?.stance.closing = state.connection?.ticket
    } else if !facts.isGated {
      self.switches[name]?.stance.closing = nil
      if state.stance.holding == .closed { self.switches[name]?.stance.holding = .open }
    }
  }

  mutating func gateWasConfirmed(by ticket: UInt64, on name: SwitchName, at now: Instant) {
    guard let closing = self.switches[name]?.stance.closing, closing <= ticket else { return }
    self.switches[name]?.stance.closing = nil
    self.switches[name]?.stance.holding = .closed
    self.announceBeside(name, at: now)
  }

  /// A switch is closed from now on that may have forwarded after another one took over (it hung, say, and went on with
  /// what had piled up): bridges may have learnt from it where it is, so who forwards says again that it is there.
  mutating func announceBeside(_ name: SwitchName, at now: Instant) {
    guard let group = self.intent.group(of: name), let active = self.actives[group.name]?.active, active != name else {
      return
    }
    self.switches[active]?.stance.announcement = Announcement(at: now)
  }

  /// All of a switch's program is in its tables.
  mutating func holdsProgram(_ name: SwitchName) {
    guard let state = self.switches[name], !state.stance.peers.isEmpty, state.stance.holding == .nothing else { return }
    self.switches[name]?.stance.holding = state.blueprint?.facts.isGated == true ? .closed : .open
  }

  // MARK: Questions

  private func ask(_ name: SwitchName, through others: [SwitchName], _ effects: inout [Effect]) {
    guard let asked = self.switches[name]?.config.probeAddress else { return }
    for other in others {
      guard let state = self.switches[other] else { continue }
      let facts = state.facts()
      let question = ARPPacket(
        operation: .request, senderMAC: facts.probeMAC, senderIP: facts.probeAddress,
        targetMAC: MACAddress(rawValue: 0), targetIP: asked)
      let frame = EthernetFrame(
        destination: .broadcast, source: facts.probeMAC, type: EthernetFrame.EtherType.arp, payload: question.bytes)
      effects.append(
        .send(state.config.datapath, [.packetOut(PacketOut(actions: [.output(.all)], data: frame.bytes))]))
    }
  }

  /// An answer of another switch of the group.
  ///
  /// - Returns: nil if it is something else; otherwise whether something follows from it.
  mutating func heardPeer(_ packet: PacketIn, by state: SwitchState, at now: Instant) -> Bool? {
    guard !state.stance.peers.isEmpty, let frame = EthernetFrame(bytes: packet.data),
      frame.type == EthernetFrame.EtherType.arp, let reply = ARPPacket(bytes: frame.payload),
      reply.operation == .reply, reply.targetIP == state.config.probeAddress,
      state.stance.peers.contains(reply.senderIP),
      let group = self.intent.group(of: state.config.name),
      let peer = group.switches.first(where: { self.switches[$0]?.config.probeAddress == reply.senderIP })
    else { return nil }
    self.actives[group.name]?.answered(peer, at: now)
    guard let active = self.actives[group.name] else { return false }
    return active.active == nil || active.doubt != nil || self.switches[peer]?.connection == nil
  }

  // MARK: Announcements

  /// Says the next portion of what a switch that has taken over has to say.
  mutating func announce(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let state = self.switches[name], let announcement = state.stance.announcement, announcement.at <= now,
      state.isAnnouncing
    else { return }
    let addresses = self.announcedAddresses(of: state)
    let portion = addresses.dropFirst(announcement.next).prefix(Announcement.portion)
    if !portion.isEmpty {
      let routers = self.intent.group(of: name)?.routers ?? []
      let packets = portion.flatMap { $0.packets(on: state, asking: routers) }
      effects.append(.send(state.config.datapath, packets.map { .packetOut($0) }))
    }
    let next = announcement.advanced(of: addresses.count, at: now)
    self.switches[name]?.stance.announcement = next
    if announcement.round == 0, next?.round != 0 {
      effects.append(.record(.takeoverAnnounced(name, addresses: addresses.count)))
    }
  }

  private func announcedAddresses(of state: SwitchState) -> [AnnouncedAddress] {
    var addresses: [AnnouncedAddress] = []
    for (index, service) in self.intent.services.enumerated() {
      let virtualIP = service.virtualIP
      guard self.catalogue.index(of: virtualIP.address) == index else { continue }
      addresses.append(AnnouncedAddress(address: virtualIP.address, mac: virtualIP.mac, home: virtualIP.owner))
    }
    for gateway in state.config.gateways {
      guard let mac = state.paths[gateway.region]?.mac else { continue }
      for address in gateway.addresses where self.catalogue.index(of: address) == nil {
        addresses.append(AnnouncedAddress(address: address, mac: mac, home: gateway.region, isGateway: true))
      }
    }
    return addresses
  }
}

/// An address of which others are told where it is.
private struct AnnouncedAddress {
  var address: IPAddress
  var mac: MACAddress
  /// The region in which a machine has it, and need not be told.
  var home: RegionName?
  var isGateway = false

  /// - Parameter routers: who is asked in the name of a gateway, whose answer shows bridges the way that it takes.
  func packets(on state: SwitchState, asking routers: [IPv4Address]) -> [PacketOut] {
    let announcement = AddressAnnouncement.frame(self.address, at: self.mac)
    guard let home = self.home.flatMap({ state.paths[$0]?.port }) else {
      return [PacketOut(actions: [.output(.all)], data: announcement.bytes)]
    }
    let others = (state.connection?.ports ?? []).filter { $0.isOrdinary && $0.number != home }
    let actions = others.map { Action.output($0.number) }
    var frames = [announcement]
    if self.isGateway, case .v4(let address) = self.address {
      frames += routers.map { router in
        let question = ARPPacket(
          operation: .request, senderMAC: self.mac, senderIP: address, targetMAC: MACAddress(rawValue: 0),
          targetIP: router)
        return EthernetFrame(
          destination: .broadcast, source: self.mac, type: EthernetFrame.EtherType.arp, payload: question.bytes)
      }
    }
    return frames.map { PacketOut(actions: actions, data: $0.bytes) }
  }
}

extension SwitchState {
  /// It is open, and has something to say.
  fileprivate var isAnnouncing: Bool {
    self.stance.announcement != nil && self.isWritable && self.blueprint?.facts.isGated == false
  }

  /// Why it cannot forward, as far as it can be seen from it.
  fileprivate func outage(_ detection: Detection) -> ActiveSwitch.Outage? {
    guard let connection = self.connection else { return nil }
    let uplinks = self.config.uplinks.map { $0.resolve(among: connection.ports)?.isUp ?? false }
    if !uplinks.isEmpty, !uplinks.contains(true) { return .uplinksDown }
    let gateways = self.config.gateways.compactMap { self.paths[$0.region] }
    guard !gateways.isEmpty else { return nil }
    if gateways.allSatisfy({ connection.isPortUp($0.port) != true }) { return .gatewayPortsDown }
    return detection.probe != .none && gateways.allSatisfy({ !$0.detector.isWell }) ? .noRegionAnswers : nil
  }
}
