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
      if action.commit {
        if let mark = action.mark { connection.mark = mark }
        connection.label = action.label(connection.label, of: flight)
      }
      self.update(connection)
      flight.tracking.mark = connection.mark
      flight.tracking.label = connection.label
      flight.tracking.state.insert(connection.isAnswered ? .established : .new)
      if isReply { flight.tracking.state.insert(.reply) }
      if follows { flight.translate(by: connection, isReply: isReply) }
    } else if flight.isAnswer {
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
    var reply = Connection.Direction(
      source: action.newDestination.map { SocketEndpoint($0.address, $0.port ?? direction.destination.port) }
        ?? direction.destination, destination: direction.source)
    if let address = action.newSource {
      // The port stays if it can.
      let port = (0...UInt16.max).lazy.map { direction.source.port &+ $0 }.first {
        reply.destination = SocketEndpoint(address, $0)
        return self.isFree(reply, ipProtocol, zone: zone)
      }
      reply.destination = SocketEndpoint(address, port ?? direction.source.port)
    }
    let connection = Connection(
      zone: zone, ipProtocol: ipProtocol, original: direction, reply: reply, mark: action.mark ?? 0,
      label: action.label(0, of: flight))
    guard self.insert(connection) else {
      flight.tracking.state = [.tracked, .invalid]
      return
    }
    flight.tracking.mark = connection.mark
    flight.tracking.label = connection.label
    flight.translate(by: connection, isReply: false)
  }
}

extension ConntrackAction {
  fileprivate var newDestination: (address: IPAddress, port: UInt16?)? {
    for case .nat(let nat) in self.actions { if let destination = nat.destination { return destination } }
    return nil
  }

  fileprivate var newSource: IPAddress? {
    for case .nat(let nat) in self.actions { if let source = nat.source { return source } }
    return nil
  }

  /// The label that a connection has after a packet of it.
  fileprivate func label(_ old: UInt128, of flight: Flight) -> UInt128 {
    var label = old
    for case .move(let source, let destination) in self.actions where destination.field == .conntrackLabel {
      let offset = UInt128(destination.offset)
      label = label & ~(destination.mask << offset) | (flight[source] ?? 0) << offset
    }
    return label
  }

  fileprivate var mark: UInt32? {
    for case .setField(let entry) in self.actions where entry.field == .conntrackMark {
      return UInt32(truncatingIfNeeded: entry.value)
    }
    return nil
  }
}

extension NATAction {
  /// The one address to which it translates, and the one port if it does that; nil if it does something else.
  var destination: (address: IPAddress, port: UInt16?)? {
    guard self.direction == .destination, self.ports.map({ $0.count == 1 }) ?? true else { return nil }
    return self.address.map { ($0, self.ports?.lowerBound) }
  }

  /// The one address to which it translates the source, whatever the port; nil if it does something else.
  var source: IPAddress? { self.direction == .source && self.ports == nil ? self.address : nil }

  private var address: IPAddress? {
    if let addresses = self.addresses, addresses.lowerBound == addresses.upperBound {
      return .v4(addresses.lowerBound)
    }
    guard let addresses = self.ipv6Addresses, addresses.lowerBound == addresses.upperBound else { return nil }
    return .v6(IPv6Address(rawValue: addresses.lowerBound))
  }
}

extension Flight {
  /// It cannot begin a connection.
  fileprivate var isAnswer: Bool {
    if case .icmp(let echo)? = self.packet.datagram?.transport { return echo.kind == .reply }
    return self.packet.segment?.flags.isSuperset(of: [.syn, .ack]) ?? false
  }

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
    let source = isReply ? connection.original.destination : connection.reply.destination
    let destination = isReply ? connection.original.source : connection.reply.source
    let direction = self.direction
    if direction?.source != source {
      self.packet.datagram?.source = source.address
      self.packet.segment?.source = source.port
      self.tracking.state.insert(.sourceNAT)
    }
    if direction?.destination != destination {
      self.packet.datagram?.destination = destination.address
      self.packet.segment?.destination = destination.port
      self.tracking.state.insert(.destinationNAT)
    }
  }
}
