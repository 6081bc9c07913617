// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_bundle_ctrl_msg
extension BundleControl {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.bundleID = try reader.read(UInt32.self, "bundle id")
    self.kind = Kind(rawValue: try reader.read(UInt16.self, "bundle control type"))
    self.flags = BundleFlags(rawValue: try reader.read(UInt16.self, "bundle flags"))
    self.properties = try WireProperty.rawList(reading: &reader)
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    writer.write(self.bundleID)
    writer.write(self.kind.rawValue)
    writer.write(self.flags.rawValue)
    for property in self.properties { try WireProperty.write(to: &writer, property) }
  }
}

/// ofp_bundle_add_msg: the added message is padded to 8 bytes only if properties follow it.
extension BundleAddMessage {
  /// - Parameters:
  ///   - xid: that of the message that this one is the body of.
  ///   - isEnclosed: that message stands within another one.
  init(
    reading reader: inout WireReader, version: ProtocolVersion, xid: UInt32, isEnclosed: Bool
  ) throws(OpenFlowDecodingError) {
    self.bundleID = try reader.read(UInt32.self, "bundle id")
    try reader.skip(2)
    self.flags = BundleFlags(rawValue: try reader.read(UInt16.self, "bundle flags"))
    let start = reader.offset
    let message = try Message(readingEnclosedIn: &reader, version: version, isEnclosed: isEnclosed)
    self.body = message.body
    self.xid = message.xid == xid ? nil : message.xid
    reader.skipPadding(after: reader.offset - start)
    self.properties = try WireProperty.rawList(reading: &reader)
  }

  /// - Parameter xid: that of the message that this one is the body of.
  func write(
    to writer: inout WireWriter, version: ProtocolVersion, xid: UInt32
  ) throws(OpenFlowEncodingError) {
    writer.write(self.bundleID)
    writer.writeZeros(2)
    writer.write(self.flags.rawValue)
    let start = writer.count
    try Message(xid: self.xid ?? xid, self.body).writeEnclosed(to: &writer, version: version)
    guard !self.properties.isEmpty else { return }
    writer.writePadding(since: start)
    for property in self.properties { try WireProperty.write(to: &writer, property) }
  }
}
