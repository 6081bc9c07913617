// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The names of errors and what they mean (OpenFlow 1.3.5, 7.5.4; 1.5.1, 7.5.4). A type's place in the list is its
/// number, a code's place in its type likewise.
enum ErrorCatalogue {
  typealias Entry = (name: String, meaning: String)

  static func entry(type: UInt16, code: UInt16) -> Entry? {
    guard type < codes.count, code < codes[Int(type)].count else { return nil }
    return codes[Int(type)][Int(code)]
  }

  /// Errors of Nicira's own, by their number.
  static func nicira(_ code: UInt16) -> Entry? {
    switch code {
    case 2: ("NXBRC_NXM_INVALID", "the match cannot be read")
    case 3: ("NXBRC_NXM_BAD_TYPE", "the match has a field that the switch does not know")
    case 4: ("NXBRC_MUST_BE_ZERO", "a part of the request that must be zero is not")
    case 11: ("NXBAC_MUST_BE_ZERO", "a part of an action that must be zero is not")
    case 42: ("NXBAC_CT_DATAPATH_SUPPORT", "an action needs connection tracking that the datapath does not have")
    case 43: ("NXBMC_CT_DATAPATH_SUPPORT", "the match needs connection tracking that the datapath does not have")
    default: nil
    }
  }

