// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One field has several names on the wire: OpenFlow 1.3 knows some of 1.5 as extensions only, and Open vSwitch reads
/// some fields back under the names that Nicira gave them before there was OXM.
extension MatchField {
  /// Class, number and experimenter under which `version` knows the field.
  func wireIdentity(_ version: ProtocolVersion) -> (oxmClass: UInt16, number: UInt8, experimenter: UInt32) {
    if version == .v1_3, self.oxmClass == OXMClass.openflowBasic,
      self.number == Self.tcpFlags.number || self.number == Self.actionSetOutput.number
    {
      return (OXMClass.experimenter, self.number, ExperimenterMessage.onf)
    }
    return (self.oxmClass, self.number, self.experimenter)
  }

  /// The field that this module knows by that identity; nil: none.
  static func known(oxmClass: UInt16, number: UInt8, experimenter: UInt32) -> MatchField? {
    switch oxmClass {
    case OXMClass.openflowBasic: number < basicFields.count ? basicFields[Int(number)] : nil
    case OXMClass.nicira0: number < nicira0Fields.count ? nicira0Fields[Int(number)] : nil
    case OXMClass.nicira1: number < nicira1Fields.count ? nicira1Fields[Int(number)] : nil
    case OXMClass.packetRegisters: number < 8 ? .register64(number) : nil
    case OXMClass.experimenter:
      otherFields.first { $0.number == number && $0.experimenter == experimenter }
        ?? otherName(of: number, experimenter: experimenter)
    default: otherFields.first { $0.number == number && $0.oxmClass == oxmClass }
    }
  }

  /// Extensions that stand for fields with another identity.
  private static func otherName(of number: UInt8, experimenter: UInt32) -> MatchField? {
    switch (experimenter, number) {
    case (ExperimenterMessage.onf, tcpFlags.number): tcpFlags
    case (ExperimenterMessage.onf, actionSetOutput.number): actionSetOutput
    case (ExperimenterMessage.nicira, 0): datapathHash
    default: nil
    }
  }

  private static let basicFields = table(ofClass: OXMClass.openflowBasic)

  /// Nicira's older names for OpenFlow's fields; where width or meaning differ (`in_port`), they are other fields.
  private static let nicira0Fields: [MatchField?] = [
    inPort16, ethernetDestination, ethernetSource, ethernetType, vlanTag, ipTypeOfService, ipProtocol, ipv4Source,
    ipv4Destination, tcpSource, tcpDestination, udpSource, udpDestination, icmpv4Type, icmpv4Code, arpOperation,
    arpSenderAddress, arpTargetAddress,
  ]

  private static let nicira1Fields: [MatchField?] = {
    var fields = table(ofClass: OXMClass.nicira1)
    fields[16] = tunnelID
    fields[17] = arpSenderHardware
    fields[18] = arpTargetHardware
    fields[19] = ipv6Source
    fields[20] = ipv6Destination
    fields[21] = icmpv6Type
    fields[22] = icmpv6Code
    fields[23] = ndTarget
    fields[24] = ndSourceLinkLayer
    fields[25] = ndTargetLinkLayer
    fields[27] = ipv6FlowLabel
    fields[28] = ipECN
    fields[34] = tcpFlags
    return fields
  }()

  /// The fields of experimenters and of classes that have but a few.
  private static let otherFields: [MatchField] = allKnown.filter { field in
    ![OXMClass.openflowBasic, OXMClass.nicira0, OXMClass.nicira1, OXMClass.packetRegisters].contains(field.oxmClass)
  }

  private static func table(ofClass oxmClass: UInt16) -> [MatchField?] {
    var fields = [MatchField?](repeating: nil, count: 128)
    for field in allKnown where field.oxmClass == oxmClass { fields[Int(field.number)] = field }
    return fields
  }
}
