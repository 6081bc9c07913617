// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The coded form of a message, and of a multipart message in its body: `type` says what `body` is. The type is a name,
/// or the number of something that this module does not read.
extension KeyedEncodingContainer where Key == FieldName {
  /// A type without a body.
  mutating func put(_ type: String) throws { try self.encode(type, forKey: .type) }

  /// A type with its body.
  mutating func put(_ type: String, _ body: some Encodable) throws {
    try self.put(type)
    try self.encode(body, forKey: .body)
  }

  /// A type whose body has one field.
  mutating func put(_ type: String, _ name: String, _ value: some Encodable) throws {
    try self.put(type)
    var body = self.nestedContainer(keyedBy: FieldName.self, forKey: .body)
    try body.encode(value, forKey: FieldName(name))
  }

  /// Something that this module does not read.
  mutating func put(number: some BinaryInteger & Encodable, _ body: HexBytes) throws {
    try self.encode(number, forKey: .type)
    try self.encode(body, forKey: .body)
  }
}

extension KeyedDecodingContainer where Key == FieldName {
  /// The type's name; nil if it is a number.
  func typeName() throws -> String? {
    guard self.contains(.type) else { throw self.corrupted("lacks the field 'type'") }
    return try? self.decode(String.self, forKey: .type)
  }

  /// The type's number.
  func typeNumber<Number: Decodable>() throws -> Number { try self.decode(Number.self, forKey: .type) }

  /// The body.
  func body<Body: Decodable>(as type: Body.Type = Body.self) throws -> Body {
    try self.decodeRequired(type, FieldName.body.stringValue)
  }

  /// The one field of the body.
  func body<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    guard self.contains(.body) else { throw self.corrupted("lacks the field 'body'") }
    let body = try self.nestedContainer(keyedBy: FieldName.self, forKey: .body)
    try body.expect([name])
    return try body.decodeRequired(type, name)
  }

  /// What has no body.
  func noBody<Value>(_ value: Value) throws -> Value {
    guard !self.contains(.body) else { throw self.corrupted("has a body, but its type has none") }
    return value
  }

  func unknownType(_ name: String, accepted: String) -> DecodingError {
    DecodingError.dataCorruptedError(
      forKey: .type, in: self, debugDescription: "'\(name)' is no type; it must be \(accepted), or a number")
  }
}

extension FieldName {
  fileprivate static let type = FieldName("type")
  fileprivate static let body = FieldName("body")
}
