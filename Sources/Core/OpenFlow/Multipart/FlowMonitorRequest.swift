// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Has a switch tell of changes of its flows (OpenFlow 1.5.1, 7.3.5). 1.3 has no such request.
public struct FlowMonitorRequest: Sendable, Hashable {
  /// What to do.
  public var command: Command
  /// The monitor's number, which the controller chooses.
  public var monitorID: UInt32
  /// Only flows that output to this port; `.any`: all.
  public var outPort: PortNumber
  /// Only flows that use this group; `.any`: all.
  public var outGroup: GroupNumber
  /// Which changes are told, and how.
  public var flags: Flags
  /// The table, or `TableNumber.all`.
  public var tableID: UInt8
  /// Only flows that this match covers.
  public var match: Match

  /// Adds a monitor for all flows, unless said otherwise.
  public init(
    command: Command = .add, monitorID: UInt32, flags: Flags, tableID: UInt8 = TableNumber.all,
    outPort: PortNumber = .any, outGroup: GroupNumber = .any, match: Match = .any
  ) {
    self.command = command
    self.monitorID = monitorID
    self.outPort = outPort
    self.outGroup = outGroup
    self.flags = flags
    self.tableID = tableID
    self.match = match
  }

  /// OFPFMC_*
  public enum Command: UInt8, Sendable, Hashable, CaseIterable {
    /// OFPFMC_ADD: refused if the monitor exists.
    case add = 0
    /// OFPFMC_MODIFY: refused unless the monitor exists.
    case modify = 1
    /// OFPFMC_DELETE
    case delete = 2
  }

  /// OFPFMF_*
  public struct Flags: OptionSet, Sendable, Hashable, Codable {
    /// The bits as they are on the wire.
    public let rawValue: UInt16
    /// Takes any bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// OFPFMF_INITIAL: tell the flows that are there already.
    public static let initial = Flags(rawValue: 1 << 0)
    /// OFPFMF_ADD: tell flows that are added.
    public static let add = Flags(rawValue: 1 << 1)
    /// OFPFMF_REMOVED: tell flows that go.
    public static let removed = Flags(rawValue: 1 << 2)
    /// OFPFMF_MODIFY: tell flows that change.
    public static let modify = Flags(rawValue: 1 << 3)
    /// OFPFMF_INSTRUCTIONS: with their instructions.
    public static let instructions = Flags(rawValue: 1 << 4)
    /// OFPFMF_NO_ABBREV: tell one's own changes in full too.
    public static let noAbbreviation = Flags(rawValue: 1 << 5)
    /// OFPFMF_ONLY_OWN: tell one's own changes only.
    public static let onlyOwn = Flags(rawValue: 1 << 6)
  }
}

extension FlowMonitorRequest {
  /// Reads requests until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [FlowMonitorRequest] {
    var requests: [FlowMonitorRequest] = []
    while reader.remaining > 0 { requests.append(try FlowMonitorRequest(reading: &reader)) }
    return requests
  }

  private init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.monitorID = try reader.read(UInt32.self, "monitor")
    self.outPort = PortNumber(try reader.read(UInt32.self, "output port"))
    self.outGroup = GroupNumber(try reader.read(UInt32.self, "output group"))
    self.flags = Flags(rawValue: try reader.read(UInt16.self, "monitor flags"))
    self.tableID = try reader.read(UInt8.self, "table")
    let offset = reader.offset
    let number = try reader.read(UInt8.self, "monitor command")
    guard let command = Command(rawValue: number) else {
      throw .badValue(what: "monitor command", offset: offset, value: UInt64(number), accepted: "0 to 2")
    }
    self.command = command
    self.match = try Match(reading: &reader)
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.monitorID)
    writer.write(self.outPort.rawValue)
    writer.write(self.outGroup.rawValue)
    writer.write(self.flags.rawValue)
    writer.write(self.tableID)
    writer.write(self.command.rawValue)
    try self.match.write(to: &writer, version: version)
  }
}

extension FlowMonitorRequest: FieldCodable {
  static let defaults = FlowMonitorRequest(monitorID: 0, flags: [])
  static let fields: [CodedField<FlowMonitorRequest>] = [
    .required("command", \.command), .required("monitor_id", \.monitorID), .field("out_port", \.outPort),
    .field("out_group", \.outGroup), .field("flags", \.flags), .field("table_id", \.tableID, as: TableName.self),
    .field("match", \.match),
  ]
}

extension FlowMonitorRequest.Command: NamedNumber {
  static let names = [(add, "add"), (modify, "modify"), (delete, "delete")]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}
