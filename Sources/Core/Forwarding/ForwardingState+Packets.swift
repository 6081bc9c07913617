// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel

/// What happens to a packet.
extension ForwardingState {
  mutating func arrived(
    _ packet: PacketIn, on id: DatapathID, at now: Instant, _ effects: inout [ForwardingEffect]
  ) {
    guard let slot = self.slots[id], self.switches[slot].isConnected, let number = packet.inPort,
      let index = self.switches[slot].index(of: number), let header = FrameHeader(packet.data)
    else { return }
    if header.type == LLDPDataUnit.etherType {
      return self.heard(packet, header, slot, index, at: now, &effects)
    }
    let role = self.switches[slot].ports[index].role
    guard role.admits, header.hasStation, !header.isLinkLocal else { return }
    let vlan = header.vlan ?? 0
    if role == .edge { self.learn(HostAddress(header.source, vlan: vlan), slot, index, at: now, &effects) }
    if !header.destination.isMulticast {
      if let place = self.hosts.place(of: HostAddress(header.destination, vlan: vlan)) {
        switch role == .tree ? self.course(to: slot, number, destination: self.hosts[place].slot) : .routed {
        case .routed: return self.deliver(packet, header, to: place, from: slot, number, at: now, &effects)
        case .overheard: return
        case .flooded: return self.flood(packet, from: slot, index)
        }
      }
      // A switch's own address: had the packet concerned a service, it would not have come here.
      guard !self.ownAddresses.contains(header.destination) else { return }
    }
    if role.floods { self.flood(packet, from: slot, index) }
  }

  /// Why a packet to a known host came here along the tree.
  private enum Course {
    /// Here is the next step of its way.
    case routed
    /// It went into a foreign network to another switch, and here as well by chance.
    case overheard
    /// It was sent when its destination was not known, and goes on to everybody, lest it arrive twice.
    case flooded
  }

  private mutating func course(to slot: Int, _ inPort: PortNumber, destination: Int) -> Course {
    guard slot != destination else { return .routed }
    let routes = self.routes(to: destination)
    let links = self.topology.links[slot].filter { $0.port == inPort }
    if links.contains(where: { routes.link(from: $0.peer)?.peer == slot }) { return .routed }
    let isShared = links.count > 1 && links.contains { routes.link(from: $0.peer)?.port == $0.peerPort }
    return isShared ? .overheard : .flooded
  }

  /// Writes the flows from here to a host, and sends the packet on.
  private mutating func deliver(
    _ packet: PacketIn, _ header: FrameHeader, to place: Int, from slot: Int, _ inPort: PortNumber, at now: Instant,
    _ effects: inout [ForwardingEffect]
  ) {
    self.hosts[place].lastUsed = now
    let host = self.hosts[place]
    guard host.slot == slot else {
      return self.deliver(packet, header, to: host, acrossFrom: slot, inPort)
    }
    // Behind the port by which the packet came: it has it already.
    guard host.port != inPort, let index = self.switches[slot].index(of: host.port) else { return }
    var messages = [self.flow(header, on: slot, from: inPort, to: index, host)]
    self.appendPacketOut(packet, inPort, self.switches[slot].ports[index].output, to: &messages)
    if self.outbox.isEmpty {
      effects.append(.send(self.switches[slot].datapath, messages))
    } else {
      self.outbox.add(messages, to: slot)
    }
  }

  /// The last switch first, so that no packet meets a missing flow; and the packet itself leaves there, not waiting for
  /// the flows before.
  private mutating func deliver(
    _ packet: PacketIn, _ header: FrameHeader, to host: Host, acrossFrom first: Int, _ inPort: PortNumber
  ) {
    guard let way = self.way(from: first, inPort, to: host) else { return }
    for step in way.reversed() {
      guard let index = self.switches[step.slot].index(of: step.outPort) else { continue }
      var messages = [self.flow(header, on: step.slot, from: step.inPort, to: index, host)]
      // A packet of which only the switch has all must leave from there.
      if step.slot == (packet.bufferID == nil ? host.slot : first) {
        self.appendPacketOut(packet, step.inPort, self.switches[step.slot].ports[index].output, to: &messages)
      }
      self.outbox.add(messages, to: step.slot)
    }
  }

  private struct Step {
    var slot: Int
    var inPort: PortNumber
    var outPort: PortNumber
  }

  /// Nil if there is no way, or if it leads back by the port by which the packet came: then the packet was flooded, and
  /// has come where it shall by another branch.
  private mutating func way(from first: Int, _ inPort: PortNumber, to host: Host) -> [Step]? {
    let routes = self.routes(to: host.slot)
    var steps: [Step] = []
    var slot = first
    var port = inPort
    while slot != host.slot {
      guard let link = routes.link(from: slot), link.port != port, steps.count < self.switches.count else { return nil }
      steps.append(Step(slot: slot, inPort: port, outPort: link.port))
      (slot, port) = (link.peer, link.peerPort)
    }
    guard host.port != port else { return nil }
    return steps + [Step(slot: slot, inPort: port, outPort: host.port)]
  }

  private func flow(
    _ header: FrameHeader, on slot: Int, from inPort: PortNumber, to index: Int, _ host: Host
  ) -> MessageBody {
    let cookie = ForwardingCookie.learnt(to: PortAddress(self.switches[host.slot].datapath, host.port))
    return .flowMod(
      FlowMod(
        tableID: self.switches[slot].table, priority: TableLayout.Forward.learnt,
        cookie: cookie | self.generation, idleTimeout: self.settings.idleTimeout,
        hardTimeout: self.settings.hardTimeout,
        match: [
          .inPort(inPort), .ethernetDestination(header.destination), .ethernetSource(header.source),
          header.vlan.map { .vlanID($0) } ?? .noVLAN,
        ],
        instructions: self.switches[slot].ports[index].instructions))
  }

  /// Nothing, if the switch has neither kept the packet nor sent all of it.
  private func appendPacketOut(
    _ packet: PacketIn, _ inPort: PortNumber, _ actions: [Action], to messages: inout [MessageBody]
  ) {
    if let buffer = packet.bufferID {
      messages.append(.packetOut(PacketOut(bufferID: buffer, inPort: inPort, actions: actions, data: [])))
    } else if packet.data.count >= Int(packet.totalLength) {
      messages.append(.packetOut(PacketOut(inPort: inPort, actions: actions, data: packet.data)))
    }
  }

  /// To all edges and along the tree, but not back.
  private mutating func flood(_ packet: PacketIn, from slot: Int, _ index: Int) {
    var actions: [Action] = []
    for other in self.switches[slot].ports.indices where other != index {
      let port = self.switches[slot].ports[other]
      if port.role.floods { actions += port.output }
    }
    guard !actions.isEmpty else { return }
    var messages: [MessageBody] = []
    self.appendPacketOut(packet, self.switches[slot].ports[index].number, actions, to: &messages)
    self.outbox.add(messages, to: slot)
  }
}
