// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Experimenters' actions: type 0xffff, length, the experimenter's id, a subtype, and what that subtype has. Most of
/// those that are read here are Nicira's (ovs-actions(7)).
extension Action {
  /// Reads what follows type and length of an experimenter's action.
  static func experimenter(
    reading body: inout WireReader, version: ProtocolVersion, within nesting: ActionNesting
  ) throws(OpenFlowDecodingError) -> Action {
    var ahead = body
    let start = body.offset - 4
    let id = try ahead.read(UInt32.self, "action's experimenter")
    var action: Action?
    if id == ExperimenterMessage.nicira || id == ExperimenterMessage.onf {
      let subtype = try ahead.read(UInt16.self, "action's subtype")
      if id == ExperimenterMessage.onf {
        action = try Self.onf(subtype: subtype, reading: &ahead)
      } else if let writing = try Self.niciraField(subtype: subtype, reading: &ahead) {
        action = writing
      } else if let nested = try Self.niciraNesting(
        subtype: subtype, reading: &ahead, version: version, within: nesting, at: start)
      {
        action = nested
      } else {
        action = try Self.nicira(subtype: subtype, reading: &ahead)
      }
    }
    guard let action else {
      try body.skip(4)
      return .experimenter(id: id, body: body.readRest())
    }
    // Whatever is left after what was read is padding to 8 bytes, but for actions of a fixed greater length.
    body = ahead
    body.skipPadding(after: body.offset - start)
    return action
  }

  private static func onf(subtype: UInt16, reading body: inout WireReader) throws(OpenFlowDecodingError) -> Action? {
    guard subtype == ONFActionType.copyField else { return nil }
    try body.skip(2)
    return try self.copy(reading: &body)
  }

  /// Actions that read or write a field.
  private static func niciraField(
    subtype: UInt16, reading body: inout WireReader
  ) throws(OpenFlowDecodingError) -> Action? {
    switch subtype {
    case NiciraActionType.move: return try move(reading: &body)
    case NiciraActionType.load: return try load(reading: &body)
    case NiciraActionType.loadField: return .setField(try MatchEntry(reading: &body))
    case NiciraActionType.setTunnel:
      try body.skip(2)
      return .setTunnel(UInt64(try body.read(UInt32.self, "tunnel's number")))
    case NiciraActionType.setTunnel64:
      try body.skip(6)
      return .setTunnel(try body.read(UInt64.self, "tunnel's number"))
    case NiciraActionType.pushField, NiciraActionType.popField:
      let offset = body.offset
      let first = try body.read(UInt16.self, "offset")
      let field = try OXMHeader(reading: &body).field()
      let slice = FieldSlice(field, offset: first, bitCount: try body.read(UInt16.self, "bits"))
      try slice.check(at: offset)
      _ = body.readRest()
      return subtype == NiciraActionType.pushField ? .pushField(slice) : .popField(slice)
    case NiciraActionType.outputField, NiciraActionType.outputField2:
      return try outputField(reading: &body, isLong: subtype == NiciraActionType.outputField2)
    case NiciraActionType.checkPacketLarger:
      let offset = body.offset
      let length = try body.read(UInt16.self, "packet's length")
      let bit = try body.read(UInt16.self, "result's bit")
      let slice = FieldSlice(try OXMHeader(reading: &body).field(), offset: bit, bitCount: 1)
      try slice.check(at: offset)
      _ = body.readRest()
      return .checkPacketLarger(length: length, result: slice)
    case NiciraActionType.deleteField:
      let field = try OXMHeader(reading: &body).field()
      _ = body.readRest()
      return .deleteField(field)
    default: return nil
    }
  }

