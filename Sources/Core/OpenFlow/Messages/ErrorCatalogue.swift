// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The names of errors and what they mean (OpenFlow 1.3.5, 7.5.4; 1.5.1, 7.5.4). A type's place in the list is its
/// number, a code's place in its type likewise.
enum ErrorCatalogue {
  typealias Entry = (name: String, meaning: String)

  /// OFPET_*, without the prefix and in lower case.
  static let types = [
    "hello_failed", "bad_request", "bad_action", "bad_instruction", "bad_match", "flow_mod_failed",
    "group_mod_failed", "port_mod_failed", "table_mod_failed", "queue_op_failed", "switch_config_failed",
    "role_request_failed", "meter_mod_failed", "table_features_failed", "bad_property", "async_config_failed",
    "flow_monitor_failed", "bundle_failed",
  ]

  /// An error of the protocol itself; nil if there is none by these numbers.
  static func entry(type: UInt16, code: UInt16) -> Entry? {
    guard type < codes.count, code < codes[Int(type)].count else { return nil }
    return codes[Int(type)][Int(code)]
  }

  /// An experimenter's error; nil if it has no name here.
  static func entry(experimenter: UInt32, code: UInt16) -> Entry? {
    switch experimenter {
    case ExperimenterMessage.nicira: niciraCodes.first { $0.code == code }.map { ($0.name, $0.meaning) }
    case ExperimenterMessage.onf:
      onfCodes.first { $0.codes.contains(code) }.flatMap { range in
        entry(type: range.type, code: range.firstCode + (code - range.codes.lowerBound))
      }
    default: nil
    }
  }
}
