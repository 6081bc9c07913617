// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import PacketHeaders
import ServiceModel

/// Who is at the other end of a port.
extension ForwardingState {
  /// LLDP came in by a port.
  mutating func heard(
    _ packet: PacketIn, _ header: FrameHeader, _ slot: Int, _ index: Int, at now: Instant,
    _ effects: inout [ForwardingEffect]
  ) {
    guard header.vlan == nil, self.switches[slot].ports[index].isProbed else { return }
    switch LinkProbe.read(Array(packet.data.dropFirst(EthernetFrame.headerLength)), key: self.probeKey) {
    case .malformed: break
    case .foreign: self.stopListening(slot, index)
    case .forged: self.reject(slot, index, &effects)
    case .probe(let probe):
      // Nothing that was sent before the last interval can still be under way.
      guard (.zero...self.settings.probeInterval).contains(now - probe.sent) else {
        return self.reject(slot, index, &effects)
      }
      self.heard(probe, isDirect: header.destination == LLDPDataUnit.nearestBridge, slot, index, at: now)
    }
  }

  private mutating func heard(_ probe: LinkProbe, isDirect: Bool, _ slot: Int, _ index: Int, at now: Instant) {
    let port = self.switches[slot].ports[index]
    let fresh = Neighbour(address: probe.origin, lastHeard: now, isDirect: isDirect)
    if let known = port.neighbours.firstIndex(where: { $0.address == probe.origin }) {
      let wasDirect = port.neighbours[known].isDirect
      self.switches[slot].ports[index].neighbours[known].lastHeard = now
      guard isDirect, !wasDirect else { return }
      self.switches[slot].ports[index].neighbours[known].isDirect = true
    } else {
      guard port.neighbours.count < ForwardingSettings.neighbours else { return }
      let place = port.neighbours.firstIndex { probe.origin < $0.address } ?? port.neighbours.endIndex
      self.switches[slot].ports[index].neighbours.insert(fresh, at: place)
      self.switches[slot].ports[index].listensUntil = nil
      // So that the other end need not wait for the next round to know.
      self.probeSoon(slot, index, at: now)
    }
    let silence = now + self.settings.linkTimeout
    self.switches[slot].nextSilence = min(self.switches[slot].nextSilence ?? silence, silence)
    self.needsTopology = true
    self.renewDeadline()
  }

  /// A device that speaks LLDP itself is no switch of ours.
  private mutating func stopListening(_ slot: Int, _ index: Int) {
    self.switches[slot].ports[index].listensUntil = nil
    if self.switches[slot].ports[index].role == .listening { self.switches[slot].ports[index].role = .edge }
  }

  private mutating func reject(_ slot: Int, _ index: Int, _ effects: inout [ForwardingEffect]) {
    guard !self.switches[slot].ports[index].hasSaidForged else { return }
    self.switches[slot].ports[index].hasSaidForged = true
    effects.append(.record(.probeRejected(self.switches[slot].address(index))))
  }

  /// Sends a probe now, unless the port has just sent one.
  mutating func probeSoon(_ slot: Int, _ index: Int?, at now: Instant) {
    guard let index, self.switches[slot].isConnected, self.switches[slot].ports[index].isProbed else { return }
    if let last = self.switches[slot].ports[index].lastProbe, now - last < self.settings.burstInterval { return }
    self.probe(slot, index, at: now)
  }

  /// Sends a probe to the other end of the wire; and one through foreign bridges, unless the other end is known.
  mutating func probe(_ slot: Int, _ index: Int, at now: Instant) {
    self.switches[slot].ports[index].lastProbe = now
    let port = self.switches[slot].ports[index]
    let address = self.switches[slot].address(index)
    // A switch need not tell addresses of its ports; then a locally administered one will do.
    let hasSource = !port.hardwareAddress.isMulticast && port.hardwareAddress.rawValue != 0
    let substitute = MACAddress(rawValue: 0x0200_0000_0000 | address.datapath.rawValue & 0xffff_ffff)
    let source = hasSource ? port.hardwareAddress : substitute
    let isWired = port.neighbours.contains(where: \.isDirect)
    for destination in isWired ? [LLDPDataUnit.nearestBridge] : [LLDPDataUnit.nearestBridge, LinkProbe.anyBridge] {
      let frame = LinkProbe(origin: address, sent: now).frame(
        from: source, to: destination, lifetime: self.settings.linkTimeout, key: self.probeKey)
      self.outbox.add(.packetOut(PacketOut(actions: port.output, data: frame)), to: slot)
    }
  }

  /// Does what is due on one switch.
  mutating func advance(_ slot: Int, to now: Instant) {
    if let end = self.switches[slot].inheritanceEnds, end <= now {
      self.switches[slot].inheritanceEnds = nil
      self.outbox.add(
        ForwardingFlows.forgetOthers(than: self.generation, table: self.switches[slot].table), to: slot)
    }
    if let burst = self.switches[slot].nextBurst, burst <= now { self.continueBursts(slot, at: now) }
    if self.switches[slot].nextRound <= now {
      for index in self.switches[slot].ports.indices where self.switches[slot].ports[index].isProbed {
        self.probe(slot, index, at: now)
      }
      self.switches[slot].nextRound = now + self.settings.probeInterval
    }
    if let silence = self.switches[slot].nextSilence, silence <= now { self.dropSilent(slot, at: now) }
  }

  private mutating func continueBursts(_ slot: Int, at now: Instant) {
    var isPending = false
    for index in self.switches[slot].ports.indices {
      if self.switches[slot].ports[index].probesLeft > 0, self.switches[slot].ports[index].isProbed {
        self.switches[slot].ports[index].probesLeft -= 1
        self.probe(slot, index, at: now)
      }
      if let end = self.switches[slot].ports[index].listensUntil, end <= now { self.stopListening(slot, index) }
      isPending =
        isPending || self.switches[slot].ports[index].probesLeft > 0
        || self.switches[slot].ports[index].listensUntil != nil
    }
    self.switches[slot].nextBurst = isPending ? now + self.settings.burstInterval : nil
  }

  private mutating func dropSilent(_ slot: Int, at now: Instant) {
    var next: Instant?
    for index in self.switches[slot].ports.indices where !self.switches[slot].ports[index].neighbours.isEmpty {
      let count = self.switches[slot].ports[index].neighbours.count
      self.switches[slot].ports[index].neighbours.removeAll { now - $0.lastHeard >= self.settings.linkTimeout }
      if self.switches[slot].ports[index].neighbours.count < count { self.needsTopology = true }
      for neighbour in self.switches[slot].ports[index].neighbours {
        let silence = neighbour.lastHeard + self.settings.linkTimeout
        next = min(next ?? silence, silence)
      }
    }
    self.switches[slot].nextSilence = next
  }
}
