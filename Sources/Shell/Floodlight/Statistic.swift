// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import OpenFlow
import OpenFlowText

/// `GET /wm/core/switch/{dpid or all}/{stat}/json`: each asks the switch, live.
extension FloodlightService {
  func statistics(_ which: String, _ kind: String) async -> FloodlightReply {
    guard let statistic = Statistic(kind) else { return Self.wrongStatistic }
    if which.lowercased() == "all" {
      var members: [JSONValue.Member] = []
      for known in await self.surface.switches() {
        guard let value = await self.ask(known, statistic) else { continue }
        members.append(.init(known.datapath.description, value))
      }
      return object(members)
    }
    guard let datapath = DatapathID(which),
      let known = await self.surface.switches().first(where: { $0.datapath == datapath }),
      let value = await self.ask(known, statistic)
    else { return Self.wrongStatistic }
    return FloodlightReply(value.text)
  }

  private func ask(_ known: FloodlightSwitch, _ statistic: Statistic) async -> JSONValue? {
    guard let answers = await self.surface.ask(known.datapath, statistic.request) else { return nil }
    return statistic.value(answers, known.version)
  }

  private static let wrongStatistic = object([
    named("   ", "An error has occurred while proccesing your request,"),
    named("  *", "which might be due to one or more of the following:"),
    named(" * ", "-- An invalid DPID and/or stats/features request."),
    named(" **", "-- The switch is not connected to the controller."),
    named("*  ", "-- The request specified is not supported by the switch's OpenFlow version."),
    .init("Valid statistics and features are", .array(Statistic.names.map { .string($0) })),
  ])
}

/// What can be asked.
enum Statistic: String, CaseIterable {
  case aggregate, desc, flow
  case group
  case groupDescription = "group-desc"
  case groupFeatures = "group-features"
  case meter
  case meterConfiguration = "meter-config"
  case meterFeatures = "meter-features"
  case port
  case portDescription = "port-desc"
  case queue, table, features

  init?(_ word: String) {
    guard let known = Statistic(rawValue: word == "flow-lightweight" ? "flow" : word) else { return nil }
    self = known
  }

  static var names: [String] { self.allCases.map(\.rawValue) }

  var request: MessageBody {
    let body: MultipartRequest.Body
    switch self {
    case .aggregate: body = .aggregate(FlowRequest())
    case .desc: body = .description
    case .flow: body = .flows(FlowRequest())
    case .group: body = .groupStatistics(.all)
    case .groupDescription: body = .groupDescriptions()
    case .groupFeatures: body = .groupFeatures
    case .meter: body = .meterStatistics()
    case .meterConfiguration: body = .meterConfigurations()
    case .meterFeatures: body = .meterFeatures
    case .port: body = .portStatistics()
    case .portDescription: body = .portDescriptions()
    case .queue: body = .queueStatistics()
    case .table: body = .tableStatistics
    case .features: return .featuresRequest
    }
    return .multipartRequest(MultipartRequest(body))
  }

