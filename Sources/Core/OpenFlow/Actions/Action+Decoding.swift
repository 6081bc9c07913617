// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension Action {
  /// Reads actions until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion, within nesting: ActionNesting = .none
  ) throws(OpenFlowDecodingError) -> [Action] {
    try nesting.check(at: reader.offset)
    var actions: [Action] = []
    if reader.remaining > 0 { actions.reserveCapacity(min(reader.remaining / 16 + 1, 16)) }
    var wasLoad = false
    while reader.remaining > 0 {
      let isLoad = Self.isLoad(reader)
      let action = try Action(reading: &reader, version: version, within: nesting)
      // Open vSwitch returns over 1.3 one NXAST_REG_LOAD for each run of bits that a set_field sets.
      if isLoad, wasLoad, let last = actions.last, let both = last.joined(with: action) {
        actions[actions.endIndex - 1] = both
      } else {
        actions.append(action)
      }
      wasLoad = isLoad
    }
    return actions
  }

  private init(
    reading reader: inout WireReader, version: ProtocolVersion, within nesting: ActionNesting
  ) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let type = try reader.read(UInt16.self, "action type")
    let length = Int(try reader.read(UInt16.self, "action length"))
    guard length >= 8, length % 8 == 0 else {
      throw .badLength(what: "action", offset: offset, length: length, accepted: "a multiple of 8, at least 8")
    }
    var body = try reader.slice(length - 4, "action")
    switch (type, version) {
    case (ActionType.output, _):
      let port = PortNumber(try body.read(UInt32.self, "output port"))
      let maxLength = try body.read(UInt16.self, "output length")
      try body.skip(6)
      self = .output(port: port, maxLength: port == .controller ? maxLength : Self.wholePacket)
    case (ActionType.setField, _):
      self = .setField(try MatchEntry(reading: &body))
      body.skipPadding(after: body.offset - offset)
    case (ActionType.copyField, .v1_5):
      self = try .copy(reading: &body)
      body.skipPadding(after: body.offset - offset)
    case (ActionType.meter, .v1_5): self = .meter(try body.read(UInt32.self, "meter"))
    case (ActionType.experimenter, _):
      self = try .experimenter(reading: &body, version: version, within: nesting)
    default: self = try .short(type: type, reading: &body)
    }
    try body.expectEnd("action")
  }

  /// Reads the four bytes that most actions have, or all of an action that this module does not read.
  private static func short(type: UInt16, reading body: inout WireReader) throws(OpenFlowDecodingError) -> Action {
    let action: Action
    var rest = body
    switch type {
    case ActionType.group: action = .group(GroupNumber(try rest.read(UInt32.self, "group")))
    case ActionType.setQueue: action = .setQueue(try rest.read(UInt32.self, "queue"))
    case ActionType.pushVLAN: action = .pushVLAN(ethernetType: try rest.read(UInt16.self, "VLAN tag's EtherType"))
    case ActionType.pushMPLS: action = .pushMPLS(ethernetType: try rest.read(UInt16.self, "label's EtherType"))
    case ActionType.popMPLS: action = .popMPLS(ethernetType: try rest.read(UInt16.self, "payload's EtherType"))
    case ActionType.pushPBB: action = .pushPBB(ethernetType: try rest.read(UInt16.self, "service tag's EtherType"))
    case ActionType.setTTL: action = .setTTL(try rest.read(UInt8.self, "time to live"))
    case ActionType.setMPLSTTL: action = .setMPLSTTL(try rest.read(UInt8.self, "time to live"))
    case ActionType.popVLAN: action = .popVLAN
    case ActionType.popPBB: action = .popPBB
    case ActionType.decrementTTL: action = .decrementTTL
    case ActionType.decrementMPLSTTL: action = .decrementMPLSTTL
    case ActionType.copyTTLOut: action = .copyTTLOut
    case ActionType.copyTTLIn: action = .copyTTLIn
    default: return .unknown(type: type, body: body.readRest())
    }
    try body.skip(4)
    return action
  }

  /// Count, two offsets, and two fields, in NXAST_REG_MOVE.
  static func move(reading body: inout WireReader) throws(OpenFlowDecodingError) -> Action {
    try self.move(reading: &body, padding: 0)
  }

  /// The same with two bytes of padding before the fields, in OFPAT_COPY_FIELD.
  static func copy(reading body: inout WireReader) throws(OpenFlowDecodingError) -> Action {
    try self.move(reading: &body, padding: 2)
  }

  private static func move(
    reading body: inout WireReader, padding: Int
  ) throws(OpenFlowDecodingError) -> Action {
    let offset = body.offset
    let bitCount = try body.read(UInt16.self, "bits to move")
    let sourceOffset = try body.read(UInt16.self, "source offset")
    let destinationOffset = try body.read(UInt16.self, "destination offset")
    try body.skip(padding)
    let source = FieldSlice(try OXMHeader(reading: &body).field(), offset: sourceOffset, bitCount: bitCount)
    let destination = FieldSlice(
      try OXMHeader(reading: &body).field(), offset: destinationOffset, bitCount: bitCount)
    try source.check(at: offset)
    try destination.check(at: offset)
    return .move(source: source, destination: destination)
  }
}
