// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// ofp_flow_mod; 1.5 has the importance where 1.3 has padding.
extension FlowMod {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let cookie = try reader.read(UInt64.self, "cookie")
    let cookieMask = try reader.read(UInt64.self, "cookie mask")
    let tableID = try reader.read(UInt8.self, "table")
    let offset = reader.offset
    let number = try reader.read(UInt8.self, "flow_mod command")
    guard let command = Command(rawValue: number) else {
      throw .badValue(what: "flow_mod command", offset: offset, value: UInt64(number), accepted: "0 to 4")
    }
    let idleTimeout = try reader.read(UInt16.self, "idle timeout")
    let hardTimeout = try reader.read(UInt16.self, "hard timeout")
    let priority = try reader.read(UInt16.self, "priority")
    let bufferID = BufferID.read(try reader.read(UInt32.self, "buffer id"))
    let outPort = PortNumber(try reader.read(UInt32.self, "output port"))
    let outGroup = GroupNumber(try reader.read(UInt32.self, "output group"))
    let flags = FlowFlags(rawValue: try reader.read(UInt16.self, "flow flags"))
    let importance = try reader.read(UInt16.self, "importance")
    let match = try Match(reading: &reader)
    let instructions = try Instruction.list(reading: &reader, version: version)
    self.init(
      command: command, tableID: tableID, priority: priority, cookie: cookie, cookieMask: cookieMask,
      idleTimeout: idleTimeout, hardTimeout: hardTimeout, bufferID: bufferID, outPort: outPort, outGroup: outGroup,
      flags: flags, importance: version >= .v1_5 ? importance : 0, match: match, instructions: instructions)
  }

  func write(to buffer: inout ByteBuffer, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 || self.importance == 0 else {
      throw .unsupported(what: "importance of a flow", version: version)
    }
    buffer.writeInteger(self.cookie)
    buffer.writeInteger(self.cookieMask)
    buffer.writeInteger(self.tableID)
    buffer.writeInteger(self.command.rawValue)
    buffer.writeInteger(self.idleTimeout)
    buffer.writeInteger(self.hardTimeout)
    buffer.writeInteger(self.priority)
    buffer.writeInteger(try BufferID.wire(self.bufferID))
    buffer.writeInteger(self.outPort.rawValue)
    buffer.writeInteger(self.outGroup.rawValue)
    buffer.writeInteger(self.flags.rawValue)
    buffer.writeInteger(self.importance)
    try self.match.write(to: &buffer, version: version)
    try Instruction.write(self.instructions, to: &buffer, version: version)
  }
}
