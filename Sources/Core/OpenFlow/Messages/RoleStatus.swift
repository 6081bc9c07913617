// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A controller's role changed without its asking (OpenFlow 1.5.1, 7.4.4; in 1.3 ONF extension 191).
public struct RoleStatus: Sendable, Hashable {
  /// The role that the controller has now.
  public var role: RoleMessage.Role
  /// Why it changed.
  public var reason: Reason
  /// The generation of the change.
  public var generationID: UInt64
  /// Properties that this module does not read (experimenter).
  public var properties: [RawProperty]

  /// A change of a role.
  public init(role: RoleMessage.Role, reason: Reason, generationID: UInt64, properties: [RawProperty] = []) {
    self.role = role
    self.reason = reason
    self.generationID = generationID
    self.properties = properties
  }

  /// OFPCRR_*
  public struct Reason: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// OFPCRR_MASTER_REQUEST: another controller became master.
    public static let masterRequest = Reason(rawValue: 0)
    /// OFPCRR_CONFIG: the switch's configuration changed.
    public static let configuration = Reason(rawValue: 1)
    /// OFPCRR_EXPERIMENTER: an extension's data changed.
    public static let experimenter = Reason(rawValue: 2)
  }
}

extension RoleStatus {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.role = try RoleMessage.Role(reading: &reader)
    self.reason = Reason(rawValue: try reader.read(UInt8.self, "reason"))
    try reader.skip(3)
    self.generationID = try reader.read(UInt64.self, "generation id")
    self.properties = try WireProperty.rawList(reading: &reader)
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    writer.write(self.role.rawValue)
    writer.write(self.reason.rawValue)
    writer.writeZeros(3)
    writer.write(self.generationID)
    for property in self.properties { try WireProperty.write(to: &writer, property) }
  }
}

extension RoleStatus: FieldCodable {
  static let defaults = RoleStatus(role: .equal, reason: .configuration, generationID: 0)
  static let fields: [CodedField<RoleStatus>] = [
    .required("role", \.role), .required("reason", \.reason),
    .required("generation_id", \.generationID, as: HexNumber.self), .field("properties", \.properties),
  ]
}

extension RoleStatus.Reason: NamedNumber {
  static let names = [
    (masterRequest, "master_request"), (configuration, "config"), (experimenter, "experimenter"),
  ]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}
