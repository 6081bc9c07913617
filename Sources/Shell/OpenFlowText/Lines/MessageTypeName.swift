// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OFPT_* in lower case, for messages that cannot be read (those that can say their type themselves). The numbers are
/// those of 1.3 and later (OpenFlow 1.5.1, 7.1); earlier versions give some of them to other messages.
enum MessageTypeName {
  private static let names = [
    "hello", "error", "echo_request", "echo_reply", "experimenter", "features_request", "features_reply",
    "get_config_request", "get_config_reply", "set_config", "packet_in", "flow_removed", "port_status", "packet_out",
    "flow_mod", "group_mod", "port_mod", "table_mod", "multipart_request", "multipart_reply", "barrier_request",
    "barrier_reply", "queue_get_config_request", "queue_get_config_reply", "role_request", "role_reply",
    "get_async_request", "get_async_reply", "set_async", "meter_mod", "role_status", "table_status", "requestforward",
    "bundle_control", "bundle_add_message", "controller_status",
  ]

  /// The name, or the number if it has none in this version.
  static func value(_ header: MessageHeader) -> JSONValue {
    guard header.version >= 4 || header.type <= 4, header.type < self.names.count else { return .integer(header.type) }
    return .string(self.names[Int(header.type)])
  }
}