  private static func outputField(
    reading body: inout WireReader, isLong: Bool
  ) throws(OpenFlowDecodingError) -> Action {
    let offset = body.offset
    let bits = try body.read(UInt16.self, "output's bits")
    if isLong {
      let maxLength = try body.read(UInt16.self, "output length")
      let slice = try FieldSlice(offsetAndCount: bits, field: OXMHeader(reading: &body).field(), at: offset)
      _ = body.readRest()
      return .outputField(slice, maxLength: maxLength)
    }
    let slice = try FieldSlice(offsetAndCount: bits, field: OXMHeader.short(&body), at: offset)
    let maxLength = try body.read(UInt16.self, "output length")
    try body.skip(6)
    return .outputField(slice, maxLength: maxLength)
  }

  /// Actions that have actions of their own, or stand only there.
  private static func niciraNesting(
    subtype: UInt16, reading body: inout WireReader, version: ProtocolVersion, within nesting: ActionNesting,
    at start: Int
  ) throws(OpenFlowDecodingError) -> Action? {
    switch subtype {
    case NiciraActionType.conntrack:
      guard !nesting.isInConntrack else {
        throw .badValue(
          what: "action within ct", offset: start, value: UInt64(subtype), accepted: "any other than ct")
      }
      return .conntrack(try ConntrackAction(reading: &body, version: version, within: nesting))
    case NiciraActionType.nat: return .nat(try NATAction(reading: &body))
    case NiciraActionType.clone:
      try body.skip(6)
      return .clone(try Action.list(reading: &body, version: version, within: nesting.clone))
    default: return nil
    }
  }

  /// All others.
  private static func nicira(
    subtype: UInt16, reading body: inout WireReader
  ) throws(OpenFlowDecodingError) -> Action? {
    switch subtype {
    case NiciraActionType.resubmit, NiciraActionType.resubmitTable, NiciraActionType.resubmitTableConntrack:
      return .resubmit(try ResubmitAction(reading: &body, subtype: subtype))
    case NiciraActionType.popQueue: return .popQueue
    case NiciraActionType.exit: return .exit
    case NiciraActionType.clearConntrack: return .clearConntrack
    case NiciraActionType.decrementNSHTTL: return .decrementNSHTTL
    case NiciraActionType.note: return .note(body.readRest())
    case NiciraActionType.multipath: return .multipath(try MultipathAction(reading: &body))
    case NiciraActionType.bundle, NiciraActionType.bundleLoad:
      return .bundle(try BundleAction(reading: &body, subtype: subtype))
    case NiciraActionType.learn, NiciraActionType.learn2:
      return .learn(try LearnAction(reading: &body, subtype: subtype))
    case NiciraActionType.conjunction: return .conjunction(try Conjunction(reading: &body))
    case NiciraActionType.controller: return .controller(try ControllerAction(reading: &body))
    case NiciraActionType.controller2: return .controller(try ControllerAction(readingProperties: &body))
    case NiciraActionType.sample, NiciraActionType.sample2, NiciraActionType.sample3:
      return .sample(try SampleAction(reading: &body, subtype: subtype))
    case NiciraActionType.finTimeout:
      let idle = try body.read(UInt16.self, "idle timeout after FIN")
      return .finTimeout(idle: idle, hard: try body.read(UInt16.self, "hard timeout after FIN"))
    case NiciraActionType.outputTruncated:
      let port = PortNumber(legacy: try body.read(UInt16.self, "output port"))
      return .outputTruncated(port: port, maxLength: try body.read(UInt32.self, "output length"))
    case NiciraActionType.decrementTTLTelling:
      let count = Int(try body.read(UInt16.self, "controllers"))
      try body.skip(4)
      var list = try body.slice(2 * count, "controllers")
      var controllers: [UInt16] = []
      while list.remaining > 0 { controllers.append(try list.read(UInt16.self, "controller's id")) }
      return .decrementTTLTelling(controllers: controllers)
    case NiciraActionType.writeMetadata:
      try body.skip(6)
      let value = try body.read(UInt64.self, "metadata")
      return .writeMetadata(value: value, mask: try body.read(UInt64.self, "mask"))
    default: return nil
    }
  }
}
