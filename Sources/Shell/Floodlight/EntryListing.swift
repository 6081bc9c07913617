// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import EntryText
import FlowPipeline
import OpenFlow
import OpenFlowText
import StaticEntries

/// Entries as `GET …/list/…/json` of the static entry pusher shows them: all numbers are texts, in Floodlight's order.
enum EntryListing {
  typealias Member = JSONValue.Member

  /// - Parameters:
  ///   - key: what a single switch was asked for by; nil: all that have entries.
  ///   - versions: of the switches that are connected.
  static func text(_ views: [EntryView], key: String?, versions: [DatapathID: ProtocolVersion]) -> JSONValue {
    var lists: [DatapathID: [JSONValue]] = [:]
    for view in views {
      let version = versions[view.entry.datapath] ?? .v1_3
      lists[view.entry.datapath, default: []].append(
        .object([Member(view.entry.name, self.value(view.entry, version))]))
    }
    if let key { return .object([Member(key, .array(lists.values.flatMap { $0 }))]) }
    return .object(lists.sorted { $0.key < $1.key }.map { Member($0.key.description, .array($0.value)) })
  }

  private static func value(_ entry: StaticEntry, _ version: ProtocolVersion) -> JSONValue {
    switch entry.content {
    case .flow(let flow):
      .object(
        [
          named("version", version.floodlightName), named("command", entry.isReplacement ? "MODIFY_STRICT" : "ADD"),
          named("cookie", "\(FloodlightCookie.of(entry.cookie))"), named("priority", "\(flow.priority)"),
          named("idleTimeoutSec", "\(flow.idleTimeout)"), named("hardTimeoutSec", "\(flow.hardTimeout)"),
          named("outPort", "any"), named("flags", "1"), named("cookieMask", "0"), named("outGroup", "any"),
        ] + (version == .v1_3 ? [] : [named("tableId", "\(flow.table)")])
          + [Member("match", self.match(flow.match)), Member("instructions", self.instructions(flow.instructions))])
    case .group(let group):
      .object([
        named("version", version.floodlightName), named("command", entry.isReplacement ? "MODIFY" : "ADD"),
        named("group_number", "\(group.number.rawValue)"), named("group_type", group.kind.floodlightName),
        named("version", version.floodlightName), named("xid", "0"),
        Member("group_buckets", .array(group.buckets.enumerated().map { self.bucket($0.element, id: $0.offset + 1) })),
      ])
    }
  }

  static func match(_ match: Match) -> JSONValue {
    .object(match.entries.map { named(MatchKeys.key($0.field), MatchText.value(of: $0)) })
  }

  static func instructions(_ instructions: [Instruction]) -> JSONValue {
    if instructions.isEmpty { return .object([named("none", "drop")]) }
    return .object(
      instructions.map { instruction in
        switch instruction {
        case .applyActions(let actions):
          Member("instruction_apply_actions", .object([named("actions", ActionText.write(actions))]))
        case .writeActions(let actions):
          Member("instruction_write_actions", .object([named("actions", ActionText.write(actions))]))
        case .clearActions: Member("instruction_clear_actions", .object([]))
        case .gotoTable(let table): Member("instruction_goto_table", .object([named("table_id", "\(table)")]))
        case .meter(let meter): Member("instruction_goto_meter", .object([named("meter_id", "\(meter)")]))
        case .writeMetadata(let value, let mask):
          Member(
            "instruction_write_metadata",
            .object([named("metadata", "\(value)"), named("metadata_mask", "\(mask)")]))
        case .unknown(let type, _): named("instruction_\(type)", "")
        }
      })
  }

  static func bucket(_ bucket: Bucket, id: Int) -> JSONValue {
    .object([
      named("bucket_id", "\(id)"), named("bucket_watch_group", bucket.watchGroup.floodlightName),
      named("bucket_watch_port", PortText.write(bucket.watchPort)), named("bucket_weight", "\(bucket.weight)"),
      named("bucket_actions", ActionText.write(bucket.actions)),
    ])
  }
}

func named(_ key: String, _ value: String) -> JSONValue.Member { .init(key, .string(value)) }

/// The cookie that Floodlight gives an entry has its application's number, 10, in the top 12 bits. On the switch entries
/// have another mark, so that what a Floodlight has left in a switch is never taken for one of them.
enum FloodlightCookie {
  static func of(_ cookie: UInt64) -> UInt64 {
    EntryCookie.isOurs(cookie) ? 10 << 52 | cookie & ~EntryCookie.mask : cookie
  }
}

extension ProtocolVersion {
  var floodlightName: String {
    switch self {
    case .v1_3: "OF_13"
    case .v1_5: "OF_15"
    }
  }
}

extension GroupKind {
  var floodlightName: String { self == .fastFailover ? "fast_failover" : self.description }
}

extension GroupNumber {
  var floodlightName: String { self == .any ? "any" : self == .all ? "all" : "\(self.rawValue)" }
}
