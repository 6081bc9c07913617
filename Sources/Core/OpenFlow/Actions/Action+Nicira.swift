// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Nicira's actions as they are written.
extension Action {
  /// Writes type, a length (0 to be patched), id and subtype: 10 bytes.
  static func writeNiciraHeader(to writer: inout WireWriter, subtype: UInt16, length: UInt16 = 0) {
    self.writeHeader(to: &writer, ActionType.experimenter, length: length)
    writer.write(ExperimenterMessage.nicira)
    writer.write(subtype)
  }

  /// Writes one of Nicira's actions; does nothing for any other.
  func writeNicira(
    to writer: inout WireWriter, version: ProtocolVersion, within nesting: ActionNesting
  ) throws(OpenFlowEncodingError) {
    switch self {
    case .conntrack(let conntrack): try conntrack.write(to: &writer, version: version, within: nesting)
    case .nat(let nat): try nat.write(to: &writer)
    case .clone(let actions): try Self.writeClone(actions, to: &writer, version: version, within: nesting)
    case .resubmit(let resubmit): try resubmit.write(to: &writer)
    case .learn(let learn): try learn.write(to: &writer, version: version)
    case .conjunction(let conjunction): try conjunction.write(to: &writer)
    case .multipath(let multipath): try multipath.write(to: &writer)
    case .bundle(let bundle): try bundle.write(to: &writer)
    case .controller(let controller): try controller.write(to: &writer)
    case .sample(let sample): try sample.write(to: &writer)
    case .popQueue: Self.writeBare(to: &writer, NiciraActionType.popQueue)
    case .exit: Self.writeBare(to: &writer, NiciraActionType.exit)
    case .clearConntrack: Self.writeBare(to: &writer, NiciraActionType.clearConntrack)
    case .decrementNSHTTL: Self.writeBare(to: &writer, NiciraActionType.decrementNSHTTL)
    case .pushField(let slice):
      try Self.writeStack(slice, NiciraActionType.pushField, to: &writer, version: version)
    case .popField(let slice):
      try slice.field.checkIsSettable()
      try Self.writeStack(slice, NiciraActionType.popField, to: &writer, version: version)
    case .outputField(let slice, let maxLength):
      try Self.writeOutput(slice, maxLength: maxLength, to: &writer, version: version)
    case .checkPacketLarger(let length, let result):
      try result.checkIsOneBit("check_pkt_larger's result")
      try result.field.checkIsSettable()
      let start = writer.count
      Self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.checkPacketLarger, length: 24)
      writer.write(length)
      writer.write(result.offset)
      try result.field.writeHeader(to: &writer, hasMask: false, version: version)
      writer.writeZeros(24 - (writer.count - start))
    case .deleteField(let field):
      let start = writer.count
      Self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.deleteField, length: 24)
      try field.writeHeader(to: &writer, hasMask: false, version: version)
      writer.writeZeros(24 - (writer.count - start))
    case .outputTruncated(let port, let maxLength):
      Self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.outputTruncated, length: 16)
      writer.write(try port.legacy("output"))
      writer.write(maxLength)
    case .finTimeout(let idle, let hard):
      Self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.finTimeout, length: 16)
      writer.write(idle)
      writer.write(hard)
      writer.writeZeros(2)
    case .writeMetadata(let value, let mask):
      Self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.writeMetadata, length: 32)
      writer.writeZeros(6)
      writer.write(value)
      writer.write(mask)
    case .decrementTTLTelling(let controllers): try Self.writeDecrement(telling: controllers, to: &writer)
    case .note(let note): try Self.writeNote(note, to: &writer)
    default: break
    }
  }

  /// An action without anything but its name.
  private static func writeBare(to writer: inout WireWriter, _ subtype: UInt16) {
    self.writeNiciraHeader(to: &writer, subtype: subtype, length: 16)
    writer.writeZeros(6)
  }

  private static func writeClone(
    _ actions: [Action], to writer: inout WireWriter, version: ProtocolVersion, within nesting: ActionNesting
  ) throws(OpenFlowEncodingError) {
    let start = writer.count
    self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.clone)
    writer.writeZeros(6)
    try Action.write(actions, to: &writer, version: version, within: nesting.clone)
    try writer.patchLength(at: start + 2, since: start, "clone")
  }

  private static func writeStack(
    _ slice: FieldSlice, _ subtype: UInt16, to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    try slice.check()
    let start = writer.count
    self.writeNiciraHeader(to: &writer, subtype: subtype, length: 24)
    writer.write(slice.offset)
    try slice.field.writeHeader(to: &writer, hasMask: false, version: version)
    writer.write(slice.bitCount)
    writer.writeZeros(24 - (writer.count - start))
  }

  /// NXAST_OUTPUT_REG, or NXAST_OUTPUT_REG2 for an experimenter's field.
  private static func writeOutput(
    _ slice: FieldSlice, maxLength: UInt16, to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    let bits = try slice.checkedOffsetAndCount("output")
    let start = writer.count
    if slice.field.oxmClass == OXMClass.experimenter {
      self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.outputField2, length: 24)
      writer.write(bits)
      writer.write(maxLength)
      try slice.field.writeHeader(to: &writer, hasMask: false, version: version)
    } else {
      self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.outputField, length: 24)
      writer.write(bits)
      try slice.field.writeShortHeader(to: &writer)
      writer.write(maxLength)
    }
    writer.writeZeros(24 - (writer.count - start))
  }

  private static func writeDecrement(
    telling controllers: [UInt16], to writer: inout WireWriter
  ) throws(OpenFlowEncodingError) {
    guard !controllers.isEmpty, let count = UInt16(exactly: controllers.count) else {
      throw .invalid(what: "dec_ttl", problem: "names \(controllers.count) controllers, but must name 1 to 65535")
    }
    let start = writer.count
    self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.decrementTTLTelling)
    writer.write(count)
    writer.writeZeros(4)
    for controller in controllers { writer.write(controller) }
    writer.writePadding(since: start)
    try writer.patchLength(at: start + 2, since: start, "dec_ttl")
  }

  private static func writeNote(_ note: [UInt8], to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard note.count % 8 == 6 else {
      throw .invalid(what: "note", problem: "has \(note.count) bytes, not 8·n + 6; note(padding:) adds zeros")
    }
    let start = writer.count
    self.writeNiciraHeader(to: &writer, subtype: NiciraActionType.note)
    writer.writeBytes(note)
    try writer.patchLength(at: start + 2, since: start, "note")
  }
}