  func value(_ answers: [MessageBody], _ version: ProtocolVersion) -> JSONValue? {
    let name = named("version", version.floodlightName)
    func list<Part>(_ part: (MultipartReply.Body) -> [Part]?) -> [Part] {
      answers.flatMap { answer -> [Part] in
        if case .multipartReply(let reply) = answer { part(reply.body) ?? [] } else { [] }
      }
    }
    switch self {
    case .flow:
      let flows = list { if case .flows(let flows) = $0 { flows } else { nil } }
      return .object([.init("flows", .array(flows.map { $0.floodlight(name) }))])
    case .port:
      let ports = list { if case .portStatistics(let ports) = $0 { ports } else { nil } }
      return .object([
        .init("port_reply", .array([.object([name, .init("port", .array(ports.map(\.floodlight)))])]))
      ])
    case .portDescription:
      let ports = list { if case .portDescriptions(let ports) = $0 { ports } else { nil } }
      return .object([name, .init("port_desc", .array(ports.map(\.floodlight)))])
    case .aggregate:
      guard let sum = list({ if case .aggregate(let sum) = $0 { [sum] } else { nil } }).first else { return nil }
      return .object([
        .init(
          "aggregate",
          .object([
            name, named("flow_count", "\(sum.flowCount)"), named("packet_count", "\(sum.packetCount)"),
            named("byte_count", "\(sum.byteCount)"), .init("flags", .array([])),
          ]))
      ])
    case .desc:
      guard let description = list({ if case .description(let found) = $0 { [found] } else { nil } }).first else {
        return nil
      }
      return .object([.init("desc", description.floodlight(name))])
    case .table:
      let tables = list { if case .tableStatistics(let tables) = $0 { tables } else { nil } }
      return .object([
        name,
        .init(
          "table",
          .array(
            tables.map { table in
              .object([
                named("table_id", "0x\(String(table.tableID, radix: 16))"),
                named("active_count", "\(table.activeCount)"),
                named("lookup_count", "\(table.lookupCount)"), named("match_count", "\(table.matchedCount)"),
              ])
            })),
      ])
    case .features:
      guard case .featuresReply(let features)? = answers.first else { return nil }
      return .object([
        named("capabilities", "[\(features.capabilities.floodlightNames.joined(separator: ", "))]"),
        named("dpid", features.datapathID.description), named("buffers", "\(features.bufferCount)"),
        named("tables", "\(features.tableCount)"), name,
      ])
    case .group:
      let groups = list { if case .groupStatistics(let groups) = $0 { groups } else { nil } }
      return .object([name, .init("group", .array(groups.map(\.floodlight)))])
    case .groupDescription:
      let groups = list { if case .groupDescriptions(let groups) = $0 { groups } else { nil } }
      return .object([
        name,
        .init(
          "group_desc",
          .array(
            groups.map { group in
              .object([
                named("group_type", group.kind.floodlightName), named("group_number", "\(group.group.rawValue)"),
                .init(
                  "group_buckets",
                  .array(group.buckets.enumerated().map { EntryListing.bucket($0.element, id: $0.offset + 1) })),
              ])
            })),
      ])
    case .groupFeatures:
      guard let features = list({ if case .groupFeatures(let found) = $0 { [found] } else { nil } }).first else {
        return nil
      }
      return .object([name, .init("group_features", features.floodlight)])
    case .meterFeatures:
      guard let features = list({ if case .meterFeatures(let found) = $0 { [found] } else { nil } }).first else {
        return nil
      }
      return .object([
        name,
        .init(
          "meter_features",
          .object([
            named("max_meters", "\(features.maximumMeters)"), named("band_types", "\(features.bandTypes)"),
            named("capabilities", "\(features.capabilities)"), named("max_bands", "\(features.maximumBands)"),
            named("max_colors", "\(features.maximumColor)"),
          ])),
      ])
    case .meter:
      let meters = list { if case .meterStatistics(let meters) = $0 { meters } else { nil } }
      return .object([
        name, .init("meter", .array(meters.map { .object([named("meter_number", "\($0.meter.rawValue)")]) })),
      ])
    case .meterConfiguration:
      let meters = list { if case .meterConfigurations(let meters) = $0 { meters } else { nil } }
      return .object([
        name, .init("meter_config", .array(meters.map { .object([named("meter_number", "\($0.meter.rawValue)")]) })),
      ])
    case .queue:
      let queues = list { if case .queueStatistics(let queues) = $0 { queues } else { nil } }
      if queues.isEmpty { return .object([]) }
      return .object([name, .init("queues", .array([]))])
    }
  }
}

extension FlowStatistics {
  fileprivate func floodlight(_ version: JSONValue.Member) -> JSONValue {
    .object([
      version, named("cookie", "\(FloodlightCookie.of(self.cookie))"),
      named("table_id", "0x\(String(self.tableID, radix: 16))"), named("packet_count", "\(self.counters.packetCount)"),
      named("byte_count", "\(self.counters.byteCount)"), named("duration_sec", "\(self.counters.durationSeconds)"),
      named("duration_nsec", "\(self.counters.durationNanoseconds)"), named("priority", "\(self.priority)"),
      named("idle_timeout_s", "\(self.idleTimeout)"), named("hard_timeout_s", "\(self.hardTimeout)"),
      .init("flags", .array(self.flags.floodlightNames.map { .string($0) })),
      .init("match", EntryListing.match(self.match)),
      .init("instructions", EntryListing.instructions(self.instructions)),
    ])
  }
}

extension FlowFlags {
  fileprivate var floodlightNames: [String] {
    [
      (FlowFlags.sendFlowRemoved, "SEND_FLOW_REM"), (.checkOverlap, "CHECK_OVERLAP"), (.resetCounts, "RESET_COUNTS"),
      (.noPacketCounts, "NO_PKT_COUNTS"), (.noByteCounts, "NO_BYT_COUNTS"),
    ].filter { self.contains($0.0) }.map(\.1)
  }
}

extension PortStatistics {
  fileprivate var floodlight: JSONValue {
    func counter(_ key: String, _ value: UInt64?) -> JSONValue.Member { named(key, "\(value ?? 0)") }
    return .object([
      named("port_number", PortText.write(self.port)), counter("receive_packets", self.received.packets),
      counter("transmit_packets", self.sent.packets), counter("receive_bytes", self.received.bytes),
      counter("transmit_bytes", self.sent.bytes), counter("receive_dropped", self.received.dropped),
      counter("transmit_dropped", self.sent.dropped), counter("receive_errors", self.received.errors),
      counter("transmit_errors", self.sent.errors), counter("receive_frame_errors", self.ethernet?.frameErrors),
      counter("receive_overrun_errors", self.ethernet?.overruns),
      counter("receive_CRC_errors", self.ethernet?.checksumErrors), counter("collisions", self.ethernet?.collisions),
      named("duration_sec", "\(self.durationSeconds)"), named("duration_nsec", "\(self.durationNanoseconds)"),
    ])
  }
}

