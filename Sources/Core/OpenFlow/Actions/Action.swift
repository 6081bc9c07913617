// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a switch does with a packet (OpenFlow 1.3.5, 7.2.5; 1.5.1, 7.2.6).
///
/// The form is canonical: what a switch reads back decodes to the value that was sent, over 1.3 and 1.5 alike.
public enum Action: Sendable, Hashable {
  // Where the packet goes.

  /// OFPAT_OUTPUT: sends it out of `port`.
  ///
  /// `maxLength` is how many bytes go to the controller; `wholePacket` stands for all. It has a meaning for
  /// `.controller` only: for other ports it is sent as 0, and read as the default.
  case output(port: PortNumber, maxLength: UInt16 = Action.wholePacket)
  /// NXAST_OUTPUT_REG, NXAST_OUTPUT_REG2: sends it out of the port whose number is in these bits.
  indirect case outputField(FieldSlice, maxLength: UInt16 = Action.wholePacket)
  /// NXAST_OUTPUT_TRUNC: sends the first `maxLength` bytes of it out of `port`. 14 …
  case outputTruncated(port: PortNumber, maxLength: UInt32)
  /// OFPAT_GROUP: hands it to a group.
  case group(GroupNumber)
  /// OFPAT_SET_QUEUE: chooses the queue of the port by which it will leave.
  case setQueue(UInt32)
  /// NXAST_POP_QUEUE: chooses again the queue that it had at first.
  case popQueue
  /// OFPAT_METER (1.5; in 1.3 that is an instruction, and `Instruction.meter` does for both): drops it, or marks it,
  /// if there are too many.
  case meter(UInt32)
  /// NXAST_CONTROLLER, NXAST_CONTROLLER2: sends it to a controller, in more ways than `output` can.
  indirect case controller(ControllerAction)
  /// NXAST_BUNDLE, NXAST_BUNDLE_LOAD: chooses one of several ports.
  indirect case bundle(BundleAction)

  // What it looks like.

  /// OFPAT_SET_FIELD: overwrites a field, or the bits of it that the entry's mask covers (in 1.3 that is Open
  /// vSwitch's NXAST_REG_LOAD2).
  case setField(MatchEntry)
  /// NXAST_REG_MOVE in 1.3, OFPAT_COPY_FIELD in 1.5: copies bits of one field to another; both have the same count.
  indirect case move(source: FieldSlice, destination: FieldSlice)
  /// NXAST_STACK_PUSH: keeps bits of a field on a stack.
  case pushField(FieldSlice)
  /// NXAST_STACK_POP: takes them from there.
  case popField(FieldSlice)
  /// NXAST_DELETE_FIELD: removes an option from the tunnel's metadata.
  case deleteField(MatchField)
  /// OFPAT_PUSH_VLAN: adds a tag with this EtherType, 0x8100 or 0x88a8.
  case pushVLAN(ethernetType: UInt16)
  /// OFPAT_POP_VLAN: removes the outermost tag.
  case popVLAN
  /// OFPAT_PUSH_MPLS: adds a label with this EtherType, 0x8847 or 0x8848.
  case pushMPLS(ethernetType: UInt16)
  /// OFPAT_POP_MPLS: removes the outermost label; what is behind it has this EtherType.
  case popMPLS(ethernetType: UInt16)
  /// OFPAT_PUSH_PBB: adds a service tag of a provider backbone bridge with this EtherType, 0x88e7.
  case pushPBB(ethernetType: UInt16)
  /// OFPAT_POP_PBB: removes that tag.
  case popPBB
  /// OFPAT_SET_NW_TTL: sets the IP time to live.
  case setTTL(UInt8)
  /// OFPAT_DEC_NW_TTL: decrements the IP time to live; a packet that has none left is dropped.
  case decrementTTL
  /// NXAST_DEC_TTL_CNT_IDS: the same, and tells the controllers with these ids of a packet that has none left.
  case decrementTTLTelling(controllers: [UInt16])
  /// OFPAT_SET_MPLS_TTL: sets the time to live of the outermost MPLS label.
  case setMPLSTTL(UInt8)
  /// OFPAT_DEC_MPLS_TTL: decrements it.
  case decrementMPLSTTL
  /// OFPAT_COPY_TTL_OUT: copies the time to live from the next header to the outermost one.
  case copyTTLOut
  /// OFPAT_COPY_TTL_IN: copies it from the outermost header to the next one.
  case copyTTLIn
  /// NXAST_DEC_NSH_TTL: decrements the time to live of a network service header.
  case decrementNSHTTL

  // Connection tracking.

  /// NXAST_CT: sends it through connection tracking.
  indirect case conntrack(ConntrackAction)
  /// NXAST_NAT: translates its addresses; within `conntrack` only.
  indirect case nat(NATAction)
  /// NXAST_CT_CLEAR: forgets what connection tracking knew of it.
  case clearConntrack

  // The flow tables.

  /// NXAST_RESUBMIT, NXAST_RESUBMIT_TABLE, NXAST_RESUBMIT_TABLE_CT: looks it up in a table, does what is found, and
  /// goes on.
  indirect case resubmit(ResubmitAction)
  /// NXAST_LEARN, NXAST_LEARN2: adds or changes a flow, made of the packet.
  indirect case learn(LearnAction)
  /// NXAST_CONJUNCTION: the flow is one of the conditions for flows that match `conj_id`.
  indirect case conjunction(Conjunction)
  /// NXAST_MULTIPATH: writes in a field which of several links a hash of the packet chooses.
  indirect case multipath(MultipathAction)
  /// NXAST_FIN_TIMEOUT: the flow's timeouts in seconds once it has seen a FIN or RST; 0: as they were.
  case finTimeout(idle: UInt16, hard: UInt16)
  /// NXAST_CHECK_PKT_LARGER: writes in one bit whether the packet is longer than `length` bytes.
  indirect case checkPacketLarger(length: UInt16, result: FieldSlice)
  /// NXAST_WRITE_METADATA: the instruction as an action; Open vSwitch reads it back as the instruction.
  case writeMetadata(value: UInt64, mask: UInt64)
  /// NXAST_CLONE: does the actions to a copy.
  indirect case clone([Action])
  /// NXAST_SAMPLE and its successors: sends a share of the packets to IPFIX collectors.
  indirect case sample(SampleAction)
  /// NXAST_NOTE: does nothing; a remark of 8·n + 6 bytes (see `note(padding:)`).
  case note([UInt8])
  /// NXAST_EXIT: does no further action.
  case exit

  // What this module does not read.

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

  /// Sets the tunnel's number. NXAST_SET_TUNNEL and NXAST_SET_TUNNEL64 are read as this too.
  public static func setTunnel(_ id: UInt64) -> Action { .setField(MatchEntry(.tunnelID, UInt128(id))) }

  /// A remark, with as many zeros after it as a switch wants.
  public static func note(padding bytes: [UInt8]) -> Action {
    .note(bytes + [UInt8](repeating: 0, count: (14 - bytes.count % 8) % 8))
  }
}
