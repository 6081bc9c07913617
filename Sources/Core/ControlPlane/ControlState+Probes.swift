// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel

extension ControlState {
  /// "IS": tells our echoes from others'.
  private static let echoIdentifier: UInt16 = 0x4953

  /// Bytes that matter of a packet that the switch hands back: its headers and the nonce.
  private static let returnLength: UInt16 = 128

  /// Sends the probes that are due on one switch, in one write, and behind them one that comes straight back. A switch
  /// that went mute is only asked for that.
  mutating func probe(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    let detection = self.intent.detection
    guard detection.probe != .none, let state = self.switches[name], state.isProbing else { return }
    var messages: [MessageBody] = []
    if state.asksPaths(at: now, detection) {
      let gateways = state.config.gateways.filter { state.paths[$0.region]?.port != nil }
      // One that waits for an answer hurries alone.
      let isJoined = gateways.contains {
        state.paths[$0.region].map { $0.schedule.nextProbe <= now && $0.schedule.mayJoin(at: now, detection) } ?? false
      }
      for gateway in gateways { messages += self.probe(gateway, of: state, joined: isJoined, at: now, &effects) }
    }
    guard !messages.isEmpty || state.connection.map({ $0.hearing.nextProbe <= now }) == true else { return }
    if !state.isHeard(at: now, detection), state.connection?.isKnownMute == false {
      self.switches[name]?.connection?.isKnownMute = true
      effects.append(.record(.switchMute(name)))
    }
    let nonce = self.nonces.next()
    self.switches[name]?.connection?.hearing.sent(nonce: nonce, at: now, detection)
    let source = state.config.probeAddress
    let frame = self.echo(nonce, from: source, to: source, at: DatapathFacts.probeMAC(of: source))
    messages.append(
      .packetOut(PacketOut(actions: [.output(port: .controller, maxLength: Self.returnLength)], data: frame.bytes)))
    effects.append(.send(state.config.datapath, messages))
  }

  private mutating func probe(
    _ gateway: Gateway, of state: SwitchState, joined: Bool, at now: Instant, _ effects: inout [Effect]
  ) -> [MessageBody] {
    let detection = self.intent.detection
    guard let path = state.paths[gateway.region], let port = path.port,
      path.schedule.nextProbe <= now || joined && path.schedule.mayJoin(at: now, detection)
    else { return [] }
    let nonce = self.nonces.next()
    let isUrgent = path.detector.isWell
    var isLost = false
    self.updatePath(state.config.name, gateway.region, at: now, &effects) {
      isLost = $0.schedule.sent(nonce: nonce, urgent: isUrgent, at: now, detection)
      if isLost { $0.detector.missed(at: now, detection) }
    }
    return self.frames(to: gateway, path, from: state.config.probeAddress, nonce: nonce, isLost: isLost).map {
      .packetOut(PacketOut(actions: [.output(port)], data: $0.bytes))
    }
  }

  /// An echo to a gateway whose MAC is known; an ARP request while it is not, and again when answers fail to come,
  /// because a machine that was rebuilt has another one.
  private func frames(
    to gateway: Gateway, _ path: SwitchState.Path, from source: IPv4Address, nonce: UInt64, isLost: Bool
  ) -> [EthernetFrame] {
    let resolution = self.resolution(of: gateway, at: .broadcast, from: source)
    guard self.intent.detection.probe == .icmp, let mac = path.mac else { return [resolution] }
    let frame = self.echo(nonce, from: source, to: gateway.address, at: mac)
    return isLost && gateway.mac == nil ? [frame, resolution] : [frame]
  }

  /// Asks one machine whether it is the gateway, as the gateways are asked.
  func question(
    to gateway: Gateway, at mac: MACAddress, from source: IPv4Address, nonce: UInt64
  ) -> EthernetFrame {
    self.intent.detection.probe == .icmp
      ? self.echo(nonce, from: source, to: gateway.address, at: mac)
      : self.resolution(of: gateway, at: mac, from: source)
  }

