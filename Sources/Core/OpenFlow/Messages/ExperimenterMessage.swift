// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// An extension's message (OpenFlow 1.3.5, 7.5.5), or multipart message (7.3.5.15).
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

extension ExperimenterMessage {
  /// NXT_*: the numbers of Nicira's messages that this module reads.
  enum NiciraType: UInt32 {
    case setPacketInFormat = 16
    case resume = 28
    case packetIn2 = 30
    case conntrackFlush = 32
  }

  /// ONFT_*: the numbers of messages of 1.5 in 1.3.
  enum ONFType: UInt32 {
    case roleStatus = 1911
    case bundleControl = 2300
    case bundleAddMessage = 2301
    case requestForward = 2350
  }

  static func writeHeader(to writer: inout WireWriter, nicira type: NiciraType) {
    writer.write(self.nicira)
    writer.write(type.rawValue)
  }

  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.experimenter = try reader.read(UInt32.self, "experimenter")
    self.type = try reader.read(UInt32.self, "experimenter's type")
    self.data = reader.readRest()
  }

  func write(to writer: inout WireWriter) {
    writer.write(self.experimenter)
    writer.write(self.type)
    writer.writeBytes(self.data)
  }
}

extension MessageBody {
  /// Reads an experimenter's message: one of those that this module knows, or else as it is.
  static func experimenter(
    reading reader: inout WireReader, version: ProtocolVersion, xid: UInt32, isEnclosed: Bool
  ) throws(OpenFlowDecodingError) -> MessageBody {
    let experimenter = try reader.read(UInt32.self, "experimenter")
    let type = try reader.read(UInt32.self, "experimenter's message type")
    if experimenter == ExperimenterMessage.nicira, let type = ExperimenterMessage.NiciraType(rawValue: type) {
      switch type {
      case .setPacketInFormat:
        return .setPacketInFormat(PacketInFormat(rawValue: try reader.read(UInt32.self, "packet-in format")))
      case .resume: return .niciraResume(try NiciraPacketIn(reading: &reader))
      case .packetIn2: return .niciraPacketIn(try NiciraPacketIn(reading: &reader))
      case .conntrackFlush: return .conntrackFlush(try ConntrackFlush(reading: &reader))
      }
    }
    if experimenter == ExperimenterMessage.onf, version == .v1_3,
      let type = ExperimenterMessage.ONFType(rawValue: type)
    {
      switch type {
      case .roleStatus: return .roleStatus(try RoleStatus(reading: &reader))
      case .bundleControl: return .bundleControl(try BundleControl(reading: &reader))
      case .bundleAddMessage:
        return .bundleAddMessage(
          try BundleAddMessage(reading: &reader, version: version, xid: xid, isEnclosed: isEnclosed))
      case .requestForward:
        return .requestForward(try RequestForward(reading: &reader, version: version, isEnclosed: isEnclosed))
      }
    }
    return .experimenter(ExperimenterMessage(experimenter: experimenter, type: type, data: reader.readRest()))
  }

  /// Whether `version` knows this message as an extension of the ONF only.
  func isONFExtension(_ version: ProtocolVersion) -> Bool { version == .v1_3 && self.onfType != nil }

  func writeONFHeader(to writer: inout WireWriter) {
    guard let onfType else { return }
    writer.write(ExperimenterMessage.onf)
    writer.write(onfType.rawValue)
  }

  private var onfType: ExperimenterMessage.ONFType? {
    switch self {
    case .roleStatus: .roleStatus
    case .bundleControl: .bundleControl
    case .bundleAddMessage: .bundleAddMessage
    case .requestForward: .requestForward
    default: nil
    }
  }
}

extension PacketInFormat {
  func write(to writer: inout WireWriter) {
    ExperimenterMessage.writeHeader(to: &writer, nicira: .setPacketInFormat)
    writer.write(self.rawValue)
  }
}

extension ExperimenterMessage: FieldCodable {
  static let defaults = ExperimenterMessage(experimenter: 0, type: 0, data: [])
  static let fields: [CodedField<ExperimenterMessage>] = [
    .required("experimenter", \.experimenter, as: HexNumber.self), .required("exp_type", \.type),
    .field("data", \.data, as: HexBytes.self),
  ]
}
