// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Addresses are text in JSON, in the form that people write.
extension IPv4Address: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodeText(from: decoder, as: "an IPv4 address") { IPv4Address($0) }
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws { try encodeText(self, to: encoder) }
}

extension IPv6Address: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodeText(from: decoder, as: "an IPv6 address") { IPv6Address($0) }
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws { try encodeText(self, to: encoder) }
}

extension IPAddress: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodeText(from: decoder, as: "an IP address") { IPAddress($0) }
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws { try encodeText(self, to: encoder) }
}

extension MACAddress: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodeText(from: decoder, as: "a MAC address") { MACAddress($0) }
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws { try encodeText(self, to: encoder) }
}

extension SocketEndpoint: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodeText(from: decoder, as: "ADDRESS:PORT") { SocketEndpoint($0) }
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws { try encodeText(self, to: encoder) }
}

extension DatapathID: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodeText(from: decoder, as: "a datapath id") { DatapathID($0) }
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws { try encodeText(self, to: encoder) }
}

private func decodeText<Value>(
  from decoder: any Decoder, as what: String, _ read: (String) -> Value?
) throws -> Value {
  let container = try decoder.singleValueContainer()
  let text = try container.decode(String.self)
  guard let value = read(text) else {
    throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not \(what)")
  }
  return value
}

private func encodeText(_ value: some CustomStringConvertible, to encoder: any Encoder) throws {
  var container = encoder.singleValueContainer()
  try container.encode(value.description)
}
