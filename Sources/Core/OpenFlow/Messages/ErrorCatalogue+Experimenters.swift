// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension ErrorCatalogue {
  /// Nicira's own errors as Open vSwitch numbers them since OpenFlow 1.2 (its ofp-errors.h). The numbers between them
  /// stand for errors of the protocol itself in versions that this module does not speak.
  static let niciraCodes: [(code: UInt16, name: String, meaning: String)] = [
    (2, "NXBRC_NXM_INVALID", "the match cannot be read"),
    (3, "NXBRC_NXM_BAD_TYPE", "the match has a field that the switch does not know"),
    (4, "NXBRC_MUST_BE_ZERO", "a part of the request that must be zero is not"),
    (5, "NXBRC_BAD_REASON", "the reason of a PORT_STATUS is invalid"),
    (6, "OFPMOFC_MONITOR_EXISTS", "the monitor exists already"),
    (7, "OFPMOFC_BAD_FLAGS", "the monitor's flags are not supported"),
    (8, "OFPMOFC_UNKNOWN_MONITOR", "there is no such monitor"),
    (9, "NXBRC_FM_BAD_EVENT", "the event of a monitored flow is unknown"),
    (10, "NXBRC_UNENCODABLE_ERROR", "the error cannot be said in this version of OpenFlow"),
    (11, "NXBAC_MUST_BE_ZERO", "a part of an action that must be zero is not"),
    (12, "NXFMFC_HARDWARE", "the hardware failed"),
    (13, "NXFMFC_BAD_TABLE_ID", "the command names a table that does not exist"),
    (15, "NXBAC_BAD_CONJUNCTION", "a conjunction must stand alone and have 2 to 64 dimensions"),
    (16, "NXTTMFC_BAD_COMMAND", "the command for tunnel options is not supported"),
    (17, "NXTTMFC_BAD_OPT_LEN", "a tunnel option cannot have this length"),
    (18, "NXTTMFC_BAD_FIELD_IDX", "there is no field for tunnel options with this number"),
    (19, "NXTTMFC_TABLE_FULL", "there are more tunnel options than the switch can do"),
    (20, "NXTTMFC_ALREADY_MAPPED", "the field stands for another tunnel option already"),
    (21, "NXTTMFC_DUP_ENTRY", "another field stands for the tunnel option already"),
    (22, "OFPBFC_BAD_VERSION", "the added message has another version than the message that adds it"),
    (23, "NXQOFC_QUEUE_ERROR", "the system could not say what the queue is like"),
    (34, "NXR_NOT_SUPPORTED", "the datapath cannot have packets go on"),
    (35, "NXR_STALE", "the packet cannot go on: the switch that stopped it is gone"),
    (36, "NXST_NOT_CONFIGURED", "what is asked for is not configured"),
    (37, "NXFMFC_INVALID_TLV_FIELD", "the flow uses a tunnel option that is not mapped"),
    (38, "NXTTMFC_INVALID_TLV_DEL", "a flow uses the tunnel option"),
    (39, "NXBAC_BAD_HEADER_TYPE", "encap and decap cannot do this packet type"),
    (40, "NXBAC_UNKNOWN_ED_PROP", "a property of encap or decap is unknown"),
    (41, "NXBAC_BAD_ED_PROP", "a property of encap or decap is invalid"),
    (42, "NXBAC_CT_DATAPATH_SUPPORT", "an action needs connection tracking that the datapath does not have"),
    (43, "NXBMC_CT_DATAPATH_SUPPORT", "the match needs connection tracking that the datapath does not have"),
    (44, "NXTFFC_DUP_TABLE", "a table stands there twice"),
  ]

  /// Errors of 1.4 and later that Open vSwitch says over 1.3 under the Open Networking Foundation's id: consecutive
  /// codes of one type each.
  static let onfCodes: [(codes: ClosedRange<UInt16>, type: UInt16, firstCode: UInt16)] = [
    (2300...2315, 17, 0), (2360...2360, 5, 9), (2370...2372, 15, 0), (2600...2600, 3, 9), (2640...2641, 1, 14),
    (4250...4250, 2, 16), (4443...4448, 14, 3),
  ]
}
