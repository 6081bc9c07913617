// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A port came, went or changed (OpenFlow 1.3.5, 7.4.3).
public struct PortStatus: Sendable, Hashable {
  /// What happened.
  public var reason: Reason
  /// The port as it is now, or was before it went.
  public var port: PortDescription

  /// A change of a port.
  public init(reason: Reason, port: PortDescription) {
    self.reason = reason
    self.port = port
  }

  /// OFPPR_*
  public struct Reason: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// OFPPR_ADD
    public static let add = Reason(rawValue: 0)
    /// OFPPR_DELETE
    public static let delete = Reason(rawValue: 1)
    /// OFPPR_MODIFY
    public static let modify = Reason(rawValue: 2)
  }
}

extension PortStatus {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.reason = Reason(rawValue: try reader.read(UInt8.self, "reason"))
    try reader.skip(7)
    self.port = try PortDescription(reading: &reader, version: version)
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.reason.rawValue)
    writer.writeZeros(7)
    try self.port.write(to: &writer, version: version)
  }
}

extension PortStatus: FieldCodable {
  static let defaults = PortStatus(reason: .add, port: .defaults)
  static let fields: [CodedField<PortStatus>] = [.required("reason", \.reason), .required("desc", \.port)]
}

extension PortStatus.Reason: NamedNumber {
  static let names = [(add, "add"), (delete, "delete"), (modify, "modify")]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}
