// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension Action {
  /// Writes `actions`, one after another.
  static func write(
    _ actions: [Action], to buffer: inout ByteBuffer, version: ProtocolVersion, inConntrack: Bool = false
  ) throws(OpenFlowEncodingError) {
    for action in actions { try action.write(to: &buffer, version: version, inConntrack: inConntrack) }
  }

  private func write(
    to buffer: inout ByteBuffer, version: ProtocolVersion, inConntrack: Bool
  ) throws(OpenFlowEncodingError) {
    let start = buffer.writerIndex
    switch self {
    case .output(let port, let maxLength):
      Self.writeHeader(to: &buffer, ActionType.output, length: 16)
      buffer.writeInteger(port.rawValue)
      buffer.writeInteger(port == .controller ? maxLength : 0)
      buffer.writeZeros(6)
    case .group(let group):
      Self.writeHeader(to: &buffer, ActionType.group, length: 8)
      buffer.writeInteger(group.rawValue)
    case .setQueue(let queue):
      Self.writeHeader(to: &buffer, ActionType.setQueue, length: 8)
      buffer.writeInteger(queue)
    case .setField(let entry): try entry.writeSetting(to: &buffer, version: version)
    case .move(let source, let destination):
      try Self.writeMove(from: source, to: destination, buffer: &buffer, version: version)
    case .pushVLAN(let ethernetType):
      Self.writeHeader(to: &buffer, ActionType.pushVLAN, length: 8)
      buffer.writeInteger(UInt32(ethernetType) << 16)
    case .popVLAN:
      Self.writeHeader(to: &buffer, ActionType.popVLAN, length: 8)
      buffer.writeZeros(4)
    case .setTTL(let ttl):
      Self.writeHeader(to: &buffer, ActionType.setTTL, length: 8)
      buffer.writeInteger(UInt32(ttl) << 24)
    case .decrementTTL:
      Self.writeHeader(to: &buffer, ActionType.decrementTTL, length: 8)
      buffer.writeZeros(4)
    case .conntrack(let conntrack):
      guard !inConntrack else { throw .invalid(what: "ct", problem: "stands within another ct") }
      try conntrack.write(to: &buffer, version: version)
    case .nat(let nat): try nat.write(to: &buffer)
    case .experimenter(let id, let body):
      guard body.count % 8 == 0 else {
        throw .invalid(what: "experimenter action", problem: "has a body of \(body.count) bytes, no multiple of 8")
      }
      Self.writeHeader(to: &buffer, ActionType.experimenter, length: 0)
      buffer.writeInteger(id)
      buffer.writeBytes(body)
      try buffer.patchLength(at: start + 2, since: start, "experimenter action")
    case .unknown(let type, let body):
      guard body.count % 8 == 4 else {
        throw .invalid(what: "action \(type)", problem: "has a body of \(body.count) bytes, not of 8·n + 4")
      }
      Self.writeHeader(to: &buffer, type, length: 0)
      buffer.writeBytes(body)
      try buffer.patchLength(at: start + 2, since: start, "action")
    }
  }

  private static func writeHeader(to buffer: inout ByteBuffer, _ type: UInt16, length: UInt16) {
    buffer.writeInteger(UInt32(type) << 16 | UInt32(length))
  }

  /// NXAST_REG_MOVE in 1.3, OFPAT_COPY_FIELD in 1.5.
  private static func writeMove(
    from source: FieldSlice, to destination: FieldSlice, buffer: inout ByteBuffer, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    try source.check()
    try destination.check()
    guard source.bitCount == destination.bitCount else {
      throw .invalid(
        what: "move",
        problem: "has \(source.bitCount) bits of \(source.field), but \(destination.bitCount) of \(destination.field)")
    }
    let start = buffer.writerIndex
    switch version {
    case .v1_3: writeNiciraHeader(to: &buffer, subtype: NiciraActionType.move)
    case .v1_5: writeHeader(to: &buffer, ActionType.copyField, length: 0)
    }
    buffer.writeInteger(source.bitCount)
    buffer.writeInteger(source.offset)
    buffer.writeInteger(destination.offset)
    if version == .v1_5 { buffer.writeZeros(2) }
    source.field.writeHeader(to: &buffer, hasMask: false, version: version)
    destination.field.writeHeader(to: &buffer, hasMask: false, version: version)
    buffer.writePadding(since: start)
    try buffer.patchLength(at: start + 2, since: start, "move")
  }
}

extension MatchEntry {
  /// OFPAT_SET_FIELD; in 1.3, where that cannot have a mask, NXAST_REG_LOAD2 for one that has.
  fileprivate func writeSetting(
    to buffer: inout ByteBuffer, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    let start = buffer.writerIndex
    if version == .v1_3, self.mask != nil {
      Action.writeNiciraHeader(to: &buffer, subtype: NiciraActionType.loadField)
    } else {
      buffer.writeInteger(UInt32(ActionType.setField) << 16)
    }
    try self.write(to: &buffer, version: version)
    buffer.writePadding(since: start)
    try buffer.patchLength(at: start + 2, since: start, "set_field")
  }
}
