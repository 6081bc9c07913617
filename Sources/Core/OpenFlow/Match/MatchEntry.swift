// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A field and the value that it must have or shall get, possibly in some of its bits only.
///
/// The form is canonical, so that equal conditions are equal values: bits outside the mask are zero, and a mask that
/// covers the whole field is no mask.
public struct MatchEntry: Sendable, Hashable {
  /// The field.
  public let field: MatchField
  /// The value, in the field's low `bitCount` bits.
  public let value: UInt128
  /// The bits that count; nil: all.
  public let mask: UInt128?

  /// Makes the canonical form; bits beyond the field's width are dropped.
  public init(_ field: MatchField, _ value: UInt128, mask: UInt128? = nil) {
    let full = field.fullMask
    let bits = (mask ?? full) & full
    self.field = field
    self.value = value & bits
    self.mask = bits == full ? nil : bits
  }

  /// True if no bit counts, so that every packet has it.
  var matchesEverything: Bool { self.mask == 0 }
}
