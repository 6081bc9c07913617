// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import FlowPipeline
package import OpenFlow
package import Reconciliation

/// An OpenFlow switch as a value: tables, groups, ports and a connection tracker that do to packets what Open vSwitch
/// does, as far as our pipeline uses it. For tests, for simulation, and to explain what a switch would do.
///
/// What real switches do and this one does not: time (timeouts, expiry of connections, rates of meters), counters,
/// VLANs, fragments. Asked for one of them it refuses; it never does something else instead.
package struct SoftwareSwitch: Sendable, Equatable {
  package let datapath: DatapathID
  /// In ascending order of their numbers.
  package private(set) var ports: [PortDescription]
  var tables: [UInt8: FlowTable] = [:]
  var groups = GroupTable()
  var meters: [MeterNumber: MeterMod] = [:]
  var tracker = ConnectionTable()
  /// Of OpenFlow 1.3 it has all that we use; what else it has.
  package let extras: Set<Extra>
  /// Behind which port NORMAL has seen an address.
  var learned: [MACAddress: PortNumber] = [:]

  /// What a plain OpenFlow 1.3 switch may lack.
  package enum Extra: Sendable, Hashable, CaseIterable {
    case groups
    case conntrack
    case meters
    /// Copying fields, and fields of neighbour discovery beyond OpenFlow's.
    case rewriting
  }

  package init(datapath: DatapathID, ports: [PortDescription], extras: Set<Extra> = Set(Extra.allCases)) {
    self.datapath = datapath
    self.extras = extras
    self.ports = ports.sorted { $0.number < $1.number }
  }

  /// What a message made the switch do or say.
  package struct Reaction: Sendable, Equatable {
    /// The message was refused and changed nothing.
    package var refusal: SwitchRefusal?
    /// Flows that went and asked that this be told.
    package var removed: [FlowRemoved] = []
    /// The way of a packet that the message had sent.
    package var passage: Passage?
  }

  /// Does what a controller's message asks for.
  package mutating func apply(_ message: MessageBody) -> Reaction {
    do throws(SwitchRefusal) {
      switch message {
      case .flowMod(let mod): return Reaction(removed: try self.apply(mod))
      case .groupMod(let mod): return Reaction(removed: try self.apply(mod))
      case .meterMod(let mod):
        try self.apply(mod)
        return Reaction()
      case .conntrackFlush(let flush):
        self.tracker.flush(flush)
        return Reaction()
      case .packetOut(let packet): return Reaction(passage: try self.send(packet))
      default: throw .unsupportedMessage
      }
    } catch {
      return Reaction(refusal: error)
    }
  }

  /// What the switch says that it holds.
  package func readBack(_ scope: ReadBack.Scope = []) -> ReadBack {
    var readBack = ReadBack()
    if scope.contains(.meters), self.extras.contains(.meters) {
      readBack.maximumMeters = 0x1_0000
      readBack.add(
        self.meters.values.map { MeterConfiguration(meter: $0.meter, flags: $0.flags, bands: $0.bands) })
    }
    if scope.contains(.connections) { readBack.add(connections: self.flows.map(FlowStatistics.init)) }
    if self.extras.contains(.groups) {
      readBack.groupFeatures = GroupFeatures(
        kinds: 0xf, capabilities: [.selectWeight, .selectLiveness, .chaining],
        maximumGroups: [UInt32](repeating: .max, count: 4), actions: [UInt32](repeating: .max, count: 4))
    }
    readBack.add(
      self.flows.filter { scope.contains(.entries) || !EntryCookie.isOurs($0.cookie) }.map(FlowStatistics.init))
    readBack.add(
      self.groups.groups.map {
        GroupDescription(
          kind: $0.value.kind, group: $0.key, buckets: $0.value.buckets, properties: $0.value.properties)
      })
    return readBack
  }

  /// All of ours that it holds.
  package var program: DatapathProgram {
    var program = DatapathProgram(groups: self.groups.groups.filter { GroupNumbers.isOurs($0.key) })
    for flow in self.flows where Cookie.isOurs(flow.cookie) {
      program.flows[flow.key] = DatapathProgram.Flow(
        cookie: flow.cookie, flags: flow.flags, instructions: flow.instructions)
    }
    for meter in self.meters.values where meter.meter == TableLayout.meter {
      program.meters[meter.meter] = DatapathProgram.Meter(flags: meter.flags, bands: meter.bands)
    }
    return program
  }

  /// All groups, whosever they are.
  package var groupDescriptions: [GroupNumber: DatapathProgram.Group] { self.groups.groups }

  /// All flows, table by table, those of high priority first.
  package var flows: [FlowEntry] { self.tables.keys.sorted().flatMap { self.tables[$0]?.flows ?? [] } }

  /// All connections that were committed.
  package var connections: [Connection] { self.tracker.all }

  /// A link comes or goes.
  ///
  /// - Returns: the message that tells so; nil if nothing changed, or if there is no such port.
  package mutating func setPort(_ number: PortNumber, isUp: Bool) -> PortStatus? {
    guard let index = self.ports.firstIndex(where: { $0.number == number }), self.ports[index].isUp != isUp else {
      return nil
    }
    if isUp { self.ports[index].state.remove(.linkDown) } else { self.ports[index].state.insert(.linkDown) }
    return PortStatus(reason: .modify, port: self.ports[index])
  }

  /// Starts anew with nothing but its ports.
  package mutating func reboot() {
    self = SoftwareSwitch(datapath: self.datapath, ports: self.ports, extras: self.extras)
  }

  var livePorts: Set<PortNumber> { Set(self.ports.lazy.filter(\.isUp).map(\.number)) }
}

extension FlowStatistics {
  fileprivate init(_ flow: FlowEntry) {
    self.init(
      tableID: flow.key.table, priority: flow.key.priority, cookie: flow.cookie, flags: flow.flags,
      match: flow.key.match, instructions: flow.instructions)
  }
}