  private static let codes: [[Entry]] = [
    [
      ("OFPHFC_INCOMPATIBLE", "no version is common to both sides"),
      ("OFPHFC_EPERM", "not permitted"),
    ],
    [
      ("OFPBRC_BAD_VERSION", "the header's version is not supported"),
      ("OFPBRC_BAD_TYPE", "the message's type is not supported"),
      ("OFPBRC_BAD_MULTIPART", "the multipart type is not supported"),
      ("OFPBRC_BAD_EXPERIMENTER", "the experimenter is not supported"),
      ("OFPBRC_BAD_EXP_TYPE", "the experimenter's message type is not supported"),
      ("OFPBRC_EPERM", "not permitted"),
      ("OFPBRC_BAD_LEN", "the message has a wrong length for its type"),
      ("OFPBRC_BUFFER_EMPTY", "the buffered packet has been used already"),
      ("OFPBRC_BUFFER_UNKNOWN", "there is no such buffered packet"),
      ("OFPBRC_BAD_TABLE_ID", "there is no such table"),
      ("OFPBRC_IS_SLAVE", "this controller is a slave and may only read"),
      ("OFPBRC_BAD_PORT", "the port is invalid or missing"),
      ("OFPBRC_BAD_PACKET", "the packet to send is invalid"),
      ("OFPBRC_MULTIPART_BUFFER_OVERFLOW", "the request has more parts than the switch can keep"),
      ("OFPBRC_MULTIPART_REQUEST_TIMEOUT", "the rest of the request did not come in time"),
      ("OFPBRC_MULTIPART_REPLY_TIMEOUT", "the rest of the reply did not come in time"),
      ("OFPBRC_MULTIPART_BAD_SCHED", "the tolerance of scheduled bundles was not changed"),
      ("OFPBRC_PIPELINE_FIELDS_ONLY", "the match may have the packet's metadata only"),
      ("OFPBRC_UNKNOWN", "the switch gives no reason"),
    ],
    [
      ("OFPBAC_BAD_TYPE", "the action's type is not supported"),
      ("OFPBAC_BAD_LEN", "an action has a wrong length"),
      ("OFPBAC_BAD_EXPERIMENTER", "the action's experimenter is not supported"),
      ("OFPBAC_BAD_EXP_TYPE", "the experimenter's action is not supported"),
      ("OFPBAC_BAD_OUT_PORT", "an action sends to a port that it cannot send to"),
      ("OFPBAC_BAD_ARGUMENT", "an action's argument is invalid"),
      ("OFPBAC_EPERM", "not permitted"),
      ("OFPBAC_TOO_MANY", "there are more actions than the switch can do"),
      ("OFPBAC_BAD_QUEUE", "an action names a queue that does not exist"),
      ("OFPBAC_BAD_OUT_GROUP", "an action names a group that does not exist"),
      ("OFPBAC_MATCH_INCONSISTENT", "an action cannot be done to packets of this match"),
      ("OFPBAC_UNSUPPORTED_ORDER", "the switch cannot do the actions in this order"),
      ("OFPBAC_BAD_TAG", "an action uses a tag that is not supported"),
      ("OFPBAC_BAD_SET_TYPE", "an action sets a field that is not supported"),
      ("OFPBAC_BAD_SET_LEN", "an action sets a field with a wrong length"),
      ("OFPBAC_BAD_SET_ARGUMENT", "an action sets a field to an invalid value"),
      ("OFPBAC_BAD_SET_MASK", "an action sets a field with a mask that is not possible"),
      ("OFPBAC_BAD_METER", "an action names a meter that cannot be used"),
    ],
    [
      ("OFPBIC_UNKNOWN_INST", "the instruction is unknown"),
      ("OFPBIC_UNSUP_INST", "the switch or the table cannot do the instruction"),
      ("OFPBIC_BAD_TABLE_ID", "an instruction names a table that cannot come next"),
      ("OFPBIC_UNSUP_METADATA", "the metadata's value is not supported"),
      ("OFPBIC_UNSUP_METADATA_MASK", "the metadata's mask is not supported"),
      ("OFPBIC_BAD_EXPERIMENTER", "the instruction's experimenter is not supported"),
      ("OFPBIC_BAD_EXP_TYPE", "the experimenter's instruction is not supported"),
      ("OFPBIC_BAD_LEN", "an instruction has a wrong length"),
      ("OFPBIC_EPERM", "not permitted"),
      ("OFPBIC_DUP_INST", "an instruction stands there twice"),
    ],
    [
      ("OFPBMC_BAD_TYPE", "the match's type is not supported"),
      ("OFPBMC_BAD_LEN", "the match has a wrong length"),
      ("OFPBMC_BAD_TAG", "the match uses a tag that is not supported"),
      ("OFPBMC_BAD_DL_ADDR_MASK", "a MAC address cannot have this mask"),
      ("OFPBMC_BAD_NW_ADDR_MASK", "an IP address cannot have this mask"),
      ("OFPBMC_BAD_WILDCARDS", "the fields that are left open are not supported"),
      ("OFPBMC_BAD_FIELD", "the match has a field that is not supported"),
      ("OFPBMC_BAD_VALUE", "a field of the match has an invalid value"),
      ("OFPBMC_BAD_MASK", "a field of the match has an invalid mask"),
      ("OFPBMC_BAD_PREREQ", "a field of the match lacks another one that it requires"),
      ("OFPBMC_DUP_FIELD", "a field of the match stands there twice"),
      ("OFPBMC_EPERM", "not permitted"),
    ],
    [
      ("OFPFMFC_UNKNOWN", "the switch gives no reason"),
      ("OFPFMFC_TABLE_FULL", "the table is full"),
      ("OFPFMFC_BAD_TABLE_ID", "there is no such table"),
      ("OFPFMFC_OVERLAP", "the flow overlaps another one of the same priority"),
      ("OFPFMFC_EPERM", "not permitted"),
      ("OFPFMFC_BAD_TIMEOUT", "the timeout is not supported"),
      ("OFPFMFC_BAD_COMMAND", "the command is not supported"),
      ("OFPFMFC_BAD_FLAGS", "the flags are not supported"),
      ("OFPFMFC_CANT_SYNC", "the table cannot be kept in step with another"),
      ("OFPFMFC_BAD_PRIORITY", "the priority is not supported"),
      ("OFPFMFC_IS_SYNC", "the flow is a copy and may only be read"),
    ],
    [
      ("OFPGMFC_GROUP_EXISTS", "the group exists already"),
      ("OFPGMFC_INVALID_GROUP", "the group is invalid"),
      ("OFPGMFC_WEIGHT_UNSUPPORTED", "the buckets cannot have different weights"),
      ("OFPGMFC_OUT_OF_GROUPS", "the group table is full"),
      ("OFPGMFC_OUT_OF_BUCKETS", "the group has more buckets than the switch can do"),
      ("OFPGMFC_CHAINING_UNSUPPORTED", "groups cannot use groups"),
      ("OFPGMFC_WATCH_UNSUPPORTED", "the group cannot watch that port or group"),
      ("OFPGMFC_LOOP", "the group would make a loop"),
      ("OFPGMFC_UNKNOWN_GROUP", "there is no such group"),
      ("OFPGMFC_CHAINED_GROUP", "another group uses the group"),
      ("OFPGMFC_BAD_TYPE", "the group's type is not supported"),
      ("OFPGMFC_BAD_COMMAND", "the command is not supported"),
      ("OFPGMFC_BAD_BUCKET", "a bucket is invalid"),
      ("OFPGMFC_BAD_WATCH", "a watched port or group is invalid"),
      ("OFPGMFC_EPERM", "not permitted"),
      ("OFPGMFC_UNKNOWN_BUCKET", "there is no such bucket"),
      ("OFPGMFC_BUCKET_EXISTS", "a bucket with this id exists already"),
    ],
    [
      ("OFPPMFC_BAD_PORT", "there is no such port"),
      ("OFPPMFC_BAD_HW_ADDR", "the port has another MAC address"),
      ("OFPPMFC_BAD_CONFIG", "the configuration is invalid"),
      ("OFPPMFC_BAD_ADVERTISE", "the advertised features are invalid"),
      ("OFPPMFC_EPERM", "not permitted"),
    ],
    [
      ("OFPTMFC_BAD_TABLE", "there is no such table"),
      ("OFPTMFC_BAD_CONFIG", "the configuration is invalid"),
      ("OFPTMFC_EPERM", "not permitted"),
    ],
    [
      ("OFPQOFC_BAD_PORT", "there is no such port"),
      ("OFPQOFC_BAD_QUEUE", "there is no such queue"),
      ("OFPQOFC_EPERM", "not permitted"),
    ],
    [
      ("OFPSCFC_BAD_FLAGS", "the flags are invalid"),
      ("OFPSCFC_BAD_LEN", "the length for misses is invalid"),
      ("OFPSCFC_EPERM", "not permitted"),
    ],
    [
      ("OFPRRFC_STALE", "the generation is older than one that the switch has seen"),
      ("OFPRRFC_UNSUP", "the switch cannot change roles"),
      ("OFPRRFC_BAD_ROLE", "the role is invalid"),
      ("OFPRRFC_ID_UNSUP", "the switch cannot change the controller's id"),
      ("OFPRRFC_ID_IN_USE", "another controller has this id"),
    ],
    [
      ("OFPMMFC_UNKNOWN", "the switch gives no reason"),
      ("OFPMMFC_METER_EXISTS", "the meter exists already"),
      ("OFPMMFC_INVALID_METER", "the meter is invalid"),
      ("OFPMMFC_UNKNOWN_METER", "there is no such meter"),
      ("OFPMMFC_BAD_COMMAND", "the command is not supported"),
      ("OFPMMFC_BAD_FLAGS", "the flags are not supported"),
      ("OFPMMFC_BAD_RATE", "the rate is not supported"),
      ("OFPMMFC_BAD_BURST", "the burst is not supported"),
      ("OFPMMFC_BAD_BAND", "the band is not supported"),
      ("OFPMMFC_BAD_BAND_VALUE", "the band's value is not supported"),
      ("OFPMMFC_OUT_OF_METERS", "there can be no more meters"),
      ("OFPMMFC_OUT_OF_BANDS", "the meter has more bands than the switch can do"),
    ],
    [
      ("OFPTFFC_BAD_TABLE", "there is no such table"),
      ("OFPTFFC_BAD_METADATA", "the metadata's mask is invalid"),
      ("OFPTFFC_BAD_TYPE", "a property's type is not supported"),
      ("OFPTFFC_BAD_LEN", "a property has a wrong length"),
      ("OFPTFFC_BAD_ARGUMENT", "a property's value is not supported"),
      ("OFPTFFC_EPERM", "not permitted"),
    ],
    [
      ("OFPBPC_BAD_TYPE", "a property's type is not supported"),
      ("OFPBPC_BAD_LEN", "a property has a wrong length"),
      ("OFPBPC_BAD_VALUE", "a property's value is not supported"),
      ("OFPBPC_TOO_MANY", "there are more properties than the switch can do"),
      ("OFPBPC_DUP_TYPE", "a property stands there twice"),
      ("OFPBPC_BAD_EXPERIMENTER", "a property's experimenter is not supported"),
      ("OFPBPC_BAD_EXP_TYPE", "the experimenter's property is not supported"),
      ("OFPBPC_BAD_EXP_VALUE", "the value of the experimenter's property is not supported"),
      ("OFPBPC_EPERM", "not permitted"),
    ],
  ]
}
