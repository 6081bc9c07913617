// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
package import ServiceModel

/// Forwards for switches that have no NORMAL port: events in, effects out, nothing else.
///
///     PACKET_IN ─▶ where is its source? ─▶ where is its destination? ── known ──▶ flows on the shortest way, PACKET_OUT
///                    (learnt at edges)                              └─ unknown ─▶ PACKET_OUT to the tree and the edges
///
/// **Loops.** Nothing in a switch floods: every flood is one PACKET_OUT, decided here, so the spanning tree changes for
/// all switches at once. What could start a storm is a port that is taken for an edge and is none. It cannot, because
/// a port's first link probe leaves in the same write that makes it usable, before any packet can be flooded out of it,
/// and wires keep their order: the port at the other end is known to be no edge before it gets such a packet. Should
/// probes be lost or overtaken, there is a second wall: while there are other switches, a new port listens for the time
/// of three probes, without flooding or learning. A switch alone needs no such wall and has no such delay, for
/// both ends of a loop would be its own and tell it by one connection. Later loops show at the next probes, or when an
/// address appears in two places, which sends probes at once.
///
/// **Flows.** Every learnt flow leads to one port of one switch and says so in its cookie. At each switch all flows to
/// one other switch leave by one port, the next one on the shortest way; when that changes, one message removes
/// them, and the next packet writes new ones. A way that is lost without another one keeps its flows: a switch that only
/// lost its controller may still forward by them.
///
/// **Restart.** Flows that were learnt before are left to work while links are found. Then they are removed, by the
/// generation in their cookies, because nobody knows any more what they were for; no packet is lost by that, as each
/// pair of hosts has its next packet come here. Timeouts would do the same later.
package struct ForwardingState: Sendable {
  package let settings: ForwardingSettings
  /// Keeps its indices; what is no longer used is used again for another switch.
  var switches: [ForwardingSwitch] = []
  var slots: [DatapathID: Int] = [:]
  var freeSlots: [Int] = []
  var connectedCount = 0
  var hosts = HostTable()
  var ownAddresses: Set<MACAddress> = []
  var hasSaidFull = false
  var topology: Topology
  /// Ways to the switches that were asked for, by switch.
  var routes: [Routes?] = []
  /// A link or a switch came or went in this step.
  var needsTopology = false
  var outbox = Outbox()
  var random: RandomSource
  let probeKey: SipHash.Key
  /// In the cookies of flows that are learnt in this run.
  let generation: UInt64
  var nextHostSweep = Instant(nanoseconds: .max)
  private var deadline = Instant(nanoseconds: .max)

  /// - Parameter seed: makes the tags of link probes; must be hard to guess, and used for nothing that is seen outside.
  package init(seed: UInt64, settings: ForwardingSettings = ForwardingSettings()) {
    self.settings = settings
    self.random = RandomSource(seed: seed)
    self.probeKey = SipHash.Key(first: self.random.next(), second: self.random.next())
    self.generation = ForwardingCookie.generation(self.random.next())
    self.topology = Topology([], slots: [:])
  }

  /// When `step` wants to be called with `.deadline`, if nothing else happens before.
  package var nextDeadline: Instant? { self.deadline.nanoseconds == .max ? nil : self.deadline }

  /// Hosts that are known, for whoever asks.
  package var hostCount: Int { self.hosts.count }

  /// Adds to `effects` what follows from `event`, in the order in which it shall be done.
  package mutating func step(_ event: ForwardingEvent, at now: Instant, into effects: inout [ForwardingEffect]) {
    switch event {
    case .packetArrived(let id, let packet): self.arrived(packet, on: id, at: now, &effects)
    case .switchConnected(let id, let ports, let table): self.connected(id, ports, table: table, at: now)
    case .switchDisconnected(let id): self.disconnected(id)
    case .switchReleased(let id): self.released(id)
    case .portChanged(let id, let status): self.portChanged(id, status, at: now)
    case .ownAddresses(let addresses): self.reserve(addresses)
    case .deadline: break
    }
    if now >= self.deadline { self.advance(to: now, &effects) }
    if self.needsTopology { self.updateTopology(at: now, &effects) }
    if !self.outbox.isEmpty { self.flush(&effects) }
  }

  /// Does what is due.
  private mutating func advance(to now: Instant, _ effects: inout [ForwardingEffect]) {
    for slot in self.switches.indices where self.switches[slot].isConnected {
      self.advance(slot, to: now)
    }
    if now >= self.nextHostSweep { self.sweepHosts(at: now) }
    self.renewDeadline()
  }

  /// To be called after anything got a deadline.
  mutating func renewDeadline() {
    self.deadline = self.switches.reduce(self.nextHostSweep) { $1.isConnected ? min($0, $1.nextDeadline) : $0 }
  }

  mutating func flush(_ effects: inout [ForwardingEffect]) {
    for send in self.outbox.sends { effects.append(.send(self.switches[send.slot].datapath, send.messages)) }
    self.outbox = Outbox()
  }

  /// Has every switch remove learnt flows.
  mutating func forgetEverywhere(_ messages: (_ table: UInt8) -> [MessageBody]) {
    for slot in self.switches.indices where self.switches[slot].isConnected {
      self.outbox.add(messages(self.switches[slot].table), to: slot)
    }
  }
}
