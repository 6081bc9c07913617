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

  /// Sends the probes that are due on one switch, in one write.
  mutating func probe(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    let detection = self.intent.detection
    guard detection.probe != .none, let state = self.switches[name], state.isProbing else { return }
    var messages: [MessageBody] = []
    for gateway in state.config.gateways {
      guard let path = state.paths[gateway.region], let port = path.port, path.schedule.nextProbe <= now else {
        continue
      }
      let nonce = self.random.next()
      let isUrgent = path.detector.isWell
      var isLost = false
      self.updatePath(name, gateway.region, at: now, &effects) {
        isLost = $0.schedule.sent(nonce: nonce, urgent: isUrgent, at: now, detection)
        if isLost { $0.detector.missed() }
      }
      for frame in self.frames(to: gateway, path, from: state.facts(), nonce: nonce, isLost: isLost) {
        messages.append(.packetOut(PacketOut(actions: [.output(port)], data: frame.bytes)))
      }
    }
    if !messages.isEmpty { effects.append(.send(state.config.datapath, messages)) }
  }

  /// An echo to a gateway whose MAC is known; an ARP request while it is not, and again when answers fail to come,
  /// because a machine that was rebuilt has another one.
  private func frames(
    to gateway: Gateway, _ path: SwitchState.Path, from facts: DatapathFacts, nonce: UInt64, isLost: Bool
  ) -> [EthernetFrame] {
    let resolve = ARPPacket(
      operation: .request, senderMAC: facts.probeMAC, senderIP: facts.probeAddress,
      targetMAC: MACAddress(rawValue: 0), targetIP: gateway.address)
    let resolution = EthernetFrame(
      destination: .broadcast, source: facts.probeMAC, type: EthernetFrame.EtherType.arp, payload: resolve.bytes)
    guard self.intent.detection.probe == .icmp, let mac = path.mac else { return [resolution] }
    let echo = ICMPEcho(
      kind: .request, identifier: Self.echoIdentifier, sequence: UInt16(truncatingIfNeeded: nonce),
      payload: (0..<8).map { UInt8(truncatingIfNeeded: nonce >> (56 - 8 * $0)) })
    let packet = IPv4Packet(
      protocolNumber: IPv4Packet.ProtocolNumber.icmp, source: facts.probeAddress, destination: gateway.address,
      payload: echo.bytes)
    let frame = EthernetFrame(
      destination: mac, source: facts.probeMAC, type: EthernetFrame.EtherType.ipv4, payload: packet.bytes)
    return isLost && gateway.mac == nil ? [frame, resolution] : [frame]
  }

  /// A packet that the switch handed over: an answer to a probe, or nothing of interest.
  mutating func arrived(_ packet: PacketIn, on id: DatapathID, at now: Instant, _ effects: inout [Effect]) {
    guard let name = self.name(of: id), let state = self.switches[name], let port = packet.inPort,
      let gateway = state.config.gateways.first(where: { state.paths[$0.region]?.port == port }),
      let frame = EthernetFrame(bytes: packet.data)
    else { return }
    switch frame.type {
    case EthernetFrame.EtherType.arp: self.arrived(frame, from: gateway, on: name, at: now, &effects)
    case EthernetFrame.EtherType.ipv4:
      guard let packet = IPv4Packet(bytes: frame.payload), packet.source == gateway.address,
        packet.protocolNumber == IPv4Packet.ProtocolNumber.icmp, let echo = ICMPEcho(bytes: packet.payload),
        echo.kind == .reply, echo.identifier == Self.echoIdentifier, echo.payload.count >= 8
      else { return }
      let nonce = echo.payload.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      self.answered(gateway, nonce: nonce, on: name, at: now, &effects)
    default: break
    }
  }

  private mutating func arrived(
    _ frame: EthernetFrame, from gateway: Gateway, on name: SwitchName, at now: Instant, _ effects: inout [Effect]
  ) {
    guard let reply = ARPPacket(bytes: frame.payload), reply.operation == .reply, reply.senderIP == gateway.address,
      !reply.senderMAC.isMulticast, let path = self.switches[name]?.paths[gateway.region]
    else { return }
    if gateway.mac == nil, path.mac != reply.senderMAC {
      effects.append(.record(.gatewayFound(name, gateway.region, reply.senderMAC)))
      let isEcho = self.intent.detection.probe == .icmp
      self.updatePath(name, gateway.region, at: now, &effects) {
        $0.mac = reply.senderMAC
        // Do not wait for T_h to learn whether it answers.
        if isEcho { $0.schedule = ProbeSchedule(at: now) }
      }
      self.switches[name]?.needsSteering = true
    }
    // ARP carries nothing to tell one answer from another: any stands for the newest probe.
    if self.intent.detection.probe == .arp, let nonce = path.schedule.newestNonce {
      self.answered(gateway, nonce: nonce, on: name, at: now, &effects)
    }
  }

  private mutating func answered(
    _ gateway: Gateway, nonce: UInt64, on name: SwitchName, at now: Instant, _ effects: inout [Effect]
  ) {
    let detection = self.intent.detection
    self.updatePath(name, gateway.region, at: now, &effects) {
      guard let took = $0.schedule.answered(nonce: nonce, at: now) else { return }
      $0.roundTrip = took
      $0.detector.answered(at: now, detection)
    }
  }
}
