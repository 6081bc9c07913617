// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a switch does with a packet (OpenFlow 1.3.5, 7.2.5; 1.5.1, 7.2.6).
///
/// The form is canonical: what a switch reads back decodes to the value that was sent, over 1.3 and 1.5 alike.
public indirect enum Action: Sendable, Hashable {
  /// OFPAT_OUTPUT: sends it out of `port`.
  ///
  /// `maxLength` is how many bytes go to the controller; `maximumLength` stands for the whole packet. It has a
  /// meaning for `.controller` only: for other ports it is sent as 0, and read as the default.
  case output(port: PortNumber, maxLength: UInt16 = Action.wholePacket)
  /// OFPAT_GROUP: hands it to a group.
  case group(GroupNumber)
  /// OFPAT_SET_QUEUE: chooses the queue of the port by which it will leave.
  case setQueue(UInt32)
  /// OFPAT_SET_FIELD: overwrites a field, or the bits of it that the entry's mask covers (in 1.3 that is Open
  /// vSwitch's NXAST_REG_LOAD2).
  case setField(MatchEntry)
  /// NXAST_REG_MOVE in 1.3, OFPAT_COPY_FIELD in 1.5: copies bits of one field to another; both have the same count.
  case move(source: FieldSlice, destination: FieldSlice)
  /// OFPAT_PUSH_VLAN: adds a tag with this EtherType, 0x8100 or 0x88a8.
  case pushVLAN(ethernetType: UInt16)
  /// OFPAT_POP_VLAN: removes the outermost tag.
  case popVLAN
  /// OFPAT_SET_NW_TTL: sets the IP time to live.
  case setTTL(UInt8)
  /// OFPAT_DEC_NW_TTL: decrements the IP time to live; a packet that has none left is dropped.
  case decrementTTL
  /// NXAST_CT: sends it through connection tracking.
  case conntrack(ConntrackAction)
  /// NXAST_NAT: translates its addresses; within `conntrack` only.
  case nat(NATAction)
  /// OFPAT_EXPERIMENTER: an extension that this module does not read; `body` follows the experimenter's id and has
  /// a length of 8·n bytes.
  case experimenter(id: UInt32, body: [UInt8])
  /// An action that this module does not read; `body` follows type and length and has a length of 8·n + 4 bytes.
  case unknown(type: UInt16, body: [UInt8])

  /// OFPCML_NO_BUFFER: the whole packet goes to the controller and the switch keeps no copy.
  public static let wholePacket: UInt16 = 0xffff

  /// Sends the packet out of `port`.
  public static func output(_ port: PortNumber) -> Action { .output(port: port) }

  /// Copies a whole field to another of the same width.
  public static func move(_ source: MatchField, to destination: MatchField) -> Action {
    .move(source: FieldSlice(source), destination: FieldSlice(destination))
  }
}
