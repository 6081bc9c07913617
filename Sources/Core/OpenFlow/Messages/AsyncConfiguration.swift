// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Which messages a switch sends to a controller of its own accord (OpenFlow 1.3.5, 7.3.10; 1.5.1, 7.3.10).
///
/// Each member is a kind of message; its bits say for which of that message's reasons it is sent. In 1.3 the first
/// three must be said, and the others cannot be. In 1.5 a SET_ASYNC changes only what it says.
public struct AsyncConfiguration: Sendable, Hashable {
  /// PACKET_IN: bits of `PacketIn.Reason`.
  public var packetIn: Reasons
  /// PORT_STATUS: bits of `PortStatus.Reason`.
  public var portStatus: Reasons
  /// FLOW_REMOVED: bits of `FlowRemoved.Reason`.
  public var flowRemoved: Reasons
  /// ROLE_STATUS (1.5): bits of `RoleStatus.Reason`.
  public var roleStatus: Reasons
  /// TABLE_STATUS (1.5): bits of `TableStatus.Reason`.
  public var tableStatus: Reasons
  /// REQUESTFORWARD (1.5): bit 0 for GROUP_MOD, bit 1 for METER_MOD.
  public var requestForward: Reasons
  /// FLOW_STATS that a trigger caused (1.5): bits of `FlowSummary.Reason`.
  public var flowStatistics: Reasons
  /// CONTROLLER_STATUS (1.5): bits of OFPCSR_*.
  public var controllerStatus: Reasons
  /// Properties of 1.5 that this module does not read (experimenter).
  public var otherProperties: [RawProperty]

  /// Says nothing of what is not given.
  public init(
    packetIn: Reasons = Reasons(), portStatus: Reasons = Reasons(), flowRemoved: Reasons = Reasons(),
    roleStatus: Reasons = Reasons(), tableStatus: Reasons = Reasons(), requestForward: Reasons = Reasons(),
    flowStatistics: Reasons = Reasons(), controllerStatus: Reasons = Reasons(), otherProperties: [RawProperty] = []
  ) {
    self.packetIn = packetIn
    self.portStatus = portStatus
    self.flowRemoved = flowRemoved
    self.roleStatus = roleStatus
    self.tableStatus = tableStatus
    self.requestForward = requestForward
    self.flowStatistics = flowStatistics
    self.controllerStatus = controllerStatus
    self.otherProperties = otherProperties
  }

  /// For which reasons a message is sent: bit n stands for the reason with the number n. Nil: not said.
  public struct Reasons: Sendable, Hashable {
    /// To a controller with the role of master or equal.
    public var master: UInt32?
    /// To a controller with the role of slave.
    public var slave: UInt32?

    /// Says nothing of what is not given.
    public init(master: UInt32? = nil, slave: UInt32? = nil) {
      self.master = master
      self.slave = slave
    }
  }
}

/// Six masks in 1.3; in 1.5 a property for each mask, with even numbers for slaves.
extension AsyncConfiguration {
  /// The members in the order of 1.5's property types; the type for slaves is twice the index, and one more is that
  /// for masters. The first three are those of 1.3, in the order of its masks.
  private static let members: [any WritableKeyPath<AsyncConfiguration, Reasons> & Sendable] = [
    \.packetIn, \.portStatus, \.flowRemoved, \.roleStatus, \.tableStatus, \.requestForward, \.flowStatistics,
    \.controllerStatus,
  ]
  private static let membersOfOlderVersion = 3

  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.init()
    switch version {
    case .v1_3:
      for member in Self.members.prefix(Self.membersOfOlderVersion) {
        self[keyPath: member].master = try reader.read(UInt32.self, "mask for masters")
        self[keyPath: member].slave = try reader.read(UInt32.self, "mask for slaves")
      }
    case .v1_5:
      while var property = try WireProperty(reading: &reader) {
        let index = Int(property.type / 2)
        guard index < Self.members.count else {
          self.otherProperties.append(property.raw())
          continue
        }
        let mask = try property.body.read(UInt32.self, "mask")
        if property.type % 2 == 0 {
          self[keyPath: Self.members[index]].slave = mask
        } else {
          self[keyPath: Self.members[index]].master = mask
        }
      }
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    for (index, member) in Self.members.enumerated() {
      let reasons = self[keyPath: member]
      switch version {
      case .v1_3 where index < Self.membersOfOlderVersion:
        guard let master = reasons.master, let slave = reasons.slave else {
          throw .invalid(
            what: "asynchronous configuration",
            problem: "must say all masks for PACKET_IN, PORT_STATUS and FLOW_REMOVED in OpenFlow 1.3")
        }
        writer.write(master)
        writer.write(slave)
      case .v1_3:
        guard reasons == Reasons() else {
          throw .unsupported(
            what: "asynchronous configuration beyond PACKET_IN, PORT_STATUS and FLOW_REMOVED", version: version)
        }
      case .v1_5:
        let type = UInt16(2 * index)
        if let slave = reasons.slave { WireProperty.write(to: &writer, type: type, slave) }
        if let master = reasons.master { WireProperty.write(to: &writer, type: type + 1, master) }
      }
    }
    guard version >= .v1_5 || self.otherProperties.isEmpty else {
      throw .unsupported(what: "properties of the asynchronous configuration", version: version)
    }
    for property in self.otherProperties { try WireProperty.write(to: &writer, property) }
  }
}

extension AsyncConfiguration: FieldCodable {
  static let defaults = AsyncConfiguration()
  static let fields: [CodedField<AsyncConfiguration>] = [
    .field("packet_in", \.packetIn), .field("port_status", \.portStatus), .field("flow_removed", \.flowRemoved),
    .field("role_status", \.roleStatus), .field("table_status", \.tableStatus),
    .field("requestforward", \.requestForward), .field("flow_stats", \.flowStatistics),
    .field("cont_status", \.controllerStatus), .field("properties", \.otherProperties),
  ]
}

extension AsyncConfiguration.Reasons: FieldCodable {
  static let defaults = AsyncConfiguration.Reasons()
  static let fields: [CodedField<AsyncConfiguration.Reasons>] = [.field("master", \.master), .field("slave", \.slave)]
}
