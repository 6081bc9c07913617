// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// `regions` and `switches`.
extension IntentReader {
  mutating func regions(
    _ value: YAMLValue?, readKey: (String) throws(KeyFileProblem) -> [UInt8]
  ) -> [RegionDraft] {
    var regions: [RegionDraft] = []
    for item in self.items(value) ?? [] {
      guard let fields = self.fields(item, as: .region) else {
        regions.append(RegionDraft(location: item.location))
        continue
      }
      regions.append(
        RegionDraft(
          location: item.location, name: self.name(fields["name"]), key: self.key(fields, readKey: readKey),
          keySource: self.keySource(fields), management: self.remoteEndpoint(fields["management"]),
          secondManagement: self.remoteEndpoint(fields["second-management"]),
          capacity: self.capacity(fields["capacity"])))
    }
    return regions
  }

  private mutating func capacity(_ value: YAMLValue?) -> Capacity? {
    guard let value, let fields = self.fields(value, as: .capacity) else { return nil }
    let whenFull: Capacity.Excess = self.choice(fields["when-full"]) ?? .spill
    let given = Capacity.Measure.allCases.filter { fields[$0.rawValue] != nil }
    guard let measure = given.first, given.count == 1 else {
      self.report.add(
        given.isEmpty ? .missingKey : .conflictingKeys, at: value.location,
        given.isEmpty ? "'capacity' has no limit" : "'capacity' has \(given.count) limits",
        hint: "give one of \(Capacity.Measure.allCases.map(\.rawValue).joined(separator: ", "))")
      return nil
    }
    let unit = LoadUnit(measure)
    return self.read(
      fields[measure.rawValue], .invalidThreshold, no: unit.what, accepted: unit.accepted, unit.read
    ).map { Capacity(measure, limit: $0.value, whenFull: whenFull) }
  }

  private mutating func key(
    _ fields: Fields, readKey: (String) throws(KeyFileProblem) -> [UInt8]
  ) -> Located<RegionKey>? {
    switch (fields["key"], fields["key-file"]) {
    case (let inline?, nil):
      if self.isExposed {
        let file = self.report.file
        self.report.add(
          .keyExposed, at: inline.location, "a key is in this file, which every user of this machine may read or write",
          hint: "run 'chmod o= \(file)', or use 'key-file'; make a new key if others use this machine")
      }
      return self.scalar(inline).flatMap { self.key(Array($0.text.utf8), "'key'", at: inline.location) }
    case (nil, let path?):
      return self.scalar(path).flatMap { self.key(file: $0.text, at: path.location, readKey: readKey) }
    case (_?, let path?):
      self.report.add(
        .conflictingKeys, at: path.location, "a region has both 'key' and 'key-file'", hint: "keep one of the two")
    case (nil, nil):
      self.report.add(
        .missingKey, at: fields.location, "a region has no 'key-file'",
        hint: "add for example 'key-file: keys/lisbon.key', a file with \(RegionKey.accepted)")
    }
    return nil
  }

  private mutating func key(
    file: String, at location: Location, readKey: (String) throws(KeyFileProblem) -> [UInt8]
  ) -> Located<RegionKey>? {
    guard (try? RegionKey(hexadecimal: Array(file.utf8))) == nil else {
      self.report.add(
        .keyFileUnreadable, at: location, "'key-file' is a key, not a path",
        hint: "put the key into a file and name that, or write 'key' instead of 'key-file'")
      return nil
    }
    do {
      return self.key(try readKey(file), "'\(excerpt(file))'", at: location)
    } catch {
      switch error {
      case .unreadable(let reason):
        self.report.add(
          .keyFileUnreadable, at: location, "the key file '\(excerpt(file))' cannot be read: \(reason)",
          hint: "a relative path begins at this file's folder")
      case .exposed:
        self.report.add(
          .keyExposed, at: location, "every user of this machine may read or write the key file '\(excerpt(file))'",
          hint: "run 'chmod o= \(excerpt(file))'; make a new key if others use this machine")
      }
      return nil
    }
  }

