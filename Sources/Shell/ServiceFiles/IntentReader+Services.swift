// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// `services`.
extension IntentReader {
  mutating func services(_ value: YAMLValue?) -> [ServiceDraft] {
    var services: [ServiceDraft] = []
    for item in self.items(value) ?? [] {
      guard let fields = self.fields(item, as: .service) else { continue }
      let policy: Policy = self.choice(fields["policy"]) ?? .primaryReplica
      services.append(
        ServiceDraft(
          location: item.location, name: self.name(fields["name"]), address: self.ipAddress(fields["virtual-ip"]),
          mac: self.mac(fields["mac"]), owner: self.name(fields["adopted-from"]),
          policy: policy,
          weights: self.weights(fields["weights"]), persistence: self.locatedChoice(fields["persistence"]),
          slots: self.slots(fields["slots"]), trigger: self.trigger(fields["trigger"], of: policy),
          slowStart: self.duration(fields["slow-start"], in: SlowStart.durations),
          failback: self.locatedChoice(fields["failback"]),
          mode: self.choice(fields["detection"]) ?? .immediate,
          clientAddress: self.choice(fields["client-address"]) ?? .automatic,
          fragments: self.choice(fields["fragments"]) ?? .keep,
          order: self.order(fields["regions"]), pools: self.pools(fields["members"]),
          listeners: self.listeners(fields["listeners"]), check: self.check(fields["check"])))
    }
    return services
  }

  private mutating func order(_ value: YAMLValue?) -> [Located<RegionName>]? {
    guard let value, let items = self.items(value) else { return nil }
    if items.isEmpty {
      self.report.add(
        .noRegions, at: value.location, "'regions' of a service is an empty list",
        hint: "name its regions in order of preference, or leave 'regions' out for the order of the file")
      return nil
    }
    var regions: [Located<RegionName>] = []
    for item in items {
      if let region = self.name(item, as: RegionName.self) { regions.append(region) }
    }
    return regions
  }

  private mutating func weights(_ value: YAMLValue?) -> [WeightDraft]? {
    guard let value, let entries = self.entries(value) else { return nil }
    var weights: [WeightDraft] = []
    for entry in entries {
      let region = self.regionKey(entry.key, in: "weights")
      let weight = self.number(entry.value, in: Pool.weights)
      if let region { weights.append(WeightDraft(region: region, weight: weight)) }
    }
    return weights
  }

  private mutating func slots(_ value: YAMLValue?) -> Located<Int>? {
    self.oneOf(Service.slotCounts, value, no: "number of slots")
  }

  private mutating func regionKey(_ key: Located<String>, in mapping: String) -> Located<RegionName>? {
    self.name(
      YAMLValue(
        label: "a region in '\(mapping)'", location: key.location, content: .scalar(key.value, isPlain: true)))
  }

  private mutating func listeners(_ value: YAMLValue?) -> [Located<Listener>] {
    guard let value, let items = self.items(value) else { return [] }
    if items.isEmpty {
      self.report.add(
        .noListeners, at: value.location, "a service has no listeners", hint: "add for example '{port: 80}'")
    }
    var listeners: [Located<Listener>] = []
    for item in items {
      guard let fields = self.fields(item, as: .listener) else { continue }
      let ports = self.ports(fields["port"])
      let transport = self.choice(fields["protocol"], of: Listener.TransportProtocol.self) ?? .tcp
      let memberPort = self.port(fields["member-port"])
      guard let ports else { continue }
      if let memberPort, Int(memberPort.value) + ports.value.count - 1 > 65535 {
        self.report.add(
          .outOfRange, at: memberPort.location, "'member-port' is \(memberPort.value), which is out of range",
          hint: "accepted: 1…\(65536 - ports.value.count), as \(ports.value.count) ports follow each other")
        continue
      }
      for (offset, port) in ports.value.enumerated() {
        listeners.append(
          Located(
            Listener(transport: transport, port: port, memberPort: memberPort.map { $0.value + UInt16(offset) }),
            at: item.location))
      }
    }
    return listeners
  }

