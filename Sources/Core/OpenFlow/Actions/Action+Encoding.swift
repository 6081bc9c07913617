// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension Action {
  /// Writes `actions`, one after another.
  static func write(
    _ actions: [Action], to writer: inout WireWriter, version: ProtocolVersion, within nesting: ActionNesting = .none
  ) throws(OpenFlowEncodingError) {
    try nesting.check()
    for action in actions {
      try action.checkPlace(within: nesting)
      try action.write(to: &writer, version: version, within: nesting)
    }
  }

  private func write(
    to writer: inout WireWriter, version: ProtocolVersion, within nesting: ActionNesting
  ) throws(OpenFlowEncodingError) {
    switch self {
    case .output(let port, let maxLength):
      Self.writeHeader(to: &writer, ActionType.output, length: 16)
      writer.write(port.rawValue)
      writer.write(port == .controller ? maxLength : 0)
      writer.writeZeros(6)
    case .setField(let entry): try entry.writeSetting(to: &writer, version: version)
    case .move(let source, let destination):
      try Self.writeMove(from: source, to: destination, writer: &writer, version: version)
    case .group(let group): Self.writeShort(to: &writer, ActionType.group, group.rawValue)
    case .setQueue(let queue): Self.writeShort(to: &writer, ActionType.setQueue, queue)
    case .pushVLAN(let ethernetType): Self.writeShort(to: &writer, ActionType.pushVLAN, UInt32(ethernetType) << 16)
    case .pushMPLS(let ethernetType): Self.writeShort(to: &writer, ActionType.pushMPLS, UInt32(ethernetType) << 16)
    case .popMPLS(let ethernetType): Self.writeShort(to: &writer, ActionType.popMPLS, UInt32(ethernetType) << 16)
    case .pushPBB(let ethernetType): Self.writeShort(to: &writer, ActionType.pushPBB, UInt32(ethernetType) << 16)
    case .setTTL(let ttl): Self.writeShort(to: &writer, ActionType.setTTL, UInt32(ttl) << 24)
    case .setMPLSTTL(let ttl): Self.writeShort(to: &writer, ActionType.setMPLSTTL, UInt32(ttl) << 24)
    case .popVLAN: Self.writeShort(to: &writer, ActionType.popVLAN, 0)
    case .popPBB: Self.writeShort(to: &writer, ActionType.popPBB, 0)
    case .decrementTTL: Self.writeShort(to: &writer, ActionType.decrementTTL, 0)
    case .decrementMPLSTTL: Self.writeShort(to: &writer, ActionType.decrementMPLSTTL, 0)
    case .copyTTLOut: Self.writeShort(to: &writer, ActionType.copyTTLOut, 0)
    case .copyTTLIn: Self.writeShort(to: &writer, ActionType.copyTTLIn, 0)
    case .meter(let meter):
      guard version >= .v1_5 else {
        throw .unsupported(what: "meter action (the instruction is for both versions)", version: version)
      }
      Self.writeShort(to: &writer, ActionType.meter, meter)
    case .experimenter(let id, let body): try Self.writeExperimenter(to: &writer, id, body)
    case .unknown(let type, let body): try Self.writeUnknown(to: &writer, type, body)
    default: try self.writeNicira(to: &writer, version: version, within: nesting)
    }
  }

  static func writeHeader(to writer: inout WireWriter, _ type: UInt16, length: UInt16) {
    writer.write(UInt32(type) << 16 | UInt32(length))
  }

  /// An action with four bytes after its length.
  private static func writeShort(to writer: inout WireWriter, _ type: UInt16, _ body: UInt32) {
    self.writeHeader(to: &writer, type, length: 8)
    writer.write(body)
  }

  private static func writeExperimenter(
    to writer: inout WireWriter, _ id: UInt32, _ body: [UInt8]
  ) throws(OpenFlowEncodingError) {
    guard body.count % 8 == 0 else {
      throw .invalid(what: "experimenter action", problem: "has a body of \(body.count) bytes, no multiple of 8")
    }
    let start = writer.count
    self.writeHeader(to: &writer, ActionType.experimenter, length: 0)
    writer.write(id)
    writer.writeBytes(body)
    try writer.patchLength(at: start + 2, since: start, "experimenter action")
  }

  private static func writeUnknown(
    to writer: inout WireWriter, _ type: UInt16, _ body: [UInt8]
  ) throws(OpenFlowEncodingError) {
    guard body.count % 8 == 4 else {
      throw .invalid(what: "action \(type)", problem: "has a body of \(body.count) bytes, not of 8·n + 4")
    }
    let start = writer.count
    self.writeHeader(to: &writer, type, length: 0)
    writer.writeBytes(body)
    try writer.patchLength(at: start + 2, since: start, "action")
  }

  /// NXAST_REG_MOVE in 1.3, OFPAT_COPY_FIELD in 1.5.
  private static func writeMove(
    from source: FieldSlice, to destination: FieldSlice, writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    try source.check()
    try destination.check()
    guard source.bitCount == destination.bitCount else {
      throw .invalid(
        what: "move",
        problem: "has \(source.bitCount) bits of \(source.field), but \(destination.bitCount) of \(destination.field)")
    }
    try destination.field.checkIsSettable()
    let start = writer.count
    switch version {
    case .v1_3: writeNiciraHeader(to: &writer, subtype: NiciraActionType.move)
    case .v1_5: writeHeader(to: &writer, ActionType.copyField, length: 0)
    }
    writer.write(source.bitCount)
    writer.write(source.offset)
    writer.write(destination.offset)
    if version == .v1_5 { writer.writeZeros(2) }
    try source.field.writeHeader(to: &writer, hasMask: false, version: version)
    try destination.field.writeHeader(to: &writer, hasMask: false, version: version)
    writer.writePadding(since: start)
    try writer.patchLength(at: start + 2, since: start, "move")
  }
}

extension MatchEntry {
  /// OFPAT_SET_FIELD; in 1.3, where that cannot have a mask, NXAST_REG_LOAD2 for one that has.
  fileprivate func writeSetting(
    to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    try self.field.checkIsSettable()
    if self.field == .vlanID, self.value & 0x1000 == 0 {
      throw .invalid(what: "set_field", problem: "sets \(self), but vlan_vid must be set with bit 0x1000")
    }
    let start = writer.count
    if version == .v1_3, self.mask != nil {
      Action.writeNiciraHeader(to: &writer, subtype: NiciraActionType.loadField)
    } else {
      writer.write(UInt32(ActionType.setField) << 16)
    }
    try self.write(to: &writer, version: version)
    writer.writePadding(since: start)
    try writer.patchLength(at: start + 2, since: start, "set_field")
  }
}
