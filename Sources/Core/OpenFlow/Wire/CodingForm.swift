// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// Another coded form of a type than its own.
protocol CodingForm: Codable, Sendable {
  associatedtype Value: Equatable & Sendable
  init(_ value: Value)
  var value: Value { get }
}

/// Bytes as a text of lower-case hexadecimal digits.
struct HexBytes: CodingForm {
  let value: [UInt8]

  init(_ value: [UInt8]) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let bytes = Hexadecimal.bytes(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not an even number of hexadecimal digits")
    }
    self.value = bytes
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Hexadecimal.string(self.value))
  }
}

/// A number as a text `0x…`, because JSON's readers round numbers of more than 53 bits. A plain number is read too.
struct HexNumber<Value: FixedWidthInteger & UnsignedInteger & Codable & Sendable>: CodingForm {
  let value: Value

  init(_ value: Value) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else {
      self.value = try container.decode(Value.self)
      return
    }
    guard text.hasPrefix("0x"), let value = Hexadecimal.anyNumber(text).flatMap(Value.init(exactly:)) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "'\(text)' is not 0x and hexadecimal digits for a number of \(Value.bitWidth) bits")
    }
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Hexadecimal.number(self.value))
  }
}

/// A datapath's identity as a text `0x…`.
struct HexDatapathID: CodingForm {
  let value: DatapathID

  init(_ value: DatapathID) { self.value = value }

  init(from decoder: any Decoder) throws {
    self.value = DatapathID(rawValue: try HexNumber<UInt64>(from: decoder).value)
  }

  func encode(to encoder: any Encoder) throws {
    try HexNumber(self.value.rawValue).encode(to: encoder)
  }
}