  private func resolution(of gateway: Gateway, at mac: MACAddress, from source: IPv4Address) -> EthernetFrame {
    let own = DatapathFacts.probeMAC(of: source)
    let request = ARPPacket(
      operation: .request, senderMAC: own, senderIP: source, targetMAC: MACAddress(rawValue: 0),
      targetIP: gateway.address)
    return EthernetFrame(
      destination: mac, source: own, type: EthernetFrame.EtherType.arp, payload: request.bytes)
  }

  private func echo(
    _ nonce: UInt64, from source: IPv4Address, to address: IPv4Address, at mac: MACAddress
  ) -> EthernetFrame {
    let echo = ICMPEcho(
      kind: .request, identifier: Self.echoIdentifier, sequence: UInt16(truncatingIfNeeded: nonce),
      payload: (0..<8).map { UInt8(truncatingIfNeeded: nonce >> (56 - 8 * $0)) })
    let packet = IPv4Packet(
      protocolNumber: IPv4Packet.ProtocolNumber.icmp, source: source, destination: address,
      payload: echo.bytes)
    return EthernetFrame(
      destination: mac, source: DatapathFacts.probeMAC(of: source), type: EthernetFrame.EtherType.ipv4,
      payload: packet.bytes)
  }

  /// A packet that the switch handed over: an answer to a probe, or nothing of interest.
  ///
  /// - Returns: false if nothing follows from it.
  mutating func arrived(
    _ packet: PacketIn, on id: DatapathID, at now: Instant, _ effects: inout [Effect]
  ) -> Bool {
    guard let name = self.name(of: id), let state = self.switches[name], let port = packet.inPort else { return false }
    if port == .controller { return self.returned(packet, from: state, at: now, &effects) }
    if let follows = self.heardPeer(packet, by: state, at: now) { return follows }
    switch Cookie(rawValue: packet.cookie) {
    case .error:
      self.translateError(packet, on: name, &effects)
      return false
    case .question:
      self.answerQuestion(packet, on: name, &effects)
      return false
    default: break
    }
    if state.placement == .reactive {
      switch (packet.tableID, Cookie(rawValue: packet.cookie)) {
      case (TableLayout.Table.steer.rawValue, _):
        self.connect(packet, on: name, &effects)
        return false
      case (_, .end):
        self.disconnect(packet, on: name, &effects)
        return false
      default: break
      }
    }
    guard let gateway = state.config.gateways.first(where: { state.paths[$0.region]?.port == port }),
      let frame = EthernetFrame(bytes: packet.data)
    else { return false }
    switch frame.type {
    case EthernetFrame.EtherType.arp: return self.arrived(frame, from: gateway, on: name, at: now, &effects)
    case EthernetFrame.EtherType.ipv4:
      guard let nonce = self.nonce(in: frame, .reply, from: gateway.address) else { return false }
      if let heir = state.paths[gateway.region]?.heir, heir.nonce == nonce, heir.mac == frame.source {
        self.inherit(heir.mac, gateway, on: name, at: now, &effects)
        return true
      }
      return self.answered(gateway, nonce: nonce, on: name, at: now, &effects)
    default: return false
    }
  }

  private func nonce(in frame: EthernetFrame, _ kind: ICMPEcho.Kind, from source: IPv4Address) -> UInt64? {
    guard let packet = IPv4Packet(bytes: frame.payload), packet.source == source,
      packet.protocolNumber == IPv4Packet.ProtocolNumber.icmp, let echo = ICMPEcho(bytes: packet.payload),
      echo.kind == kind, echo.identifier == Self.echoIdentifier, echo.payload.count >= 8
    else { return nil }
    return echo.payload.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  }

  /// The switch has handed back what it was sent. If that took long, nothing else was heard for as long.
  ///
  /// - Returns: false if that only shows once more that it is heard.
  private mutating func returned(
    _ packet: PacketIn, from state: SwitchState, at now: Instant, _ effects: inout [Effect]
  ) -> Bool {
    let name = state.config.name
    let wasLate = state.connection?.hearing.isLate(at: now, self.intent.detection) == true
    let wasHeard = state.isHeard(at: now, self.intent.detection) && state.connection?.hearing.isNew == false
    guard let frame = EthernetFrame(bytes: packet.data), frame.type == EthernetFrame.EtherType.ipv4,
      let nonce = self.nonce(in: frame, .request, from: state.config.probeAddress),
      let silence = self.switches[name]?.connection?.hearing.answered(nonce: nonce, at: now, self.intent.detection)
    else { return false }
    guard silence > .zero else {
      if wasLate { self.hearAnswersFirst(of: state, at: now) }
      return !wasHeard || wasLate
    }
    self.excuse(name, silence, at: now, &effects)
    return true
  }

