// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One field has several names on the wire: OpenFlow 1.3 knows TCP flags as an extension only, and Open vSwitch reads
/// some fields back under the names that Nicira gave them before there was OXM.
extension MatchField {
  /// Class, number and experimenter under which `version` knows the field.
  func wireIdentity(_ version: ProtocolVersion) -> (oxmClass: UInt16, number: UInt8, experimenter: UInt32) {
    if version == .v1_3, self == .tcpFlags {
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
    case OXMClass.experimenter:
      experimenter == ExperimenterMessage.onf && number == tcpFlags.number ? tcpFlags : nil
    default: nil
    }
  }

  private static let basicFields = table(ofClass: OXMClass.openflowBasic)

  /// Nicira's older names for OpenFlow's fields; where the width differs (`in_port`), they are other fields.
  private static let nicira0Fields: [MatchField?] = [
    nil, ethernetDestination, ethernetSource, ethernetType, nil, nil, ipProtocol, ipv4Source, ipv4Destination,
    tcpSource, tcpDestination, udpSource, udpDestination, icmpv4Type, icmpv4Code, arpOperation, arpSenderAddress,
    arpTargetAddress,
  ]

  private static let nicira1Fields: [MatchField?] = {
    var fields = table(ofClass: OXMClass.nicira1)
    fields[17] = arpSenderHardware
    fields[18] = arpTargetHardware
    fields[19] = ipv6Source
    fields[20] = ipv6Destination
    fields[21] = icmpv6Type
    fields[22] = icmpv6Code
    fields[23] = ndTarget
    fields[24] = ndSourceLinkLayer
    fields[25] = ndTargetLinkLayer
    fields[28] = ipECN
    fields[34] = tcpFlags
    return fields
  }()

  private static func table(ofClass oxmClass: UInt16) -> [MatchField?] {
    var fields = [MatchField?](repeating: nil, count: 128)
    for (field, _) in catalogue where field.oxmClass == oxmClass { fields[Int(field.number)] = field }
    return fields
  }
}
