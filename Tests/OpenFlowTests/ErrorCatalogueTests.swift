// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow
import Testing

/// Every error that Open vSwitch knows by a name is known by that name here.
@Suite(.enabled(if: ExternalTool.isPresent("ovs-ofctl"), "ovs-ofctl is not installed (package openvswitch-common)"))
struct ErrorCatalogueTests {
  /// What Open vSwitch calls otherwise, since older versions or to avoid a word.
  private static let otherNames = [
    "OFPBRC_BAD_STAT": "OFPBRC_BAD_MULTIPART", "OFPBRC_BAD_VENDOR": "OFPBRC_BAD_EXPERIMENTER",
    "OFPBRC_BAD_SUBTYPE": "OFPBRC_BAD_EXP_TYPE", "OFPBRC_IS_SECONDARY": "OFPBRC_IS_SLAVE",
    "OFPBAC_BAD_VENDOR": "OFPBAC_BAD_EXPERIMENTER", "OFPBAC_BAD_VENDOR_TYPE": "OFPBAC_BAD_EXP_TYPE",
  ]

  @Test(arguments: UInt16(0)...17)
  func theSpecificationsErrorsHaveTheNamesThatOpenVSwitchHas(type: UInt16) throws {
    var known = 0
    for code in UInt16(0)..<20 {
      let error = ErrorMessage(type: type, code: code)
      let name = try Self.name(of: error, .v1_5)
      if error.meaning == nil {
        #expect(name == nil, "\(type), \(code)")
      } else {
        known += 1
        // Open vSwitch knows codes 2 to 4 of type 13 in 1.3 only.
        if type != 13 || !(2...4).contains(code) { #expect(name == error.name, "\(type), \(code)") }
      }
    }
    #expect(known >= 2)
  }

  @Test func experimentersErrorsHaveTheNamesThatOpenVSwitchHas() throws {
    let codes =
      [(ExperimenterMessage.nicira, Array(UInt16(0)...46))]
      + [(ExperimenterMessage.onf, Array(2298...2317) + [2360, 2370, 2371, 2372, 2600, 2640, 2641, 4250, 4443, 4448])]
    var known = 0
    for (experimenter, codes) in codes {
      for code in codes {
        let error = ErrorMessage(experimenter: experimenter, code: code)
        let names = try ProtocolVersion.allCases.map { try Self.name(of: error, $0) }
        if error.meaning == nil {
          #expect(names == [nil, nil], "\(experimenter), \(code)")
        } else {
          known += 1
          #expect(names.contains(error.name), "\(experimenter), \(code): \(names)")
        }
      }
    }
    #expect(known > 50)
  }

  /// The name that `ovs-ofctl ofp-print` gives an error; nil if it knows none.
  private static func name(of error: ErrorMessage, _ version: ProtocolVersion) throws -> String? {
    let lines = try ExternalTool.describe(try Message(xid: 1, .error(error)).bytes(version))
    let name = lines.first.flatMap { $0.split(separator: " ").last }.map(String.init) ?? ""
    guard name.hasPrefix("OFP") || name.hasPrefix("NX"), !name.hasSuffix("***") else { return nil }
    return self.otherNames[name] ?? name
  }
}
