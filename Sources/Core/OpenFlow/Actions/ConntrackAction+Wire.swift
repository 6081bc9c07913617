// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// NXAST_CT: flags, the zone (a field's header, or 0 before a number), the table, the helper's port and the actions.
extension ConntrackAction {
  private static let commitFlag: UInt16 = 1 << 0
  private static let forceFlag: UInt16 = 1 << 1
  private static let noTable: UInt8 = 0xff

  init(
    reading body: inout WireReader, version: ProtocolVersion, within nesting: ActionNesting
  ) throws(OpenFlowDecodingError) {
    let offset = body.offset
    let flags = try body.read(UInt16.self, "ct flags")
    guard flags & ~(Self.commitFlag | Self.forceFlag) == 0 else {
      throw .badValue(what: "ct flags", offset: offset, value: UInt64(flags), accepted: "0 to 3")
    }
    let zone = try Zone(reading: &body)
    let table = try body.read(UInt8.self, "ct table")
    try body.skip(3)
    let algorithm = try body.read(UInt16.self, "ct algorithm")
    self.init(
      commit: flags & Self.commitFlag != 0, force: flags & Self.forceFlag != 0, zone: zone,
      table: table == Self.noTable ? nil : table, algorithm: algorithm,
      actions: try Action.list(reading: &body, version: version, within: nesting.conntrack))
  }

  func write(
    to writer: inout WireWriter, version: ProtocolVersion, within nesting: ActionNesting
  ) throws(OpenFlowEncodingError) {
    guard self.table != Self.noTable else {
      throw .invalid(what: "ct", problem: "goes on in table 255, but there are tables 0 to 254 only")
    }
    let start = writer.count
    Action.writeNiciraHeader(to: &writer, subtype: NiciraActionType.conntrack)
    writer.write((self.commit ? Self.commitFlag : 0) | (self.force ? Self.forceFlag : 0))
    try self.zone.write(to: &writer)
    writer.write(UInt32(self.table ?? Self.noTable) << 24)
    writer.write(self.algorithm)
    try Action.write(self.actions, to: &writer, version: version, within: nesting.conntrack)
    try writer.patchLength(at: start + 2, since: start, "ct")
  }
}

extension ConntrackAction.Zone {
  init(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    var ahead = body
    guard try ahead.read(UInt32.self, "ct zone's field") != 0 else {
      try body.skip(4)
      self = .number(try body.read(UInt16.self, "ct zone"))
      return
    }
    let field = try OXMHeader.short(&body)
    let offset = body.offset
    let bits = try body.read(UInt16.self, "ct zone's bits")
    self = .field(try FieldSlice(offsetAndCount: bits, field: field, at: offset))
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    switch self {
    case .number(let number):
      writer.write(0 as UInt32)
      writer.write(number)
    case .field(let slice):
      let bits = try slice.checkedOffsetAndCount("ct zone")
      guard slice.bitCount == 16 else {
        throw .invalid(what: "field \(slice.field)", problem: "cannot hold a ct zone, which takes 16 bits")
      }
      try slice.field.writeShortHeader(to: &writer)
      writer.write(bits)
    }
  }
}
