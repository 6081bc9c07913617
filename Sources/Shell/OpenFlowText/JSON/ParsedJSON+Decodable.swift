// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension ParsedJSON {
  /// Any decodable value.
  func decode<Value: Decodable>(_ type: Value.Type) throws(OpenFlowTextError) -> Value {
    do {
      return try ParsedDecoder(node: self, codingPath: []).value(type)
    } catch {
      guard let error = error as? DecodingError else {
        throw OpenFlowTextError(line: self.line, path: "", problem: "\(error)")
      }
      throw OpenFlowTextError(error, in: self)
    }
  }
}

private struct ParsedDecoder: Decoder {
  let node: ParsedJSON
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = self.node.content else { throw self.mismatch([String: String].self, "an object") }
    return KeyedDecodingContainer(ParsedObject(members: members, codingPath: self.codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = self.node.content else { throw self.mismatch([String].self, "an array") }
    return ParsedArray(elements: elements, codingPath: self.codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { ParsedSingle(decoder: self) }

  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    switch type {
    case is String.Type:
      if case .string(let text) = self.node.content, let value = text as? Value { return value }
      throw self.mismatch(type, "a string")
    case is Bool.Type:
      if case .bool(let bool) = self.node.content, let value = bool as? Value { return value }
      throw self.mismatch(type, "true or false")
    case is Double.Type:
      if case .number(let digits) = self.node.content, let value = Double(digits) as? Value { return value }
      throw self.mismatch(type, "a number")
    case let integer as any FixedWidthInteger.Type:
      if let value = try self.integer(integer) as? Value { return value }
      throw self.mismatch(type, "an integer")
    default: return try Value(from: self)
    }
  }

  private func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    guard case .number(let digits) = self.node.content, let value = Value(digits) else {
      throw self.mismatch(type, "an integer from \(Value.min) to \(Value.max)")
    }
    return value
  }

  func mismatch(_ type: any Any.Type, _ accepted: String) -> DecodingError {
    .typeMismatch(
      type,
      .init(codingPath: self.codingPath, debugDescription: "found \(self.node.kind) where \(accepted) is expected"))
  }
}

private struct ParsedObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [ParsedJSON.Member]
  let codingPath: [any CodingKey]

  var allKeys: [Key] { self.members.compactMap { Key(stringValue: $0.key) } }
  func contains(_ key: Key) -> Bool { self.members.contains { $0.key == key.stringValue } }

  private func decoder(_ key: any CodingKey) throws -> ParsedDecoder {
    guard let member = self.members.first(where: { $0.key == key.stringValue }) else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: self.codingPath, debugDescription: "lacks the field '\(key.stringValue)'"))
    }
    return ParsedDecoder(node: member.value, codingPath: self.codingPath + [key])
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    if case .null = try self.decoder(key).node.content { true } else { false }
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try self.decoder(key).value(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try self.decoder(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try self.decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try self.decoder(ElementKey(name: "super")) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try self.decoder(key) }
}

private struct ParsedArray: UnkeyedDecodingContainer {
  let elements: [ParsedJSON]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(elements: [ParsedJSON], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  var count: Int? { self.elements.count }
  var isAtEnd: Bool { self.currentIndex >= self.elements.count }

  private func decoder() throws -> ParsedDecoder {
    let path = self.codingPath + [ElementKey(self.currentIndex)]
    guard !self.isAtEnd else {
      throw DecodingError.valueNotFound(Any.self, .init(codingPath: path, debugDescription: "the array ends before it"))
    }
    return ParsedDecoder(node: self.elements[self.currentIndex], codingPath: path)
  }

  mutating func decodeNil() throws -> Bool {
    guard case .null = try self.decoder().node.content else { return false }
    self.currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try self.decoder().value(type)
    self.currentIndex += 1
    return value
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    let container = try self.decoder().container(keyedBy: type)
    self.currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try self.decoder().unkeyedContainer()
    self.currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try self.decoder()
    self.currentIndex += 1
    return decoder
  }
}

private struct ParsedSingle: SingleValueDecodingContainer {
  let decoder: ParsedDecoder
  var codingPath: [any CodingKey] { self.decoder.codingPath }

  func decodeNil() -> Bool { if case .null = self.decoder.node.content { true } else { false } }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try self.decoder.value(type) }
}
