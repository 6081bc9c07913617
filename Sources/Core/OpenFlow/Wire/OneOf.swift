// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A choice whose coded form is an object with one field: the name of the case, and what the case holds.
protocol OneOf: Codable, Sendable {
  static var cases: [CodedCase<Self>] { get }
}

/// How one case of `Root` is read and written.
struct CodedCase<Root: OneOf>: Sendable {
  let name: String
  let decode: @Sendable (KeyedDecodingContainer<FieldName>) throws -> Root
  /// Writes the case; false if the value is another case.
  let encode: @Sendable (Root, inout KeyedEncodingContainer<FieldName>) throws -> Bool

  /// A case with a payload; `unwrap` returns nil for other cases.
  static func payload<Payload: Codable & SendableMetatype>(
    _ name: String, _ type: Payload.Type, wrap: @escaping @Sendable (Payload) -> Root,
    unwrap: @escaping @Sendable (Root) -> Payload?
  ) -> CodedCase {
    CodedCase(name: name) { container in
      wrap(try container.decode(type, forKey: FieldName(name)))
    } encode: { root, container in
      guard let payload = unwrap(root) else { return false }
      try container.encode(payload, forKey: FieldName(name))
      return true
    }
  }
}

extension OneOf {
  /// Reads the one case that is there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    let names = Self.cases.map(\.name)
    try container.expect(names)
    guard container.allKeys.count == 1, let key = container.allKeys.first,
      let found = Self.cases.first(where: { $0.name == key.stringValue })
    else { throw container.corrupted("must have exactly one of the fields \(names.joined(separator: ", "))") }
    self = try found.decode(container)
  }

  /// Writes the case under its name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    for coded in Self.cases {
      if try coded.encode(self, &container) { return }
    }
  }
}

/// The payload of a case that has none: an empty object.
struct Nothing: Codable, Sendable {
  init() {}
  init(from decoder: any Decoder) throws { try decoder.container(keyedBy: FieldName.self).expect([]) }
  func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: FieldName.self) }
}
