// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Experimenters' actions: type 0xffff, length, the experimenter's id, a subtype, and what that subtype has. Most of
/// those that are read here are Nicira's (ovs-actions(7)).
extension Action {
  /// Reads what follows type and length of an experimenter's action.
  static func experimenter(
    reading body: inout WireReader, version: ProtocolVersion, inConntrack: Bool
  ) throws(OpenFlowDecodingError) -> Action {
    let whole = body
    let start = body.offset - 4
    let id = try body.read(UInt32.self, "action's experimenter")
    guard id == ExperimenterMessage.nicira || id == ExperimenterMessage.onf else {
      return .experimenter(id: id, body: body.readRest())
    }
    let subtype = try body.read(UInt16.self, "action's subtype")
    switch (id, subtype) {
    case (ExperimenterMessage.nicira, NiciraActionType.move):
      let action = try move(reading: &body)
      body.skipPadding(after: body.offset - start)
      return action
    case (ExperimenterMessage.onf, ONFActionType.copyField):
      try body.skip(2)
      let action = try copy(reading: &body)
      body.skipPadding(after: body.offset - start)
      return action
    case (ExperimenterMessage.nicira, NiciraActionType.load): return try load(reading: &body)
    case (ExperimenterMessage.nicira, NiciraActionType.loadField):
      let entry = try MatchEntry(reading: &body)
      body.skipPadding(after: body.offset - start)
      return .setField(entry)
    case (ExperimenterMessage.nicira, NiciraActionType.conntrack):
      guard !inConntrack else {
        throw .badValue(
          what: "action within ct", offset: start, value: UInt64(subtype), accepted: "any other than ct")
      }
      return .conntrack(try ConntrackAction(reading: &body, version: version))
    case (ExperimenterMessage.nicira, NiciraActionType.nat):
      let nat = try NATAction(reading: &body)
      body.skipPadding(after: body.offset - start)
      return .nat(nat)
    default:
      body = whole
      try body.skip(4)
      return .experimenter(id: id, body: body.readRest())
    }
  }

  /// NXAST_REG_LOAD, in which Open vSwitch returns over 1.3 what sets some bits of a field.
  private static func load(reading body: inout WireReader) throws(OpenFlowDecodingError) -> Action {
    let offset = body.offset
    let bits = try body.read(UInt16.self, "bits to load")
    let slice = try FieldSlice(
      offsetAndCount: bits, field: OXMHeader(reading: &body).field(), at: offset)
    let value = try body.read(UInt64.self, "value to load")
    let mask = slice.bitCount == 64 ? UInt64.max : (1 << UInt64(slice.bitCount)) - 1
    guard value & ~mask == 0 else {
      throw .badValue(
        what: "value to load", offset: offset + 6, value: value, accepted: "of \(slice.bitCount) bits")
    }
    let shift = UInt128(slice.offset)
    return .setField(MatchEntry(slice.field, UInt128(value) << shift, mask: UInt128(mask) << shift))
  }

  /// Writes type, a length of 0 (to be patched), id and subtype.
  static func writeNiciraHeader(to writer: inout WireWriter, subtype: UInt16) {
    writer.write(UInt32(ActionType.experimenter) << 16)
    writer.write(ExperimenterMessage.nicira)
    writer.write(subtype)
  }
}
