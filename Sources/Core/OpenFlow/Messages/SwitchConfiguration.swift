// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How a switch treats fragments and PACKET_INs (OpenFlow 1.3.5, 7.3.2).
public struct SwitchConfiguration: Sendable, Hashable {
  /// OFPC_FRAG_*: what happens to IP fragments. 0 nothing special, 1 dropped, 2 reassembled
  public var flags: UInt16
  /// How many bytes of a packet a table miss sends to the controller; 0xffff: all.
  public var missSendLength: UInt16

  /// OFPCML_NO_BUFFER: whole packets.
  public static let wholePacket: UInt16 = 0xffff

  /// Fragments are nothing special and PACKET_INs carry whole packets, unless said otherwise.
  public init(flags: UInt16 = 0, missSendLength: UInt16 = SwitchConfiguration.wholePacket) {
    self.flags = flags
    self.missSendLength = missSendLength
  }
}

extension SwitchConfiguration {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.flags = try reader.read(UInt16.self, "configuration flags")
    self.missSendLength = try reader.read(UInt16.self, "miss_send_len")
  }

  func write(to writer: inout WireWriter) {
    writer.write(self.flags)
    writer.write(self.missSendLength)
  }
}

extension SwitchConfiguration: FieldCodable {
  static let defaults = SwitchConfiguration()
  static let fields: [CodedField<SwitchConfiguration>] = [
    .required("flags", \.flags), .required("miss_send_len", \.missSendLength),
  ]
}
