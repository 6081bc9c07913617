// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Consecutive bits of a field, as an action reads or writes them.
public struct FieldSlice: Sendable, Hashable {
  /// The field.
  public var field: MatchField
  /// The lowest bit; 0 is the field's least significant one.
  public var offset: UInt16
  /// How many bits. 1 …
  public var bitCount: UInt16

  /// `bitCount` bits from `offset`; whether the field has them is checked when the action is encoded.
  public init(_ field: MatchField, offset: UInt16, bitCount: UInt16) {
    self.field = field
    self.offset = offset
    self.bitCount = bitCount
  }

  /// The whole field.
  public init(_ field: MatchField) {
    self.init(field, offset: 0, bitCount: UInt16(field.bitCount))
  }

  /// Whether the slice has at least one bit and lies within its field.
  var isValid: Bool {
    self.bitCount > 0 && UInt32(self.offset) + UInt32(self.bitCount) <= UInt32(self.field.bitCount)
  }
}
