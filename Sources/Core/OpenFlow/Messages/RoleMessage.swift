// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Asks for, or tells, a controller's role (OpenFlow 1.3.5, 7.3.9).
public struct RoleMessage: Sendable, Hashable {
  /// The role.
  public var role: Role
  /// Which controller says so, if it has a number (1.5 only; must be 0 in 1.3).
  public var shortID: UInt16
  /// Grows with each change of master; a switch refuses a smaller one than it has seen.
  public var generationID: UInt64

  /// Asks for or tells a role.
  public init(role: Role, generationID: UInt64, shortID: UInt16 = 0) {
    self.role = role
    self.shortID = shortID
    self.generationID = generationID
  }

  /// OFPCR_ROLE_*
  public enum Role: UInt32, Sendable, Hashable, CaseIterable {
    /// OFPCR_ROLE_NOCHANGE: only tell me.
    case noChange = 0
    /// OFPCR_ROLE_EQUAL: full access, beside others.
    case equal = 1
    /// OFPCR_ROLE_MASTER: full access, alone.
    case master = 2
    /// OFPCR_ROLE_SLAVE: may read only.
    case slave = 3
  }
}

extension RoleMessage {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.role = try Role(reading: &reader)
    switch version {
    case .v1_3:
      self.shortID = 0
      try reader.skip(4)
    case .v1_5:
      self.shortID = try reader.read(UInt16.self, "short id")
      try reader.skip(2)
    }
    self.generationID = try reader.read(UInt64.self, "generation id")
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 || self.shortID == 0 else {
      throw .unsupported(what: "short id of a controller", version: version)
    }
    writer.write(self.role.rawValue)
    writer.write(self.shortID)
    writer.writeZeros(2)
    writer.write(self.generationID)
  }
}

extension RoleMessage.Role {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let number = try reader.read(UInt32.self, "role")
    guard let role = RoleMessage.Role(rawValue: number) else {
      throw .badValue(what: "role", offset: offset, value: UInt64(number), accepted: "0 to 3")
    }
    self = role
  }
}

extension RoleMessage: FieldCodable {
  static let defaults = RoleMessage(role: .noChange, generationID: 0)
  static let fields: [CodedField<RoleMessage>] = [
    .required("role", \.role), .field("short_id", \.shortID),
    .required("generation_id", \.generationID, as: HexNumber.self),
  ]
}

extension RoleMessage.Role: NamedNumber {
  static let names = [(noChange, "nochange"), (equal, "equal"), (master, "master"), (slave, "slave")]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}
