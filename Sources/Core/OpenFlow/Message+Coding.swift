// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A message together with the version that it is said in: what is needed to turn it into bytes.
///
/// Its coded form is one object: `{"version":"1.3","xid":7,"type":"flow_mod","body":{…}}`.
public struct VersionedMessage: Sendable, Hashable {
  /// The version of the connection.
  public var version: ProtocolVersion
  /// The message.
  public var message: Message

  /// A message in a version.
  public init(version: ProtocolVersion, message: Message) {
    self.version = version
    self.message = message
  }
}

extension VersionedMessage: Codable {
  /// Reads version, transaction id, type and body.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    try container.expect(["version", "xid", "type", "body"])
    self.version = try container.decodeRequired(ProtocolVersion.self, "version")
    self.message = Message(
      xid: try container.decodeRequired(UInt32.self, "xid"), try MessageBody(from: container))
  }

  /// Writes version, transaction id, type and body.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try container.encode(self.version, forKey: FieldName("version"))
    try container.encode(self.message.xid, forKey: FieldName("xid"))
    try self.message.body.encode(to: &container)
  }
}

extension Message: Codable {
  /// Reads transaction id, type and body.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    try container.expect(["xid", "type", "body"])
    self.init(xid: try container.decodeRequired(UInt32.self, "xid"), try MessageBody(from: container))
  }

  /// Writes transaction id, type and body.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try container.encode(self.xid, forKey: FieldName("xid"))
    try self.body.encode(to: &container)
  }
}

extension MessageBody: Codable {
  /// Reads type and body.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    try container.expect(["type", "body"])
    try self.init(from: container)
  }

  /// Writes type and body.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try self.encode(to: &container)
  }
}

extension ProtocolVersion: Codable {
  /// Reads `1.3` or `1.5`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let version = ProtocolVersion.allCases.first(where: { $0.description == text }) else {
      let accepted = ProtocolVersion.allCases.map(\.description).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is none of \(accepted)")
    }
    self = version
  }

  /// Writes `1.3` or `1.5`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(self.description)
  }
}
