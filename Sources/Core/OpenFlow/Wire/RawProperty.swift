// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A property (a type and a body) that this module carries without reading it.
public struct RawProperty: Sendable, Hashable {
  /// The property's type; its meaning depends on where it stands.
  public var type: UInt16
  /// What follows type and length, without the padding.
  public var body: [UInt8]

  /// Carries `body`, at most 65,531 bytes.
  public init(type: UInt16, body: [UInt8]) {
    self.type = type
    self.body = body
  }
}

extension RawProperty: FieldCodable {
  static let defaults = RawProperty(type: 0, body: [])
  static let fields: [CodedField<RawProperty>] = [
    .required("type", \.type), .field("body", \.body, as: HexBytes.self),
  ]
}