extension PortDescription {
  fileprivate var floodlight: JSONValue {
    func names(_ bits: UInt32, _ all: [(UInt32, String)]) -> JSONValue {
      .array(all.filter { bits & $0.0 != 0 }.map { .string($0.1) })
    }
    let features: [(UInt32, String)] = [
      (1 << 0, "PF_10MB_HD"), (1 << 1, "PF_10MB_FD"), (1 << 2, "PF_100MB_HD"), (1 << 3, "PF_100MB_FD"),
      (1 << 4, "PF_1GB_HD"), (1 << 5, "PF_1GB_FD"), (1 << 6, "PF_10GB_FD"), (1 << 7, "PF_40GB_FD"),
      (1 << 8, "PF_100GB_FD"), (1 << 9, "PF_1TB_FD"), (1 << 10, "PF_OTHER"), (1 << 11, "PF_COPPER"),
      (1 << 12, "PF_FIBER"), (1 << 13, "PF_AUTONEG"), (1 << 14, "PF_PAUSE"), (1 << 15, "PF_PAUSE_ASYM"),
    ]
    return .object([
      named("port_number", PortText.write(self.number)), named("hardware_address", self.hardwareAddress.description),
      named("name", self.name),
      .init(
        "config",
        names(
          self.configuration.rawValue,
          [(1 << 0, "PORT_DOWN"), (1 << 2, "NO_RECV"), (1 << 5, "NO_FWD"), (1 << 6, "NO_PACKET_IN")])),
      .init(
        "state", names(self.state.rawValue, [(1 << 0, "LINK_DOWN"), (1 << 1, "BLOCKED"), (1 << 2, "LIVE")])),
      .init("current_features", names(self.ethernet?.current ?? 0, features)),
      .init("advertised_features", names(self.ethernet?.advertised ?? 0, features)),
      .init("supported_features", names(self.ethernet?.supported ?? 0, features)),
      .init("peer_features", names(self.ethernet?.peer ?? 0, features)),
      named("curr_speed", "\(self.ethernet?.currentSpeed ?? 0)"),
      named("max_speed", "\(self.ethernet?.maximumSpeed ?? 0)"),
    ])
  }
}

extension SwitchDescription {
  fileprivate func floodlight(_ version: JSONValue.Member) -> JSONValue {
    .object([
      version, named("manufacturer_description", self.manufacturer), named("hardware_description", self.hardware),
      named("software_description", self.software), named("serial_number", self.serialNumber),
      named("datapath_description", self.datapath),
    ])
  }
}

extension FeaturesReply.Capabilities {
  fileprivate var floodlightNames: [String] {
    [
      (Self.flowStatistics, "FLOW_STATS"), (.tableStatistics, "TABLE_STATS"), (.portStatistics, "PORT_STATS"),
      (.ipReassembly, "IP_REASM"), (.queueStatistics, "QUEUE_STATS"), (.groupStatistics, "GROUP_STATS"),
      (.portBlocked, "PORT_BLOCKED"),
    ].filter { self.contains($0.0) }.map(\.1)
  }
}

extension GroupStatistics {
  fileprivate var floodlight: JSONValue {
    .object([
      named("group_number", "\(self.group.rawValue)"), named("reference_count", "\(self.referenceCount)"),
      named("packet_count", "\(self.packetCount)"), named("byte_count", "\(self.byteCount)"),
      named("duration_sec", "\(self.durationSeconds)"), named("duration_nsec", "\(self.durationNanoseconds)"),
      .init(
        "bucket_counters",
        .array(
          self.buckets.map {
            .object([named("packet_count", "\($0.packetCount)"), named("byte_count", "\($0.byteCount)")])
          })),
    ])
  }
}

extension GroupFeatures {
  fileprivate var floodlight: JSONValue {
    let names: [(GroupFeatures.Capabilities, String)] = [
      (.selectWeight, "SELECT_WEIGHT"), (.selectLiveness, "SELECT_LIVENESS"), (.chaining, "CHAINING"),
      (.chainingChecks, "CHAINING_CHECKS"),
    ]
    let kinds = ["all", "select", "indirect", "ff"]
    return .object(
      [
        .init(
          "capabilities", .array(names.filter { self.capabilities.contains($0.0) }.map { .string($0.1) }))
      ] + zip(kinds, self.maximumGroups).map { named("max_groups_\($0)", "\($1)") }
        + zip(kinds, self.actions).map { named("actions_\($0)", "\($1)") })
  }
}
