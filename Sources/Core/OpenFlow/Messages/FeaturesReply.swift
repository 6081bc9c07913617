// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import Addressing

/// What a switch is (OpenFlow 1.3.5, 7.3.1).
public struct FeaturesReply: Sendable, Hashable {
  /// The datapath's identity.
  public var datapathID: DatapathID
  /// How many packets it can hold for PACKET_IN.
  public var bufferCount: UInt32
  /// How many flow tables it has.
  public var tableCount: UInt8
  /// 0 for the main connection.
  public var auxiliaryID: UInt8
  /// What it can do.
  public var capabilities: Capabilities

  /// Describes a switch.
  public init(
    datapathID: DatapathID, bufferCount: UInt32 = 0, tableCount: UInt8 = 254, auxiliaryID: UInt8 = 0,
    capabilities: Capabilities = []
  ) {
    self.datapathID = datapathID
    self.bufferCount = bufferCount
    self.tableCount = tableCount
    self.auxiliaryID = auxiliaryID
    self.capabilities = capabilities
  }

  /// OFPC_*
  public struct Capabilities: OptionSet, Sendable, Hashable {
    /// The bits as they are on the wire.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// OFPC_FLOW_STATS
    public static let flowStatistics = Capabilities(rawValue: 1 << 0)
    /// OFPC_TABLE_STATS
    public static let tableStatistics = Capabilities(rawValue: 1 << 1)
    /// OFPC_PORT_STATS
    public static let portStatistics = Capabilities(rawValue: 1 << 2)
    /// OFPC_GROUP_STATS
    public static let groupStatistics = Capabilities(rawValue: 1 << 3)
    /// OFPC_IP_REASM: can reassemble IP fragments
    public static let ipReassembly = Capabilities(rawValue: 1 << 5)
    /// OFPC_QUEUE_STATS
    public static let queueStatistics = Capabilities(rawValue: 1 << 6)
    /// OFPC_PORT_BLOCKED: blocks looping ports by itself
    public static let portBlocked = Capabilities(rawValue: 1 << 8)
    /// OFPC_BUNDLES (1.5)
    public static let bundles = Capabilities(rawValue: 1 << 9)
    /// OFPC_FLOW_MONITORING (1.5)
    public static let flowMonitoring = Capabilities(rawValue: 1 << 10)
  }
}

extension FeaturesReply {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.datapathID = DatapathID(rawValue: try reader.read(UInt64.self, "datapath id"))
    self.bufferCount = try reader.read(UInt32.self, "number of buffers")
    self.tableCount = try reader.read(UInt8.self, "number of tables")
    self.auxiliaryID = try reader.read(UInt8.self, "auxiliary id")
    try reader.skip(2)
    self.capabilities = Capabilities(rawValue: try reader.read(UInt32.self, "capabilities"))
    try reader.skip(4)
  }

  func write(to writer: inout WireWriter) {
    writer.write(self.datapathID.rawValue)
    writer.write(self.bufferCount)
    writer.write(self.tableCount)
    writer.write(self.auxiliaryID)
    writer.writeZeros(2)
    writer.write(self.capabilities.rawValue)
    writer.writeZeros(4)
  }
}

extension FeaturesReply: FieldCodable {
  static let defaults = FeaturesReply(datapathID: DatapathID(rawValue: 0), tableCount: 0)
  static let fields: [CodedField<FeaturesReply>] = [
    .required("datapath_id", \.datapathID, as: HexDatapathID.self), .field("n_buffers", \.bufferCount),
    .required("n_tables", \.tableCount), .field("auxiliary_id", \.auxiliaryID),
    .field("capabilities", \.capabilities),
  ]
}

extension FeaturesReply.Capabilities: Codable {}
