// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// NXAST_REG_LOAD, in which Open vSwitch returns over 1.3 what sets some bits of a field. It is read as `setField`.
extension Action {
  /// Whether the next action is one.
  static func isLoad(_ reader: WireReader) -> Bool {
    var ahead = reader
    guard let type = try? ahead.read(UInt16.self, "action type"), type == ActionType.experimenter,
      (try? ahead.skip(2)) != nil, (try? ahead.read(UInt32.self, "experimenter")) == ExperimenterMessage.nicira
    else { return false }
    return (try? ahead.read(UInt16.self, "subtype")) == NiciraActionType.load
  }

  /// Both settings as one, if they set different bits of one field.
  func joined(with other: Action) -> Action? {
    guard case .setField(let first) = self, case .setField(let second) = other, first.field == second.field,
      let firstMask = first.mask, let secondMask = second.mask, firstMask & secondMask == 0,
      first.wide == nil, second.wide == nil
    else { return nil }
    return .setField(MatchEntry(first.field, first.value | second.value, mask: firstMask | secondMask))
  }

  static func load(reading body: inout WireReader) throws(OpenFlowDecodingError) -> Action {
    let offset = body.offset
    let bits = try body.read(UInt16.self, "bits to load")
    let slice = try FieldSlice(offsetAndCount: bits, field: OXMHeader.short(&body), at: offset)
    let value = try body.read(UInt64.self, "value to load")
    let mask = slice.bitCount == 64 ? UInt64.max : (1 << UInt64(slice.bitCount)) - 1
    guard value & ~mask == 0 else {
      throw .badValue(
        what: "value to load", offset: offset + 6, value: value, accepted: "of \(slice.bitCount) bits")
    }
    let shift = UInt128(slice.offset)
    guard slice.field.isWide else {
      return .setField(MatchEntry(slice.field, UInt128(value) << shift, mask: UInt128(mask) << shift))
    }
    guard
      let entry = MatchEntry(
        slice.field, bytes: Self.bytes(value, of: slice), mask: Self.bytes(mask, of: slice))
    else { throw .badLength(what: "value to load", offset: offset, length: 8, accepted: "that of \(slice)") }
    return .setField(entry)
  }

  /// A wide field's bytes, in which these 64 bits are at the slice's place and all others are 0.
  private static func bytes(_ bits: UInt64, of slice: FieldSlice) -> [UInt8] {
    let count = slice.field.byteCount
    let byte = Int(slice.offset) / 8
    let shifted = UInt128(bits) << UInt128(slice.offset % 8)
    return (0..<count).map { index in
      let place = count - 1 - index - byte
      return (0..<16).contains(place) ? UInt8(truncatingIfNeeded: shifted >> UInt128(8 * place)) : 0
    }
  }
}
