// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

extension RegionListResource {
  package func text(_ palette: Palette) -> String {
    guard !self.regions.isEmpty else { return "no region is configured\n" }
    var table = Table(
      "REGION", "HEALTH", "AGENT", .init("LAST HEARD", .right), "PATHS", .init("CONNECTIONS", .right), "ACTIVE FOR")
    for region in self.regions {
      let well = region.paths.count { $0.state == .well }
      let active = region.services.filter(\.active).map(\.name)
      table.add(
        .init(region.name), .init(region.health.rawValue, Style(region.health)), region.agent.cell,
        .init(region.agent.lastHeard), .init("\(well) of \(region.paths.count) well"),
        .init(region.load.map { "\($0.connections)" } ?? ""),
        region.drain?.cell ?? .init(active.count > 4 ? "\(active.count) services" : active.joined(separator: ", ")))
    }
    return table.text(palette)
  }
}

extension RegionResource {
  package func text(_ palette: Palette) -> String {
    let headline =
      "\(palette.paint(self.name, .strong)) is \(palette.paint(self.health.rawValue, Style(self.health)))\n"
    let agent = self.agent
    let heard =
      agent.lastHeardSeconds == nil
      ? "never heard"
      : "last heard \(agent.lastHeard) ago, acts by \(agent.current ? "the newest" : "an old") assignment"
    let facts = facts(
      [("agent", "\(agent.state.rawValue), \(heard)")] + (agent.standing.map { [("agents", $0.inWords)] } ?? [])
        + (self.load.map { [("load", $0.text)] } ?? [])
        + (self.drain.map { [("drain", $0.text)] } ?? []), palette)

    var paths = Table("SWITCH", "PORT", "GATEWAY", "MAC", "PATH", .init("ROUND TRIP", .right), "CARRIES TRAFFIC")
    for path in self.paths {
      paths.add(
        .init(path.switch), .init(path.port), .init(path.addresses), .init(path.mac ?? "not found"), path.cell,
        .init(path.roundTripSeconds.map { inWords(seconds: $0) } ?? ""), .init(path.carrying ? "yes" : "no"))
    }
    var services = Table("SERVICE", "STATE")
    for service in self.services {
      services.add(.init(service.name), service.cell(isReachable: self.isReachable))
    }
    var instances = Table("AGENT", "ROLE", "STATE", .init("LAST HEARD", .right), "MAC", "COUNTS")
    for instance in agent.instances ?? [] {
      instances.add(
        .init(instance.name ?? "(unnamed)"), .init(instance.role), .init(instance.state.rawValue),
        .init(instance.lastHeardSeconds.map { inWords(seconds: $0) } ?? "never"), .init(instance.mac ?? ""),
        .init(instance.counts ? "yes" : "no"))
    }
    let tables =
      (agent.instances == nil ? [] : [instances]) + (self.paths.isEmpty ? [] : [paths])
      + (self.services.isEmpty ? [] : [services])
    return ([headline, facts] + tables.map { $0.text(palette) }).joined(separator: "\n")
  }
}

extension RegionResource {
  /// Some switch is not known to have lost it.
  fileprivate var isReachable: Bool { self.paths.isEmpty || self.paths.contains { $0.state != .out } }
}

extension LoadResource {
  /// `12 connections open, 340 packets/s, 2.1 Mbit/s`
  fileprivate var text: String {
    let rate =
      self.kilobitsPerSecond < 1000
      ? "\(self.kilobitsPerSecond) kbit/s"
      : "\(self.kilobitsPerSecond / 1000).\(self.kilobitsPerSecond / 100 % 10) Mbit/s"
    return "\(self.connections) connections open, \(self.packetsPerSecond) packets/s, \(rate)"
  }
}

extension DrainResource {
  fileprivate var text: String {
    var text = "\(self.state.rawValue) for \(inWords(seconds: self.sinceSeconds))"
    if self.state == .draining, let left = self.deadlineSeconds {
      text += "; what is open is cut in \(inWords(seconds: left))"
    }
    return self.forced ? text + "; forced" : text
  }

  fileprivate var cell: Table.Cell { .init(self.state.rawValue, .caution) }
}

extension RegionCommandResource {
  package func text(_ palette: Palette) -> String {
    let losses = self.breaks.prefix(Self.shown).map {
      palette.paint("service \($0.service) on switch \($0.switch): \($0.message)\n", .caution)
    }
    let rest = self.breaks.count > Self.shown ? "and so for \(self.breaks.count - Self.shown) more services\n" : ""
    let what =
      self.accepted
      ? "asked for region \(self.region); 'isthmus region show \(self.region)' shows what comes of it\n"
      : "nothing was done to region \(self.region)" + (losses.isEmpty ? "; it would break no connection\n" : "\n")
    return losses.joined() + rest + what
  }

  /// Services whose losses are told one by one.
  private static let shown = 10
}

extension AgentResource {
  fileprivate var lastHeard: String { self.lastHeardSeconds.map { inWords(seconds: $0) } ?? "never" }

  fileprivate var cell: Table.Cell {
    switch self.state {
    case .heard where !self.current: .init("heard, outdated", .caution)
    case .heard:
      switch self.standing {
      case nil, .complete: .init("heard", .good)
      case .noStandby, .noActive: .init("heard, no standby", .caution)
      case .split: .init("heard, split", .bad)
      }
    case .leaving: .init("restarting")
    case .expected: .init("expected", .caution)
    case .silent: .init("silent", .bad)
    }
  }
}

extension PathResource {
  fileprivate var addresses: String { self.ipv6.map { "\(self.address), \($0)" } ?? self.address }

  fileprivate var cell: Table.Cell {
    switch self.state {
    case .well: .init("well", .good)
    case .out: .init(self.reason.map { "out: \($0)" } ?? "out", .bad)
    case .returning: .init("returning\(damping(self.dampedSeconds))", .caution)
    case .unknown: .init("unknown", .caution)
    }
  }
}

extension RegionServiceResource {
  fileprivate func cell(isReachable: Bool) -> Table.Cell {
    switch self.state {
    case .out: .init(self.reason.map { "out: \(inWords(checkFailure: $0))" } ?? "out", .bad)
    case .returning: .init("returning", .caution)
    case .up where self.active: .init("active", .good)
    case .up: isReachable ? .init("standby") : .init("unreachable", .caution)
    }
  }
}
