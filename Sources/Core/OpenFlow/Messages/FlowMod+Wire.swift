// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

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

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 || self.importance == 0 else {
      throw .unsupported(what: "importance of a flow", version: version)
    }
    let deletes = self.command == .delete || self.command == .deleteStrict
    try self.match.validate(deletes ? [] : self.instructions)
    writer.write(self.cookie)
    writer.write(self.cookieMask)
    writer.write(self.tableID)
    writer.write(self.command.rawValue)
    writer.write(self.idleTimeout)
    writer.write(self.hardTimeout)
    writer.write(self.priority)
    writer.write(try BufferID.wire(self.bufferID))
    writer.write(self.outPort.rawValue)
    writer.write(self.outGroup.rawValue)
    writer.write(self.flags.rawValue)
    writer.write(self.importance)
    try self.match.write(to: &writer, version: version)
    try Instruction.write(self.instructions, to: &writer, version: version)
  }
}
