// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
package import OpenFlow

extension SoftwareSwitch {
  /// Tables that a packet may go through, copies that connection tracking sent on included. Open vSwitch allows more;
  /// our pipeline has five.
  private static let maximumTables = 64

  /// A packet comes in by a port.
  package mutating func receive(_ packet: Packet, from port: PortNumber) -> Passage {
    var passage = Passage()
    self.run(Flight(packet, from: port), table: 0, &passage)
    return passage
  }

  /// A packet that a controller has sent.
  mutating func send(_ message: PacketOut) throws(SwitchRefusal) -> Passage {
    guard message.bufferID == nil, message.metadata == .any else { throw .unsupportedMessage }
    try self.check(message.actions, given: nil)
    var passage = Passage()
    guard let packet = Packet(bytes: message.data) else { return passage }
    var flight = Flight(packet, from: message.inPort)
    self.perform(message.actions, on: &flight, of: Origin(table: 0, cookie: PacketIn.noCookie), &passage)
    return passage
  }

  /// The flow whose actions are done.
  private struct Origin {
    var table: UInt8
    var cookie: UInt64
  }

  private mutating func run(_ flight: Flight, table first: UInt8, _ passage: inout Passage) {
    var flight = flight
    var origin = Origin(table: first, cookie: PacketIn.noCookie)
    var next: UInt8? = first
    while let table = next {
      let visited = passage.steps.count { if case .matched = $0 { true } else { false } }
      guard visited < Self.maximumTables else { return passage.steps.append(.gaveUp) }
      guard let flow = self.tables[table]?.flow(for: flight) else { return passage.steps.append(.missed(table: table)) }
      passage.steps.append(.matched(table: table, priority: flow.key.priority, cookie: flow.cookie))
      origin = Origin(table: table, cookie: flow.cookie)
      next = nil
      for instruction in flow.instructions {
        switch instruction {
        case .applyActions(let actions): self.perform(actions, on: &flight, of: origin, &passage)
        case .clearActions: flight.actionSet = []
        case .writeActions(let actions): flight.actionSet += actions
        case .writeMetadata(let value, let mask): flight.metadata = flight.metadata & ~mask | value & mask
        case .gotoTable(let table): next = table
        case .meter, .unknown: break
        }
      }
    }
    let set = flight.actionSet
    flight.actionSet = []
    self.perform(actionSet: set, on: flight, of: origin, &passage)
  }

  private mutating func perform(
    _ actions: [Action], on flight: inout Flight, of origin: Origin, _ passage: inout Passage
  ) {
    for action in actions {
      switch action {
      case .output(let port, let maxLength):
        self.output(flight, to: port, maxLength: maxLength, of: origin, &passage)
      case .group(let number): self.perform(group: number, on: flight, of: origin, &passage)
      case .setField(let entry):
        flight.write(entry)
        passage.steps.append(.wrote(entry.field))
      case .move(let source, let destination):
        guard let value = flight[source] else { break }
        flight.write(destination, value)
        passage.steps.append(.wrote(destination.field))
      case .clearConntrack: flight.tracking = Flight.Tracking()
      case .conntrack(let conntrack): self.track(flight, conntrack, &passage)
      default: break
      }
    }
  }

  /// The last of each kind counts: first what writes, then one of group, output and connection tracking, in this
  /// order of preference (ovs-actions(7), "Action Sets").
  private mutating func perform(
    actionSet: [Action], on flight: Flight, of origin: Origin, _ passage: inout Passage
  ) {
    var flight = flight
    var group: Action?
    var output: Action?
    var conntrack: Action?
    var writes: [Action] = []
    for action in actionSet {
      switch action {
      case .group: group = action
      case .output: output = action
      case .conntrack: conntrack = action
      default: writes.append(action)
      }
    }
    if let last = group ?? output ?? conntrack { writes.append(last) }
    self.perform(writes, on: &flight, of: origin, &passage)
  }

  private mutating func perform(
    group number: GroupNumber, on flight: Flight, of origin: Origin, _ passage: inout Passage
  ) {
    let chosen = self.groups.chosen(number, for: flight.packet, livePorts: self.livePorts)
    guard let group = self.groups[number], !chosen.isEmpty else {
      return passage.steps.append(.group(number, bucket: nil))
    }
    for index in chosen {
      passage.steps.append(.group(number, bucket: index))
      self.perform(actionSet: group.buckets[index].actions, on: flight, of: origin, &passage)
    }
  }

  /// A copy goes through the tracker and on in another table; the packet itself goes on as it was.
  private mutating func track(_ flight: Flight, _ action: ConntrackAction, _ passage: inout Passage) {
    var copy = flight
    copy.actionSet = []
    self.tracker.track(&copy, action)
    passage.steps.append(
      action.commit
        ? .committed(mark: copy.tracking.mark) : .tracked(copy.tracking.state, mark: copy.tracking.mark))
    if let table = action.table { self.run(copy, table: table, &passage) }
  }

  private mutating func output(
    _ flight: Flight, to port: PortNumber, maxLength: UInt16, of origin: Origin, _ passage: inout Passage
  ) {
    func leave(by number: PortNumber) {
      passage.steps.append(.left(number))
      passage.outputs.append(
        Output(
          port: number, packet: flight.packet, inPort: flight.inPort, table: origin.table, cookie: origin.cookie,
          maxLength: maxLength))
    }
    switch port {
    case .controller: leave(by: .controller)
    case .normal: self.normalPorts(for: flight).forEach(leave)
    case .flood, .all: self.ports.filter { $0.isUp && $0.number != flight.inPort }.map(\.number).forEach(leave)
    case .inPort where self.isUp(flight.inPort): leave(by: flight.inPort)
    case _ where port != flight.inPort && self.isUp(port): leave(by: port)
    default: passage.steps.append(.held(port))
    }
  }

  /// What a learning switch would do.
  private mutating func normalPorts(for flight: Flight) -> [PortNumber] {
    if !flight.packet.source.isMulticast, flight.inPort.isPhysicalOrLogical {
      self.learned[flight.packet.source] = flight.inPort
    }
    if !flight.packet.destination.isMulticast, let known = self.learned[flight.packet.destination] {
      return known != flight.inPort && self.isUp(known) ? [known] : []
    }
    return self.ports.filter { $0.isUp && $0.number != flight.inPort }.map(\.number)
  }

  private func isUp(_ number: PortNumber) -> Bool { self.ports.contains { $0.number == number && $0.isUp } }
}

extension Flight {
  /// The value of bits of a field; nil if the packet has no such field.
  subscript(slice: FieldSlice) -> UInt128? {
    PacketField(slice.field).flatMap { self[$0] }.map { $0 >> UInt128(slice.offset) & slice.mask }
  }

  fileprivate mutating func write(_ slice: FieldSlice, _ value: UInt128) {
    guard let field = PacketField(slice.field), let old = self[field] else { return }
    self.set(field, to: old & ~(slice.mask << UInt128(slice.offset)) | value << UInt128(slice.offset))
  }

  /// Writes the bits of a field that the entry covers.
  fileprivate mutating func write(_ entry: MatchEntry) {
    guard let field = PacketField(entry.field), let old = self[field] else { return }
    let mask = entry.mask ?? entry.field.fullMask
    self.set(field, to: old & ~mask | entry.value)
  }
}

extension FieldSlice {
  /// As many ones as it has bits.
  var mask: UInt128 { self.bitCount < 128 ? (1 << UInt128(self.bitCount)) - 1 : .max }
}
