// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel
import Steering

/// ICMP errors about redirected packets, on a switch that does not track connections: what they quote is translated
/// here, as the switch has translated the packets that they are about.
extension ControlState {
  mutating func translateError(_ packet: PacketIn, on name: SwitchName, _ effects: inout [Effect]) {
    guard let state = self.switches[name], state.isWritable, let error = ICMPError(frame: packet.data) else { return }
    let messages =
      packet.tableID == TableLayout.Table.classify.rawValue
      ? self.toClient(error, from: packet.inPort, on: state) : self.toRegions(error, on: state)
    if !messages.isEmpty { effects.append(.send(state.config.datapath, messages.map { .packetOut($0) })) }
  }

  /// About a client's packet to a target: the client has sent it to the virtual IP.
  private func toClient(_ error: ICMPError, from port: PortNumber?, on state: SwitchState) -> [PacketOut] {
    let (client, target) = (error.quoted.source, error.quoted.destination)
    guard client.address == error.destination, let socket = self.listeners[target: target.port],
      socket.transport.ipProtocol == error.quoted.protocolNumber,
      socket.endpoint.address.family == target.address.family,
      let place = self.listeners[socket],
      state.facts().gateways.values.contains(where: { $0.port == port && $0.addresses.contains(target.address) })
    else { return [] }
    var error = error
    error.translate(source: socket.endpoint.address, quotedDestination: socket.endpoint)
    let source = Action.setField(.ethernetSource(self.intent.services[place.service].virtualIP.mac))
    // Without NORMAL it goes through the tables like the original. A copy comes back here, and quotes no target any more.
    return [
      state.config.forwarding == .normal
        ? PacketOut(inPort: .controller, actions: [source, .output(.normal)], data: error.bytes)
        : PacketOut(inPort: port ?? .controller, actions: [source, .output(.table)], data: error.bytes)
    ]
  }

  /// About a reply, which a target has sent. Where nobody knows which region a client has, all that may have it are
  /// told: a machine ignores errors about connections that it does not have (RFC 5927, 4).
  private func toRegions(_ error: ICMPError, on state: SwitchState) -> [PacketOut] {
    guard error.quoted.source.address == error.destination,
      let socket = ListenerSocket(error.quoted.source, protocolNumber: error.quoted.protocolNumber),
      let place = self.listeners[socket], place.service < state.plan.services.count
    else { return [] }
    let facts = state.facts()
    return self.regions(serving: error.quoted.destination, at: place, on: state).compactMap { region in
      guard let gateway = facts.gateways[region], let mac = gateway.mac,
        let address = gateway.address(of: error.destination.family)
      else { return nil }
      var error = error
      error.translate(destination: address, quotedSource: SocketEndpoint(address, place.targetPort))
      return PacketOut(
        inPort: .controller, actions: [.setField(.ethernetDestination(mac)), .output(gateway.port)],
        data: error.bytes)
    }
  }

  private func regions(serving client: SocketEndpoint, at place: ListenerIndex.Place, on state: SwitchState)
    -> [RegionName]
  {
    if state.placement == .reactive {
      let key = ConnectionBook.Key(client: client, target: place.targetPort)
      return self.desks[state.config.name]?.book.region(of: key).map { [$0] } ?? []
    }
    return state.plan.services[place.service].active(carrying: state.plan.carrying)
  }
}
