// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

extension ServiceListResource {
  package func text(_ palette: Palette) -> String {
    guard !self.services.isEmpty else { return "no service is configured\n" }
    var table = Table("SERVICE", "HEALTH", "ADDRESS", "SERVED BY", "STANDBY", "OUT")
    for service in self.services {
      let standby = service.regions.filter { $0.isStandby }.map(\.name)
      let out = service.regions.filter { !$0.active && !$0.isStandby }.map(\.name)
      table.add(
        .init(service.name), .init(service.health.rawValue, Style(service.health)), .init(service.address),
        service.servedBy.isEmpty ? .init("nobody", .bad) : .init(service.servedBy.joined(separator: ", ")),
        .init(standby.joined(separator: ", ")), .init(out.joined(separator: ", "), .caution))
    }
    return table.text(palette)
  }
}

extension ServiceResource {
  package func text(_ palette: Palette) -> String {
    let by = self.servedBy.isEmpty ? "served by nobody" : "served by \(self.servedBy.joined(separator: ", "))"
    let headline =
      "\(palette.paint(self.name, .strong)) is \(palette.paint(self.health.rawValue, Style(self.health))): \(by)\n"
    let ownership = self.virtualIP.adoptedFrom.map { "adopted from the gateway of \($0)" } ?? "dedicated"
    let listeners = self.listeners.map {
      "\($0.transport) \($0.port) → \($0.memberPort) on members (target port \($0.targetPort))"
    }
    let facts = facts(
      [
        ("virtual IP", "\(self.virtualIP.address), \(ownership), \(self.virtualIP.mac)"),
        ("listeners", listeners.joined(separator: "; ")),
        (
          "policy",
          "\(self.policy), \(self.failback) failback, \(self.detection) detection"
            + (self.persistence == "client" ? ", a client stays in its region" : "")
        ),
      ], palette)

    var regions = Table("REGION", "STATE", "MEMBERS")
    for region in self.regions {
      regions.add(.init(region.name), region.cell, .init(region.members.joined(separator: ", ")))
    }
    var switches = Table("SWITCH", "NEW CONNECTIONS GO TO")
    for place in self.switches {
      switches.add(.init(place.name), placeCell(place.shares, held: place.held))
    }
    let tables = [regions] + (self.switches.isEmpty ? [] : [switches])
    return ([headline, facts] + tables.map { $0.text(palette) }).joined(separator: "\n")
  }

  /// `203.0.113.10:80,443`, `[2001:db8::10]:80`
  fileprivate var address: String {
    "\(self.virtualIP.host):\(self.listeners.map { "\($0.port)" }.joined(separator: ","))"
  }
}

extension FailbackResource {
  package func text(_ palette: Palette) -> String {
    "asked for failback of \(self.service); 'isthmus events' shows what comes of it\n"
  }
}

extension MassFailureResource {
  /// What came of the wish to release what is held.
  package func text(_ palette: Palette) -> String {
    guard self.holding else { return "nothing is held\n" }
    return
      "released \(counted(self.held, "service", "services")) of a region; 'isthmus events' shows what comes of it\n"
  }
}

/// Where a switch sends a service's new connections.
func placeCell(_ shares: [ShareResource], held: Bool) -> Table.Cell {
  guard !shares.isEmpty else { return .init("nobody", .bad) }
  let text = shares.count == 1 ? shares[0].region : shares.map(\.text).joined(separator: ", ")
  return held ? .init("\(text) (every region is out; held)", .bad) : .init(text)
}

extension ShareResource {
  /// `lisbon 62.5 %`
  fileprivate var text: String {
    let tenths = Int((self.percent * 10).rounded())
    return "\(self.region) \(tenths / 10)\(tenths % 10 == 0 ? "" : ".\(tenths % 10)") %"
  }
}

extension ServiceRegionResource {
  /// Could serve, and does not have to.
  fileprivate var isStandby: Bool { !self.active && self.state == .up && self.unreachableFrom.isEmpty }

  fileprivate var cell: Table.Cell {
    let unreachable =
      self.unreachableFrom.isEmpty ? nil : "unreachable from \(self.unreachableFrom.joined(separator: ", "))"
    switch self.state {
    case .out: return .init(["out", self.reason.map { inWords(checkFailure: $0) }].text, .bad)
    case .returning: return .init(["returning\(damping(self.dampedSeconds))", unreachable].text, .caution)
    case .up where self.active: return .init(["active", unreachable].text, unreachable == nil ? .good : .caution)
    case .up: return .init(unreachable ?? "standby", unreachable == nil ? .plain : .caution)
    }
  }
}

extension [String?] {
  /// What there is, with colons between.
  fileprivate var text: String { self.compactMap { $0 }.joined(separator: ": ") }
}