  /// One port, or a range that stands for as many listeners.
  private mutating func ports(_ value: YAMLValue?) -> Located<ClosedRange<UInt16>>? {
    guard let value, let (text, _) = self.scalar(value), text.contains("-"), !text.hasPrefix("-") else {
      return self.port(value).map { Located($0.value...$0.value, at: $0.location) }
    }
    return self.read(
      value, .outOfRange, no: "port or range of ports",
      accepted: "1…65535, one like 80 or a range like 5000-5009 of at most \(Self.longestRange)"
    ) { text in
      let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { wholeNumber(String($0)) }
      guard bounds.count == 2, let first = bounds[0], let last = bounds[1], (1...65535).contains(first),
        (first...65535).contains(last), last - first < Self.longestRange
      else { return nil }
      return UInt16(first)...UInt16(last)
    }
  }

  /// Each port is a listener with a target of its own on every gateway.
  private static let longestRange = 1024

  private mutating func pools(_ value: YAMLValue?) -> [PoolDraft] {
    guard let value, let entries = self.entries(value) else { return [] }
    if entries.isEmpty {
      self.report.add(
        .noMembers, at: value.location, "a service has no members in any region",
        hint: "add for example 'lisbon: [192.168.167.3]'")
    }
    var pools: [PoolDraft] = []
    for entry in entries {
      let region = self.regionKey(entry.key, in: "members")
      let members = self.members(entry)
      if let region { pools.append(PoolDraft(region: region, members: members)) }
    }
    return pools
  }

  private mutating func members(_ entry: YAMLEntry) -> [Located<IPAddress>] {
    if !entry.value.isEmpty {
      guard let items = self.items(entry.value) else { return [] }
      if !items.isEmpty {
        var members: [Located<IPAddress>] = []
        for item in items {
          if let member = self.ipAddress(item) { members.append(member) }
        }
        return members
      }
    }
    self.report.add(
      .noMembers, at: entry.key.location, "region '\(excerpt(entry.key.value))' has no members for this service",
      hint: "give the members' addresses, or take the region out")
    return []
  }
}

/// `check`.
extension IntentReader {
  private mutating func check(_ value: YAMLValue?) -> CheckDraft {
    var check = CheckDraft()
    guard let fields = self.fields(value, as: .check) else { return check }
    if let http = fields["http"] {
      check.method = self.http(http)
      if fields["tcp"] != nil {
        self.report.add(
          .conflictingKeys, at: http.location, "a check has both 'tcp' and 'http'", hint: "keep one of the two")
      }
    }
    _ = self.fields(fields["tcp"], as: .tcp)
    check.port = self.port(fields["port"])
    check.interval = self.duration(fields["interval"], in: .milliseconds(10) ... .seconds(60))
    check.timeout = self.duration(fields["timeout"], in: .milliseconds(10) ... .seconds(60))
    if let fall = self.number(fields["fall"], in: 1...100) { check.fall = fall.value }
    if let rise = self.number(fields["rise"], in: 1...100) { check.rise = rise.value }
    return check
  }

  private mutating func http(_ value: YAMLValue) -> Check.Method {
    guard let fields = self.fields(value, as: .http) else { return .tcp }
    return .http(
      path: self.path(fields["path"]) ?? "/", status: self.status(fields["status"]) ?? 200...399,
      host: self.host(fields["host"]))
  }

  private mutating func path(_ value: YAMLValue?) -> String? {
    self.read(
      value, .invalidPath, no: "path of a request",
      accepted: "'/' and up to 1023 visible ASCII characters; write others as '%20'"
    ) { text in
      text.hasPrefix("/") && text.utf8.count <= 1024
        && text.utf8.allSatisfy { isVisible($0) && $0 != UInt8(ascii: "#") }
        ? text : nil
    }?.value
  }

  private mutating func host(_ value: YAMLValue?) -> String? {
    self.read(
      value, .invalidHost, no: "host of a request",
      accepted: "a name or address with or without ':port', like example.org"
    ) { text in
      (1...255).contains(text.utf8.count) && text.utf8.allSatisfy(isHostCharacter) ? text : nil
    }?.value
  }

  private mutating func status(_ value: YAMLValue?) -> ClosedRange<Int>? {
    let accepted = "100…599, one like 200 or a range like 200-399"
    return self.read(value, .invalidStatus, no: "status", accepted: accepted) { text in
      let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { wholeNumber(String($0)) }
      guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1],
        (100...599).contains(first), (100...599).contains(last), first <= last
      else { return nil }
      return first...last
    }?.value
  }
}

/// Letters, digits, and what stands in names, addresses and before a port (RFC 9110, 4.2.1).
private func isHostCharacter(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"):
    true
  default: isDigit(byte)
  }
}
