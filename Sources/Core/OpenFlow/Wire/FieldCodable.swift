// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A value whose coded form is an object with named fields (the specification's names, in snake_case).
///
/// One list says both directions: a field that has the value that it has in `defaults` is not written, and one that
/// is not there is read as that value. A name that is not in the list is an error, so that no slip of the pen is
/// passed over.
protocol FieldCodable: Codable, Sendable {
  /// What the fields have that are left out.
  static var defaults: Self { get }
  /// The fields, in the order in which they are written.
  static var fields: [CodedField<Self>] { get }
}

extension FieldCodable {
  /// Reads the fields that are there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    try container.expect(Self.fields.map(\.name))
    self = Self.defaults
    for field in Self.fields { try field.decode(&self, container) }
  }

  /// Writes the fields that have other values than the default ones.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    for field in Self.fields { try field.encode(self, &container) }
  }
}

/// How one field of `Root` is read and written.
struct CodedField<Root: FieldCodable>: Sendable {
  let name: String
  let decode: @Sendable (inout Root, KeyedDecodingContainer<FieldName>) throws -> Void
  let encode: @Sendable (Root, inout KeyedEncodingContainer<FieldName>) throws -> Void

  /// A field that may be left out.
  static func field<Value: Codable & Equatable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable
  ) -> CodedField {
    CodedField(name: name) { root, container in
      guard container.contains(FieldName(name)) else { return }
      root[keyPath: path] = try container.decode(Value.self, forKey: FieldName(name))
    } encode: { root, container in
      guard root[keyPath: path] != Root.defaults[keyPath: path] else { return }
      try container.encode(root[keyPath: path], forKey: FieldName(name))
    }
  }

  /// A field that is always written and must be there.
  static func required<Value: Codable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable
  ) -> CodedField {
    CodedField(name: name) { root, container in
      root[keyPath: path] = try container.decodeRequired(Value.self, name)
    } encode: { root, container in
      try container.encode(root[keyPath: path], forKey: FieldName(name))
    }
  }

  /// A field that may be left out and is written in another form than its type's own.
  static func field<Form: CodingForm>(
    _ name: String, _ path: any WritableKeyPath<Root, Form.Value> & Sendable, as form: Form.Type
  ) -> CodedField {
    CodedField(name: name) { root, container in
      guard container.contains(FieldName(name)) else { return }
      root[keyPath: path] = try container.decode(form, forKey: FieldName(name)).value
    } encode: { root, container in
      guard root[keyPath: path] != Root.defaults[keyPath: path] else { return }
      try container.encode(Form(root[keyPath: path]), forKey: FieldName(name))
    }
  }

  /// A field that may be nil, which is then left out, and is written in another form than its type's own.
  static func field<Form: CodingForm>(
    _ name: String, _ path: any WritableKeyPath<Root, Form.Value?> & Sendable, as form: Form.Type
  ) -> CodedField {
    CodedField(name: name) { root, container in
      guard container.contains(FieldName(name)) else { return }
      root[keyPath: path] = try container.decode(form, forKey: FieldName(name)).value
    } encode: { root, container in
      guard let value = root[keyPath: path] else { return }
      try container.encode(Form(value), forKey: FieldName(name))
    }
  }

  /// A field that is always written, must be there, and is written in another form than its type's own.
  static func required<Form: CodingForm>(
    _ name: String, _ path: any WritableKeyPath<Root, Form.Value> & Sendable, as form: Form.Type
  ) -> CodedField {
    CodedField(name: name) { root, container in
      root[keyPath: path] = try container.decodeRequired(form, name).value
    } encode: { root, container in
      try container.encode(Form(root[keyPath: path]), forKey: FieldName(name))
    }
  }
}

/// The name of a field in an object.
struct FieldName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { self.stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == FieldName {
  /// Makes sure that the object has fields of these names only.
  func expect(_ names: [String]) throws {
    // Sorted, because the order of `allKeys` is another one in each run.
    guard let stranger = self.allKeys.map(\.stringValue).sorted().first(where: { !names.contains($0) }) else { return }
    throw self.corrupted("has no field '\(stranger)'; it has \(names.joined(separator: ", "))")
  }

  /// Reads a field that must be there.
  func decodeRequired<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    guard self.contains(FieldName(name)) else { throw self.corrupted("lacks the field '\(name)'") }
    return try self.decode(type, forKey: FieldName(name))
  }

  /// An error about this object as a whole.
  func corrupted(_ problem: String) -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: self.codingPath, debugDescription: "the object \(problem)"))
  }
}