  /// The connection stalled for a moment: answers that were held up are still on their way.
  private mutating func hearAnswersFirst(of state: SwitchState, at now: Instant) {
    for gateway in state.config.gateways {
      let detection = self.pathDetection(of: gateway.region)
      self.switches[state.config.name]?.paths[gateway.region]?.detector
        .wait(until: now + detection.heartbeatInterval / 4, detection)
    }
  }

  /// The switch was mute and is heard again: what its paths did meanwhile is not known.
  private mutating func excuse(
    _ name: SwitchName, _ silence: Duration, at now: Instant, _ effects: inout [Effect]
  ) {
    guard let state = self.switches[name] else { return }
    for gateway in state.config.gateways {
      let detection = self.pathDetection(of: gateway.region)
      self.switches[name]?.paths[gateway.region]?.excuse(silence, at: now)
      // Whatever was before, nothing is condemned that could not answer since.
      self.switches[name]?.paths[gateway.region]?.detector.wait(until: now + detection.heartbeatInterval, detection)
    }
    guard state.connection?.isKnownMute == true else { return }
    self.switches[name]?.connection?.isKnownMute = false
    effects.append(.record(.switchHeard(name, after: silence)))
  }

  /// A gateway that was rebuilt has another MAC. But anybody behind its port can claim its address: what is known holds
  /// as long as it answers, and what is new must show that it does.
  private mutating func arrived(
    _ frame: EthernetFrame, from gateway: Gateway, on name: SwitchName, at now: Instant, _ effects: inout [Effect]
  ) -> Bool {
    guard let reply = ARPPacket(bytes: frame.payload), reply.operation == .reply, reply.senderIP == gateway.address,
      !reply.senderMAC.isMulticast, let path = self.switches[name]?.paths[gateway.region]
    else { return false }
    let detection = self.intent.detection
    if path.mac != reply.senderMAC {
      if path.heir?.mac == reply.senderMAC, detection.probe == .arp {
        self.inherit(reply.senderMAC, gateway, on: name, at: now, &effects)
        return true
      }
      guard gateway.mac == nil, path.mac == nil || path.schedule.isLost(at: now, detection) else { return false }
      effects.append(.record(.gatewayFound(name, gateway.region, reply.senderMAC)))
      self.updatePath(name, gateway.region, at: now, &effects) {
        $0.mac = reply.senderMAC
        // Do not wait for T_h to learn whether it answers.
        if detection.probe == .icmp { $0.schedule = ProbeSchedule(at: now) }
      }
      self.switches[name]?.needsSteering = true
    }
    // ARP carries nothing to tell one answer from another: any of the right machine stands for the newest probe.
    guard detection.probe == .arp, let nonce = path.schedule.newestNonce else { return path.mac != reply.senderMAC }
    return self.answered(gateway, nonce: nonce, on: name, at: now, &effects)
  }

  private mutating func answered(
    _ gateway: Gateway, nonce: UInt64, on name: SwitchName, at now: Instant, _ effects: inout [Effect]
  ) -> Bool {
    let detection = self.intent.detection
    var isAnswer = false
    var isNews = false
    self.updatePath(name, gateway.region, at: now, &effects) {
      guard let took = $0.schedule.answered(nonce: nonce, at: now) else { return }
      isAnswer = true
      isNews = !$0.detector.isWell
      $0.roundTrip = took
      $0.detector.answered(at: now, detection)
    }
    if isAnswer, let hearing = self.switches[name]?.connection?.hearing, hearing.isNew { isNews = true }
    if isAnswer, let silence = self.switches[name]?.connection?.hearing.pathAnswered(at: now, detection),
      silence > .zero
    {
      self.excuse(name, silence, at: now, &effects)
      isNews = true
    }
    return isNews
  }
}