  private mutating func key(_ bytes: [UInt8], _ label: String, at location: Location) -> Located<RegionKey>? {
    do {
      return Located(try RegionKey(hexadecimal: bytes), at: location)
    } catch {
      self.report.add(
        .invalidKey, at: location, "the key in \(label) \(error)", hint: "accepted: \(RegionKey.accepted)")
      return nil
    }
  }

  /// As `key` has it; that reports what is wrong.
  private func keySource(_ fields: Fields) -> KeySource? {
    if let inline = fields["key"] { return .text(inline.location) }
    guard case .scalar(let path, _)? = fields["key-file"]?.content else { return nil }
    return .file(path)
  }

  mutating func switches(_ value: YAMLValue?) -> [SwitchDraft] {
    var switches: [SwitchDraft] = []
    for item in self.items(value) ?? [] {
      guard let fields = self.fields(item, as: .switch) else {
        switches.append(SwitchDraft(location: item.location, gateways: []))
        continue
      }
      let southbound = self.southbound(fields["southbound"])
      switches.append(
        SwitchDraft(
          location: item.location, name: self.name(fields["name"]), datapath: self.datapath(fields["datapath"]),
          probeAddress: self.address(fields["probe-address"]),
          forwarding: self.choice(fields["forwarding"], of: ForwardingMode.self) ?? .normal,
          placement: self.locatedChoice(fields["placement"])
            ?? southbound.map { Located($0.value.kind.placements[0], at: $0.location) },
          sourceRules: self.sourceRules(fields["source-rules"]),
          reactiveRate: self.number(fields["reactive-rate"], in: Switch.reactiveRates),
          uplinks: self.uplinks(fields["uplinks"]), southbound: southbound,
          gateways: self.gateways(fields["gateways"])))
    }
    return switches
  }

  private mutating func uplinks(_ value: YAMLValue?) -> [Located<PortReference>] {
    var ports: [Located<PortReference>] = []
    for item in self.items(value) ?? [] {
      if let port = self.switchPort(item) { ports.append(port) }
    }
    return ports
  }

  mutating func switchGroups(_ value: YAMLValue?) -> [SwitchGroupDraft] {
    var groups: [SwitchGroupDraft] = []
    for item in self.items(value) ?? [] {
      guard let fields = self.fields(item, as: .switchGroup) else {
        groups.append(SwitchGroupDraft(location: item.location))
        continue
      }
      var group = SwitchGroupDraft(location: item.location, name: self.name(fields["name"]))
      if let mode = self.choice(fields["mode"], of: SwitchGroup.Mode.self) { group.mode = mode }
      if let members = fields["switches"] {
        var switches: [Located<SwitchName>] = []
        for item in self.items(members) ?? [] {
          if let name = self.name(item, as: SwitchName.self) { switches.append(name) }
        }
        group.switches = Located(switches, at: members.location)
      }
      for item in fields["routers"].flatMap({ self.items($0) }) ?? [] {
        if let address = self.address(item) { group.routers.append(address) }
      }
      groups.append(group)
    }
    return groups
  }

  private mutating func sourceRules(_ value: YAMLValue?) -> Located<Int>? {
    self.oneOf(Switch.sourceRuleCounts, value, no: "number of rules")
  }

  private mutating func gateways(_ value: YAMLValue?) -> [GatewayDraft] {
    var gateways: [GatewayDraft] = []
    for item in self.items(value) ?? [] {
      guard let fields = self.fields(item, as: .gateway) else {
        gateways.append(GatewayDraft(location: item.location))
        continue
      }
      gateways.append(
        GatewayDraft(
          location: item.location, region: self.name(fields["region"]), port: self.switchPort(fields["port"]),
          address: self.address(fields["address"]), ipv6: self.ipv6Address(fields["ipv6"]),
          hasIPv6: fields["ipv6"] != nil, mac: self.mac(fields["mac"])))
    }
    return gateways
  }
}
