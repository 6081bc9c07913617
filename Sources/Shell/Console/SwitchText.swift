// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

extension SwitchListResource {
  package func text(_ palette: Palette) -> String {
    guard !self.switches.isEmpty else { return "no switch is configured, and none has connected\n" }
    var table = Table(
      "SWITCH", "HEALTH", "STATE", "DATAPATH", "VERSION", .init("PORTS UP", .right), .init("FLOWS", .right),
      .init("GROUPS", .right))
    for item in self.switches {
      // While it is away nobody knows what it holds.
      let isKnown = item.state != .disconnected
      table.add(
        .init(item.name ?? "(not configured)"), .init(item.health.rawValue, Style(item.health)),
        .init(item.state.rawValue), .init(item.datapath), .init(item.version ?? ""),
        .init(isKnown ? item.portsUp : ""),
        .init(isKnown ? "\(item.flows)" : ""), .init(isKnown ? "\(item.groups)" : ""))
    }
    return table.text(palette)
  }
}

extension SwitchResource {
  package func text(_ palette: Palette) -> String {
    let headline =
      "\(palette.paint(self.name ?? self.datapath, .strong)) is "
      + "\(palette.paint(self.health.rawValue, Style(self.health))): \(self.state.rawValue)\n"
    var about = [("datapath", self.datapath)]
    if let version = self.version { about.append(("version", version)) }
    if let description = self.description { about.append(("description", description)) }
    if let placement = self.placement { about.append(("placement", placement)) }
    if let group = self.group {
      about.append(("group", "\(group.name), \(group.role.rawValue)" + (group.reason.map { ": \($0)" } ?? "")))
      if let doubt = group.doubt { about.append(("doubt", doubt)) }
    }
    if let connection = self.connection { about += connection.facts }
    if let refusal = self.refusal { about.append(("refused", palette.paint(refusal, .bad))) }
    if self.state != .disconnected {
      let tables = "\(counted(self.flows, "flow", "flows")) and \(counted(self.groups, "group", "groups"))"
      about.append(("tables", "\(tables) of Isthmus"))
    }
    let facts = facts(about, palette)

    let isByRules = self.services.contains { $0.sourceRules != nil }
    var services =
      isByRules
      ? Table("SERVICE", "NEW CONNECTIONS GO TO", "BY RULES FOR CLIENTS' ADDRESSES")
      : Table("SERVICE", "NEW CONNECTIONS GO TO")
    for service in self.services {
      let cells = [Table.Cell(service.name), placeCell(service.shares, held: service.held)]
      services.add(cells + (isByRules ? [.init(service.sourceRules?.text ?? "")] : []))
    }
    var ports = Table(.init("PORT", .right), "NAME", "STATE")
    for port in self.ports {
      ports.add(.init(port.label), .init(port.name), port.up ? .init("up", .good) : .init("down", .bad))
    }
    let tables = (self.services.isEmpty ? [] : [services]) + (self.ports.isEmpty ? [] : [ports])
    return ([headline, facts] + tables.map { $0.text(palette) }).joined(separator: "\n")
  }
}

extension SourceRulesResource {
  /// `64, off by at most 0.5 points`
  fileprivate var text: String {
    let tenths = Int((self.deviation * 1000).rounded())
    return "\(self.count), off by at most \(tenths / 10).\(tenths % 10) points"
  }
}

extension SwitchResource {
  /// The switch's own port is no way to anywhere.
  fileprivate var portsUp: String {
    let ordinary = self.ports.filter { $0.number != PortResource.local }
    return "\(ordinary.count { $0.up }) of \(ordinary.count)"
  }
}

extension PortResource {
  /// OFPP_LOCAL
  fileprivate static let local: UInt32 = 0xffff_fffe

  fileprivate var label: String { self.number == Self.local ? "LOCAL" : "\(self.number)" }
}

extension SwitchConnectionResource {
  fileprivate var facts: [(String, String)] {
    var words = ["\(self.peer), \(self.encrypted ? "TLS" : "not encrypted")", self.role]
    words.append("for \(inWords(seconds: self.connectedSeconds))")
    if let roundTrip = self.roundTripSeconds { words.append("round trip \(inWords(seconds: roundTrip))") }
    var facts = [("connection", words.joined(separator: ", "))]
    var packets = "\(self.packetIns) packets in"
    if self.packetInsDropped > 0 { packets += ", \(self.packetInsDropped) of them not looked at: it does not read" }
    if self.refusals > 0 { packets += ", \(counted(Int(clamping: self.refusals), "message", "messages")) refused" }
    facts.append(("messages", packets))
    return facts
  }
}
