// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
  /// Any encodable value, with its fields in the order in which it writes them.
  package init(encoding value: some Encodable) throws {
    let slot = Slot()
    try slot.encode(value, at: [])
    self = slot.value
  }
}

/// A place for a value while it is being encoded: containers of an `Encoder` are filled after they were handed out.
private final class Slot {
  enum Content { case empty, leaf(JSONValue), array([Slot]), object([(key: String, slot: Slot)]) }

  var content = Content.empty

  var value: JSONValue {
    switch self.content {
    case .empty: .object([])
    case .leaf(let value): value
    case .array(let slots): .array(slots.map(\.value))
    case .object(let members): .object(members.map { .init($0.key, $0.slot.value) })
    }
  }

  func makeObject() { if case .object = self.content {} else { self.content = .object([]) } }
  func makeArray() { if case .array = self.content {} else { self.content = .array([]) } }

  func member(_ key: any CodingKey) -> Slot {
    guard case .object(var members) = self.content else { return Slot() }
    self.content = .empty
    let slot = Slot()
    members.append((key.stringValue, slot))
    self.content = .object(members)
    return slot
  }

  func element() -> Slot {
    guard case .array(var slots) = self.content else { return Slot() }
    self.content = .empty
    let slot = Slot()
    slots.append(slot)
    self.content = .array(slots)
    return slot
  }

  var count: Int { if case .array(let slots) = self.content { slots.count } else { 0 } }

  func encode(_ value: some Encodable, at path: [any CodingKey]) throws {
    switch value {
    case let value as String: self.content = .leaf(.string(value))
    case let value as Bool: self.content = .leaf(.bool(value))
    case let value as any FixedWidthInteger: self.content = .leaf(.number("\(value)"))
    case let value as any BinaryFloatingPoint & CustomStringConvertible:
      guard value.isFinite else {
        throw EncodingError.invalidValue(
          value, .init(codingPath: path, debugDescription: "\(value) is no number of JSON"))
      }
      self.content = .leaf(.number(value.description))
    default: try value.encode(to: SlotEncoder(slot: self, codingPath: path))
    }
  }
}

private struct SlotEncoder: Encoder {
  let slot: Slot
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    self.slot.makeObject()
    return KeyedEncodingContainer(SlotObject<Key>(slot: self.slot, codingPath: self.codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    self.slot.makeArray()
    return SlotArray(slot: self.slot, codingPath: self.codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    SlotSingle(slot: self.slot, codingPath: self.codingPath)
  }
}

private struct SlotObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let slot: Slot
  let codingPath: [any CodingKey]

  private func child(_ key: any CodingKey) -> SlotEncoder {
    SlotEncoder(slot: self.slot.member(key), codingPath: self.codingPath + [key])
  }

  func encodeNil(forKey key: Key) { self.slot.member(key).content = .leaf(.null) }

  func encode(_ value: some Encodable, forKey key: Key) throws {
    try self.slot.member(key).encode(value, at: self.codingPath + [key])
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { self.child(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { self.child(key).unkeyedContainer() }
  func superEncoder() -> any Encoder { self.child(ElementKey(name: "super")) }
  func superEncoder(forKey key: Key) -> any Encoder { self.child(key) }
}

private struct SlotArray: UnkeyedEncodingContainer {
  let slot: Slot
  let codingPath: [any CodingKey]
  var count: Int { self.slot.count }

  private func child() -> SlotEncoder {
    let path = self.codingPath + [ElementKey(self.count)]
    return SlotEncoder(slot: self.slot.element(), codingPath: path)
  }

  func encodeNil() { self.slot.element().content = .leaf(.null) }

  func encode(_ value: some Encodable) throws {
    let path = self.codingPath + [ElementKey(self.count)]
    try self.slot.element().encode(value, at: path)
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    self.child().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self.child().unkeyedContainer() }
  func superEncoder() -> any Encoder { self.child() }
}

private struct SlotSingle: SingleValueEncodingContainer {
  let slot: Slot
  let codingPath: [any CodingKey]

  func encodeNil() { self.slot.content = .leaf(.null) }
  func encode(_ value: some Encodable) throws { try self.slot.encode(value, at: self.codingPath) }
}
