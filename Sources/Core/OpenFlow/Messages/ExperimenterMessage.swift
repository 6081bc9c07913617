// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// An extension's message (OpenFlow 1.3.5, 7.5.5).
public struct ExperimenterMessage: Sendable, Hashable {
  /// Whose extension: an IEEE OUI, or an id that the ONF gave out.
  public var experimenter: UInt32
  /// The experimenter's own message type.
  public var type: UInt32
  /// What follows.
  public var data: [UInt8]

  /// A message of `experimenter`.
  public init(experimenter: UInt32, type: UInt32, data: [UInt8]) {
    self.experimenter = experimenter
    self.type = type
    self.data = data
  }

  /// Nicira's id, under which Open vSwitch's extensions run.
  public static let nicira: UInt32 = 0x0000_2320
  /// The Open Networking Foundation's id.
  public static let onf: UInt32 = 0x4f4e_4600
}

extension MessageBody {
  /// Reads an experimenter's message: one of those that this module knows, or else as it is.
  static func experimenter(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> MessageBody {
    let experimenter = try reader.read(UInt32.self, "experimenter")
    let type = try reader.read(UInt32.self, "experimenter's message type")
    switch (experimenter, type) {
    case (ExperimenterMessage.nicira, ConntrackFlush.messageType):
      return .conntrackFlush(try ConntrackFlush(reading: &reader))
    default:
      return .experimenter(ExperimenterMessage(experimenter: experimenter, type: type, data: reader.readRest()))
    }
  }
}

extension ExperimenterMessage {
  func write(to writer: inout WireWriter) {
    writer.write(self.experimenter)
    writer.write(self.type)
    writer.writeBytes(self.data)
  }
}
