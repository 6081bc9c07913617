// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel
import Steering

/// The placement `reactive`: the controller chooses the region of every connection.
extension ControlState {
  /// A packet of a connection that has no flow: gives it one, and sends the packet after it.
  mutating func connect(_ packet: PacketIn, on name: SwitchName, _ effects: inout [Effect]) {
    guard let state = self.switches[name], state.isWritable, let header = TransportHeader(frame: packet.data),
      let socket = ListenerSocket(header.destination, protocolNumber: header.protocolNumber),
      let place = self.listeners[socket], place.service < state.plan.services.count
    else { return }
    let service = self.intent.services[place.service]
    let steering = state.plan.services[place.service]
    guard steering.service == service.name,
      let admission = self.desks[name, default: ConnectionDesk()].admit(
        ConnectionBook.Key(client: header.source, target: place.targetPort), to: service, by: steering,
        carrying: state.plan.carrying, isBeginning: header.isBeginning)
    else { return }
    let connection = ConnectionFlow(
      client: header.source, listener: socket, region: self.numbering.number(of: admission.region))
    let compiler = Compiler(numbering: self.numbering, facts: state.facts())
    guard
      let flow = compiler.flow(
        connection, to: admission.region, targetPort: place.targetPort, stage: ConnectionFlow.Stage(admission.stage)),
      let actions = compiler.redirection(
        to: admission.region, socket.endpoint.address.family, socket.transport, targetPort: place.targetPort)
    else { return }
    let forward = PacketOut(inPort: packet.inPort ?? .controller, actions: actions, data: packet.data)
    // A switch goes on by its cached flows for a moment, and the next packets would still go to the region of the last
    // connection of these ends, which would reset this one: its first packet waits for its client to send it again.
    let messages: [MessageBody] = admission.isMoved ? [.flowMod(flow)] : [.flowMod(flow), .packetOut(forward)]
    effects.append(.send(state.config.datapath, messages))
  }

  /// A region has ended a connection: its flow need not stay for long.
  mutating func disconnect(_ packet: PacketIn, on name: SwitchName, _ effects: inout [Effect]) {
    guard let state = self.switches[name], state.isWritable, let header = TransportHeader(frame: packet.data),
      let socket = self.listeners[target: header.source.port],
      let region = self.desks[name]?.book.end(
        ConnectionBook.Key(client: header.destination, target: header.source.port))
    else { return }
    let connection = ConnectionFlow(
      client: header.destination, listener: socket, region: self.numbering.number(of: region))
    let flow = Compiler(numbering: self.numbering, facts: state.facts()).flow(
      connection, to: region, targetPort: header.source.port, stage: .ended)
    if let flow { effects.append(.send(state.config.datapath, [.flowMod(flow)])) }
  }

  /// A connection's flow is gone, because no packet came or by somebody else's hand.
  mutating func expired(_ flow: ConnectionFlow, packets: UInt64, on name: SwitchName) {
    guard let place = self.listeners[flow.listener] else { return }
    self.desks[name]?.book.expire(
      ConnectionBook.Key(client: flow.client, target: place.targetPort), packets: packets)
  }

  /// The switch has told which connections it has flows for.
  mutating func found(_ flows: [ConnectionFlow], on name: SwitchName) {
    var regions: [UInt32: RegionName] = [:]
    for region in self.intent.regions { regions[self.numbering.number(of: region.name)] = region.name }
    self.desks[name, default: ConnectionDesk()].book.found(
      flows.compactMap { flow in
        guard let place = self.listeners[flow.listener], let region = regions[flow.region] else { return nil }
        let key = ConnectionBook.Key(client: flow.client, target: place.targetPort)
        return ConnectionBook.Found(key: key, region: region, hasEnded: flow.hasEnded)
      })
  }
}

extension ConnectionFlow.Stage {
  fileprivate init(_ stage: ConnectionBook.Stage) {
    self =
      switch stage {
      case .begun: .begun
      case .established: .established
      case .ended: .ended
      }
  }
}

/// Listeners by what packets say of them.
struct ListenerIndex: Sendable, Equatable {
  struct Place: Sendable, Equatable {
    /// In the intent.
    var service: Int
    var targetPort: UInt16
  }

  private var places: [ListenerSocket: Place] = [:]
  private var sockets: [UInt16: ListenerSocket] = [:]

  init(_ intent: Intent, _ numbering: Numbering) {
    for (index, service) in intent.services.enumerated() {
      for listener in service.listeners {
        let socket = ListenerSocket(service.virtualIP, listener)
        let targetPort = numbering.targetPort(of: listener, in: service.name)
        self.places[socket] = Place(service: index, targetPort: targetPort)
        self.sockets[targetPort] = socket
      }
    }
  }

  subscript(_ socket: ListenerSocket) -> Place? { self.places[socket] }
  subscript(target port: UInt16) -> ListenerSocket? { self.sockets[port] }
}
