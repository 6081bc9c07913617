// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A field and the value that it must have or shall get, possibly in some of its bits only.
///
/// The form is canonical, so that equal conditions are equal values: bits outside the mask are zero, and a mask that
/// covers the whole field is no mask.
public struct MatchEntry: Sendable, Hashable {
  /// The field.
  public let field: MatchField
  /// The value, in the field's low `bitCount` bits; of a field with more than 128 bits the low 128 (see `bytes`).
  public let value: UInt128
  /// The bits that count; nil: all. Of a field with more than 128 bits the low 128 (see `maskBytes`).
  public let mask: UInt128?
  /// The whole of a field with more than 128 bits; nil for all others.
  let wide: WideValue?

  /// Makes the canonical form; bits beyond the field's width are dropped. In a field of more than 128 bits the others
  /// are zero, and do not count if there is a mask.
  public init(_ field: MatchField, _ value: UInt128, mask: UInt128? = nil) {
    guard !field.isWide else {
      self.init(wide: field, WideValue(field, value, mask: mask))
      return
    }
    let full = field.fullMask
    let bits = (mask ?? full) & full
    self.init(field, value & bits, bits == full ? nil : bits, nil)
  }

  private init(_ field: MatchField, _ value: UInt128, _ mask: UInt128?, _ wide: WideValue?) {
    self.field = field
    self.value = value
    self.mask = mask
    self.wide = wide
  }

  /// Makes the canonical form of a value, and a mask, as they are on the wire.
  ///
  /// Nil is returned if one of them does not have the field's `byteCount` bytes.
  public init?(_ field: MatchField, bytes: [UInt8], mask: [UInt8]? = nil) {
    guard bytes.count == field.byteCount, mask.map({ $0.count == bytes.count }) ?? true else { return nil }
    if field.isWide {
      self.init(wide: field, WideValue(value: bytes, mask: mask))
    } else {
      self.init(field, UInt128(low: bytes), mask: mask.map { UInt128(low: $0) })
    }
  }

  private init(wide field: MatchField, _ wide: WideValue) {
    self.init(field, UInt128(low: wide.value), wide.mask.map { UInt128(low: $0) }, wide)
  }

  /// The value as it is on the wire.
  public var bytes: [UInt8] { self.wide?.value ?? self.value.bytes(self.field.byteCount) }

  /// The mask as it is on the wire; nil: all bits count.
  public var maskBytes: [UInt8]? { self.wide.map(\.mask) ?? self.mask.map { $0.bytes(self.field.byteCount) } }

  /// True if no bit counts, so that every packet has it.
  var matchesEverything: Bool {
    guard self.mask == 0 else { return false }
    return self.wide?.mask?.allSatisfy { $0 == 0 } ?? true
  }
}

extension MatchEntry {
  /// In words of the size that a hasher takes at once: programs are dictionaries of matches, and hashing every part of
  /// their entries for itself was a twentieth of what a controller does.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(
      UInt64(self.field.oxmClass) << 48 | UInt64(self.field.number) << 32 | UInt64(self.field.experimenter))
    hasher.combine(UInt64(truncatingIfNeeded: self.value))
    // Few have more, and those that do differ in it.
    let high = UInt64(truncatingIfNeeded: self.value >> 64)
    if high != 0 { hasher.combine(high) }
    if let mask { hasher.combine(UInt64(truncatingIfNeeded: mask)) }
  }
}

/// A value of more than 128 bits and its mask. A reference, so that entries of other fields need not have room for it.
final class WideValue: Sendable, Hashable {
  let value: [UInt8]
  let mask: [UInt8]?

  init(value: [UInt8], mask: [UInt8]?) {
    let hasMask = mask?.contains { $0 != 0xff } ?? false
    self.mask = hasMask ? mask : nil
    self.value = hasMask ? zip(value, mask ?? []).map { $0 & $1 } : value
  }

  convenience init(_ field: MatchField, _ value: UInt128, mask: UInt128?) {
    self.init(value: value.bytes(field.byteCount), mask: mask?.bytes(field.byteCount))
  }

  static func == (a: WideValue, b: WideValue) -> Bool { a.value == b.value && a.mask == b.mask }

  func hash(into hasher: inout Hasher) {
    hasher.combine(self.value)
    hasher.combine(self.mask)
  }
}

extension UInt128 {
  /// The number that the last 16 of these bytes are, first one highest.
  init(low bytes: [UInt8]) { self = bytes.reduce(0) { $0 << 8 | UInt128($1) } }

  /// The low `count` bytes, highest first.
  func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: self >> UInt128(8 * (count - 1 - $0))) }
  }
}
