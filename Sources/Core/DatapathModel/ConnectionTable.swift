// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import OpenFlow

/// A connection that was committed.
package struct Connection: Sendable, Equatable {
  /// One direction as packets of it have it before their addresses are translated.
  package struct Direction: Sendable, Hashable {
    package var source: SocketEndpoint
    package var destination: SocketEndpoint
  }

  package let zone: UInt16
  package let ipProtocol: UInt8
  package let original: Direction
  package let reply: Direction
  package internal(set) var mark: UInt32
  package internal(set) var label: UInt128 = 0
  /// A packet of the reply direction was seen; until then packets count as `new`, as Open vSwitch does since 2.14.
  package internal(set) var isAnswered = false
}

/// The connection tracker: what `ct` actions look up and commit. Connections do not expire by themselves, and TCP's
/// own states are not followed: a simulation ends before the shortest of the timeouts that Open vSwitch has.
struct ConnectionTable: Sendable, Equatable {
  private struct Key: Sendable, Hashable {
    var zone: UInt16
    var ipProtocol: UInt8
    var direction: Connection.Direction
  }

  /// By the key of the original direction.
  private var connections: [Key: Connection] = [:]
  /// From the key of the reply direction to that of the original one.
  private var replies: [Key: Key] = [:]

  /// In the order of zone, protocol and addresses.
  var all: [Connection] {
    self.connections.values.sorted {
      ($0.zone, $0.ipProtocol, $0.original.source, $0.original.destination)
        < ($1.zone, $1.ipProtocol, $1.original.source, $1.original.destination)
    }
  }

  /// The connection of a packet of this direction, and whether that is the direction of replies.
  func find(_ direction: Connection.Direction, _ ipProtocol: UInt8, zone: UInt16) -> (Connection, isReply: Bool)? {
    let key = Key(zone: zone, ipProtocol: ipProtocol, direction: direction)
    if let connection = self.connections[key] { return (connection, false) }
    if let original = self.replies[key], let connection = self.connections[original] { return (connection, true) }
    return nil
  }

  /// Packets of this direction belong to no connection yet.
  func isFree(_ direction: Connection.Direction, _ ipProtocol: UInt8, zone: UInt16) -> Bool {
    self.find(direction, ipProtocol, zone: zone) == nil
  }

  /// - Returns: false if its replies could not be told from another connection's.
  mutating func insert(_ connection: Connection) -> Bool {
    let original = Key(zone: connection.zone, ipProtocol: connection.ipProtocol, direction: connection.original)
    let reply = Key(zone: connection.zone, ipProtocol: connection.ipProtocol, direction: connection.reply)
    guard self.replies[reply] == nil, self.connections[reply] == nil else { return false }
    self.connections[original] = connection
    self.replies[reply] = original
    return true
  }

  mutating func update(_ connection: Connection) {
    self.connections[
      Key(zone: connection.zone, ipProtocol: connection.ipProtocol, direction: connection.original)] = connection
  }

  /// NXT_CT_FLUSH
  mutating func flush(_ flush: ConntrackFlush) {
    for (key, connection) in self.connections where flush.covers(connection) {
      self.connections[key] = nil
      self.replies[Key(zone: key.zone, ipProtocol: key.ipProtocol, direction: connection.reply)] = nil
    }
  }
}

extension ConntrackFlush {
  fileprivate func covers(_ connection: Connection) -> Bool {
    (self.ipProtocol == 0 || self.ipProtocol == connection.ipProtocol)
      && (self.zone == nil || self.zone == connection.zone)
      && (self.original?.covers(connection.original) ?? true) && (self.reply?.covers(connection.reply) ?? true)
  }
}

extension ConntrackFlush.Tuple {
  fileprivate func covers(_ direction: Connection.Direction) -> Bool {
    (self.source == nil || self.source == direction.source.address)
      && (self.destination == nil || self.destination == direction.destination.address)
      && (self.sourcePort == nil || self.sourcePort == direction.source.port)
      && (self.destinationPort == nil || self.destinationPort == direction.destination.port)
  }
}
