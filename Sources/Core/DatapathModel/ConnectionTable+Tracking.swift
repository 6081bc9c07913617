// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import PacketHeaders

extension ConnectionTable {
  /// Does to a packet what a `ct` action says: looks its connection up, commits it if asked to, translates addresses.
  mutating func track(_ flight: inout Flight, _ action: ConntrackAction) {
    guard case .number(let zone) = action.zone else { return }
    flight.tracking = Flight.Tracking(state: [.tracked], zone: zone, mark: 0)
    guard let datagram = flight.packet.datagram, let direction = flight.direction else {
      flight.tracking.state.insert(.invalid)
      return
    }
    let ipProtocol = datagram.protocolNumber
    let follows = action.actions.contains { if case .nat = $0 { true } else { false } }
    if let (found, isReply) = self.find(direction, ipProtocol, zone: zone) {
      var connection = found
      if isReply, !connection.isAnswered { connection.isAnswered = true }
      if action.commit, let mark = action.mark { connection.mark = mark }
      self.update(connection)
      flight.tracking.mark = connection.mark
      flight.tracking.state.insert(connection.isAnswered ? .established : .new)
      if isReply { flight.tracking.state.insert(.reply) }
      if follows { flight.translate(by: connection, isReply: isReply) }
    } else if flight.packet.segment?.flags.isSuperset(of: [.syn, .ack]) ?? false {
      // An answer to nothing. Anything else may begin a connection, in its middle too (conntrack-tcp.c).
      flight.tracking.state.insert(.invalid)
    } else {
      flight.tracking.state.insert(.new)
      if action.commit { self.commit(&flight, direction, ipProtocol, action, zone) }
    }
  }

  private mutating func commit(
    _ flight: inout Flight, _ direction: Connection.Direction, _ ipProtocol: UInt8, _ action: ConntrackAction,
    _ zone: UInt16
  ) {
    let connection = Connection(
      zone: zone, ipProtocol: ipProtocol, original: direction,
      reply: Connection.Direction(
        source: action.newDestination ?? direction.destination, destination: direction.source),
      mark: action.mark ?? 0)
    guard self.insert(connection) else {
      flight.tracking.state = [.tracked, .invalid]
      return
    }
    flight.tracking.mark = connection.mark
    flight.translate(by: connection, isReply: false)
  }
}

extension ConntrackAction {
  fileprivate var newDestination: SocketEndpoint? {
    for case .nat(let nat) in self.actions { if let destination = nat.destination { return destination } }
    return nil
  }

  fileprivate var mark: UInt32? {
    for case .setField(let entry) in self.actions where entry.field == .conntrackMark {
      return UInt32(truncatingIfNeeded: entry.value)
    }
    return nil
  }
}

extension NATAction {
  /// The one address and port to which it translates; nil if it does something else.
  var destination: SocketEndpoint? {
    guard self.direction == .destination, let ports = self.ports, ports.count == 1 else { return nil }
    if let addresses = self.addresses, addresses.lowerBound == addresses.upperBound {
      return SocketEndpoint(addresses.lowerBound, ports.lowerBound)
    }
    guard let addresses = self.ipv6Addresses, addresses.lowerBound == addresses.upperBound else { return nil }
    return SocketEndpoint(IPv6Address(rawValue: addresses.lowerBound), ports.lowerBound)
  }
}

extension Flight {
  /// The ends of the packet's connection, as the packet has them; nil for what has none, neighbour discovery among it. An echo's identifier stands
  /// for both ports.
  fileprivate var direction: Connection.Direction? {
    guard let datagram = self.packet.datagram else { return nil }
    let source: UInt16
    let destination: UInt16
    switch datagram.transport {
    case .tcp(let segment): (source, destination) = (segment.source, segment.destination)
    case .icmp(let echo): (source, destination) = (echo.identifier, echo.identifier)
    case .neighbour: return nil
    case .other: (source, destination) = (0, 0)
    }
    return Connection.Direction(
      source: SocketEndpoint(datagram.source, source), destination: SocketEndpoint(datagram.destination, destination))
  }

  /// Gives the packet the addresses that the other side of its connection knows.
  fileprivate mutating func translate(by connection: Connection, isReply: Bool) {
    if isReply {
      let source = connection.original.destination
      guard self.direction?.source != source else { return }
      self.packet.datagram?.source = source.address
      self.packet.segment?.source = source.port
      self.tracking.state.insert(.sourceNAT)
    } else {
      let destination = connection.reply.source
      guard self.direction?.destination != destination else { return }
      self.packet.datagram?.destination = destination.address
      self.packet.segment?.destination = destination.port
      self.tracking.state.insert(.destinationNAT)
    }
  }
}
