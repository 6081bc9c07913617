// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A number some of whose values have names: its coded form is the name, or else the number.
protocol NamedNumber: Codable, Equatable, Sendable {
  associatedtype Number: FixedWidthInteger & Codable
  /// The values that have a name, with that name as it is written.
  static var names: [(Self, String)] { get }
  /// Nil if it can only be one of the values that have names, and this is another one.
  init?(number: Number)
  var number: Number { get }
}

extension NamedNumber where Self: RawRepresentable, RawValue == Number {
  init?(number: Number) { self.init(rawValue: number) }
  var number: Number { self.rawValue }
}

extension NamedNumber {
  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }

  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }

  /// The name; nil if it has none.
  var name: String? { Self.names.first { entry in entry.0 == self }?.1 }

  /// The value with this name; nil if there is none.
  static func named(_ name: String) -> Self? { self.names.first { entry in entry.1 == name }?.0 }

  /// What `init(from:)` does. The standard library has a coded form of its own for types with a raw value, so those
  /// must say themselves that they are read like this.
  static func decodeNamed(from decoder: any Decoder) throws -> Self {
    let container = try decoder.singleValueContainer()
    let found: String
    if let name = try? container.decode(String.self) {
      if let value = Self.named(name) { return value }
      found = "'\(name)'"
    } else {
      let number = try container.decode(Number.self)
      if let value = Self(number: number) { return value }
      found = "\(number)"
    }
    let accepted = Self.names.map(\.1).joined(separator: ", ")
    throw DecodingError.dataCorruptedError(
      in: container, debugDescription: "\(found) is none of \(accepted), nor a number that is possible here")
  }

  /// The same for writing.
  func encodeNamed(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let name = self.name { try container.encode(name) } else { try container.encode(self.number) }
  }
}

/// The number of a flow table, or `all`.
struct TableName: CodingForm, NamedNumber {
  let value: UInt8

  static let names = [(TableName(TableNumber.all), "all")]

  init(_ value: UInt8) { self.value = value }
  init?(number: UInt8) { self.value = number }
  var number: UInt8 { self.value }
}
