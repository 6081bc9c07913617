// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A packet that the controller has a switch send (OpenFlow 1.3.5, 7.3.7; 1.5.1, 7.3.6).
public struct PacketOut: Sendable, Hashable {
  /// The packet that the switch keeps under this number; nil: the packet is in `data`.
  public var bufferID: UInt32?
  /// The port by which the packet shall seem to have come; `.controller` if by none.
  public var inPort: PortNumber
  /// Other metadata that the packet shall seem to have (1.5 only; must be empty in 1.3). Without `in_port`.
  public var metadata: Match
  /// What is done with it; an empty list drops it.
  public var actions: [Action]
  /// The packet from its Ethernet header on.
  public var data: [UInt8]

  /// Has a switch send `data`.
  public init(
    bufferID: UInt32? = nil, inPort: PortNumber = .controller, metadata: Match = .any, actions: [Action],
    data: [UInt8]
  ) {
    self.bufferID = bufferID
    self.inPort = inPort
    self.metadata = metadata
    self.actions = actions
    self.data = data
  }
}

/// In 1.3 the input port is a field of the message; in 1.5 it is part of a match, which may have more metadata.
extension PacketOut {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.bufferID = BufferID.read(try reader.read(UInt32.self, "buffer id"))
    switch version {
    case .v1_3:
      self.inPort = PortNumber(try reader.read(UInt32.self, "input port"))
      self.metadata = .any
      let length = Int(try reader.read(UInt16.self, "length of actions"))
      try reader.skip(6)
      var actions = try reader.slice(length, "actions")
      self.actions = try Action.list(reading: &actions, version: version)
    case .v1_5:
      let length = Int(try reader.read(UInt16.self, "length of actions"))
      try reader.skip(2)
      let offset = reader.offset
      var match = try Match(reading: &reader)
      guard let inPort = match.remove(.inPort) else {
        throw .badField(
          oxmClass: OXMClass.openflowBasic, number: MatchField.inPort.number, offset: offset,
          problem: "(in_port) is missing; a PACKET_OUT must have it")
      }
      self.inPort = PortNumber(UInt32(truncatingIfNeeded: inPort.value))
      self.metadata = match
      var actions = try reader.slice(length, "actions")
      self.actions = try Action.list(reading: &actions, version: version)
    }
    self.data = reader.readRest()
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(try BufferID.wire(self.bufferID))
    let lengthIndex: Int
    switch version {
    case .v1_3:
      guard self.metadata.entries.isEmpty else {
        throw .unsupported(what: "metadata other than in_port in PACKET_OUT", version: version)
      }
      writer.write(self.inPort.rawValue)
      lengthIndex = writer.count
      writer.writeZeros(8)
    case .v1_5:
      lengthIndex = writer.count
      writer.writeZeros(4)
      var match = self.metadata
      match.insert(.inPort(self.inPort))
      try match.validate()
      try match.write(to: &writer, version: version)
    }
    let start = writer.count
    try Action.write(self.actions, to: &writer, version: version)
    try writer.patchLength(at: lengthIndex, since: start, "actions of a PACKET_OUT")
    writer.writeBytes(self.data)
  }
}

extension PacketOut: FieldCodable {
  static let defaults = PacketOut(actions: [], data: [])
  static let fields: [CodedField<PacketOut>] = [
    .field("buffer_id", \.bufferID), .field("in_port", \.inPort), .field("match", \.metadata),
    .field("actions", \.actions), .field("data", \.data, as: HexBytes.self),
  ]
}
