// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow

/// Why the model refused a message, as Open vSwitch 3.1 does.
package enum SwitchRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  case groupExists(GroupNumber)
  case unknownGroup(GroupNumber)
  /// A fast-failover bucket that watches nothing, or a weight in a group that has none.
  case invalidGroup(GroupNumber)
  case watchUnsupported(GroupNumber)
  case unsupportedGroupKind(GroupKind)
  case unsupportedGroupCommand(GroupMod.Command)
  /// An action sends packets to a group that is not there.
  case badOutGroup(GroupNumber)
  case unsupportedField(MatchField)
  /// The match names a field without saying what the packet must be to have it.
  case missingPrerequisite(MatchField)
  /// An action writes a field that packets of this flow need not have.
  case inconsistentAction(MatchField)
  case unsupportedAction
  case unsupportedInstruction
  case unknownMeter(UInt32)
  case meterExists(UInt32)
  /// A table that is no later one, or none at all.
  case badTable(UInt8)
  case unsupportedMessage

  /// The OFPT_ERROR that says so.
  package var message: ErrorMessage {
    switch self {
    case .groupExists: ErrorMessage(type: 6, code: 0)
    case .invalidGroup: ErrorMessage(type: 6, code: 1)
    case .watchUnsupported: ErrorMessage(type: 6, code: 6)
    case .unknownGroup: ErrorMessage(type: 6, code: 8)
    case .unsupportedGroupKind: ErrorMessage(type: 6, code: 10)
    case .unsupportedGroupCommand: ErrorMessage(type: 6, code: 11)
    case .badOutGroup: ErrorMessage(type: 2, code: 9)
    case .inconsistentAction: ErrorMessage(type: 2, code: 10)
    case .unsupportedAction: ErrorMessage(type: 2, code: 0)
    case .unsupportedField: ErrorMessage(type: 4, code: 6)
    case .missingPrerequisite: ErrorMessage(type: 4, code: 9)
    case .unsupportedInstruction: ErrorMessage(type: 3, code: 1)
    case .badTable: ErrorMessage(type: 3, code: 2)
    case .meterExists: ErrorMessage(type: 12, code: 1)
    case .unknownMeter: ErrorMessage(type: 12, code: 3)
    case .unsupportedMessage: ErrorMessage(type: 1, code: 1)
    }
  }

  package var description: String {
    switch self {
    case .groupExists(let group): "OFPGMFC_GROUP_EXISTS: group \(group)"
    case .unknownGroup(let group): "OFPGMFC_UNKNOWN_GROUP: group \(group)"
    case .invalidGroup(let group): "OFPGMFC_INVALID_GROUP: group \(group)"
    case .watchUnsupported(let group): "OFPGMFC_WATCH_UNSUPPORTED: group \(group)"
    case .unsupportedGroupKind(let kind): "OFPGMFC_BAD_TYPE: \(kind)"
    case .unsupportedGroupCommand(let command): "OFPGMFC_BAD_COMMAND: \(command)"
    case .badOutGroup(let group): "OFPBAC_BAD_OUT_GROUP: group \(group)"
    case .unsupportedField(let field): "OFPBMC_BAD_FIELD: \(field)"
    case .missingPrerequisite(let field): "OFPBMC_BAD_PREREQ: \(field)"
    case .inconsistentAction(let field): "OFPBAC_MATCH_INCONSISTENT: \(field)"
    case .unsupportedAction: "OFPBAC_BAD_TYPE"
    case .unsupportedInstruction: "OFPBIC_UNSUP_INST"
    case .badTable(let table): "OFPBIC_BAD_TABLE_ID: table \(table)"
    case .meterExists(let number): "OFPMMFC_METER_EXISTS: meter \(number)"
    case .unknownMeter(let number): "OFPMMFC_UNKNOWN_METER: meter \(number)"
    case .unsupportedMessage: "OFPBRC_BAD_TYPE"
    }
  }
}
