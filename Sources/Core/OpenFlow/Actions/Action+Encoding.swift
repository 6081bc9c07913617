// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension Action {
  /// Writes `actions`, one after another.
  static func write(
    _ actions: [Action], to writer: inout WireWriter, version: ProtocolVersion, inConntrack: Bool = false
  ) throws(OpenFlowEncodingError) {
    for action in actions { try action.write(to: &writer, version: version, inConntrack: inConntrack) }
  }

  private func write(
    to writer: inout WireWriter, version: ProtocolVersion, inConntrack: Bool
  ) throws(OpenFlowEncodingError) {
    let start = writer.count
    switch self {
    case .output(let port, let maxLength):
      Self.writeHeader(to: &writer, ActionType.output, length: 16)
      writer.write(port.rawValue)
      writer.write(port == .controller ? maxLength : 0)
      writer.writeZeros(6)
    case .group(let group):
      Self.writeHeader(to: &writer, ActionType.group, length: 8)
      writer.write(group.rawValue)
    case .setQueue(let queue):
      Self.writeHeader(to: &writer, ActionType.setQueue, length: 8)
      writer.write(queue)
    case .setField(let entry): try entry.writeSetting(to: &writer, version: version)
    case .move(let source, let destination):
      try Self.writeMove(from: source, to: destination, writer: &writer, version: version)
    case .pushVLAN(let ethernetType):
      Self.writeHeader(to: &writer, ActionType.pushVLAN, length: 8)
      writer.write(UInt32(ethernetType) << 16)
    case .popVLAN:
      Self.writeHeader(to: &writer, ActionType.popVLAN, length: 8)
      writer.writeZeros(4)
    case .setTTL(let ttl):
      Self.writeHeader(to: &writer, ActionType.setTTL, length: 8)
      writer.write(UInt32(ttl) << 24)
    case .decrementTTL:
      Self.writeHeader(to: &writer, ActionType.decrementTTL, length: 8)
      writer.writeZeros(4)
    case .conntrack(let conntrack):
      guard !inConntrack else { throw .invalid(what: "ct", problem: "stands within another ct") }
      try conntrack.write(to: &writer, version: version)
    case .nat(let nat): try nat.write(to: &writer)
    case .experimenter(let id, let body):
      guard body.count % 8 == 0 else {
        throw .invalid(what: "experimenter action", problem: "has a body of \(body.count) bytes, no multiple of 8")
      }
      Self.writeHeader(to: &writer, ActionType.experimenter, length: 0)
      writer.write(id)
      writer.writeBytes(body)
      try writer.patchLength(at: start + 2, since: start, "experimenter action")
    case .unknown(let type, let body):
      guard body.count % 8 == 4 else {
        throw .invalid(what: "action \(type)", problem: "has a body of \(body.count) bytes, not of 8·n + 4")
      }
      Self.writeHeader(to: &writer, type, length: 0)
      writer.writeBytes(body)
      try writer.patchLength(at: start + 2, since: start, "action")
    }
  }

  private static func writeHeader(to writer: inout WireWriter, _ type: UInt16, length: UInt16) {
    writer.write(UInt32(type) << 16 | UInt32(length))
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
    let start = writer.count
    switch version {
    case .v1_3: writeNiciraHeader(to: &writer, subtype: NiciraActionType.move)
    case .v1_5: writeHeader(to: &writer, ActionType.copyField, length: 0)
    }
    writer.write(source.bitCount)
    writer.write(source.offset)
    writer.write(destination.offset)
    if version == .v1_5 { writer.writeZeros(2) }
    source.field.writeHeader(to: &writer, hasMask: false, version: version)
    destination.field.writeHeader(to: &writer, hasMask: false, version: version)
    writer.writePadding(since: start)
    try writer.patchLength(at: start + 2, since: start, "move")
  }
}

extension MatchEntry {
  /// OFPAT_SET_FIELD; in 1.3, where that cannot have a mask, NXAST_REG_LOAD2 for one that has.
  fileprivate func writeSetting(
    to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
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
