// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension Action {
  /// Reads actions until nothing is left.
  ///
  /// - Parameter inConntrack: the actions stand within a `conntrack`, where no other one may stand: so no input can
  ///   make this function call itself more than once.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion, inConntrack: Bool = false
  ) throws(OpenFlowDecodingError) -> [Action] {
    var actions: [Action] = []
    while reader.remaining > 0 {
      actions.append(try Action(reading: &reader, version: version, inConntrack: inConntrack))
    }
    return actions
  }

  private init(
    reading reader: inout WireReader, version: ProtocolVersion, inConntrack: Bool
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
    case (ActionType.group, _): self = .group(GroupNumber(try body.read(UInt32.self, "group")))
    case (ActionType.setQueue, _): self = .setQueue(try body.read(UInt32.self, "queue"))
    case (ActionType.pushVLAN, _):
      self = .pushVLAN(ethernetType: try body.read(UInt16.self, "VLAN tag's EtherType"))
      try body.skip(2)
    case (ActionType.popVLAN, _):
      try body.skip(4)
      self = .popVLAN
    case (ActionType.setTTL, _):
      self = .setTTL(try body.read(UInt8.self, "time to live"))
      try body.skip(3)
    case (ActionType.decrementTTL, _):
      try body.skip(4)
      self = .decrementTTL
    case (ActionType.setField, _):
      self = .setField(try MatchEntry(reading: &body))
      body.skipPadding(after: body.offset - offset)
    case (ActionType.copyField, .v1_5):
      self = try .copy(reading: &body)
      body.skipPadding(after: body.offset - offset)
    case (ActionType.experimenter, _):
      self = try .experimenter(reading: &body, version: version, inConntrack: inConntrack)
    default: self = .unknown(type: type, body: body.readRest())
    }
    try body.expectEnd("action")
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
