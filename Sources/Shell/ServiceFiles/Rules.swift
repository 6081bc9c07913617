// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// Checks the values of a file against each other.
///
/// What could not be read is left out of it: a mistake is reported once, not again at everything that refers to it.
struct Rules {
  let draft: Draft
  var report: Report

  /// Nil if not all names of regions could be read, so that nothing can be said of a name that is not there.
  let regions: Set<RegionName>?
  /// In the order of the file, each once.
  let regionNames: [String]
  /// Where gateways have their addresses.
  let gatewaysByAddress: [IPAddress: [GatewayPlace]]
  let gatewaysByRegion: [RegionName: [GatewayPlace]]
  /// Where switches have their probe addresses.
  let probeAddresses: [IPv4Address: SwitchPlace]
  /// False if a gateway could not be read or is wrong, so that nothing can be said of one that is not there.
  private(set) var knowsAllGateways: Bool

  struct SwitchPlace {
    var title: String
    var location: Location
  }

  struct GatewayPlace {
    var title: String
    var region: RegionName
    var address: Located<IPv4Address>
    var ipv6: Located<IPv6Address>?
    var hasIPv6: Bool

    func address(of family: IPAddress.Family) -> Located<IPAddress>? {
      switch family {
      case .v4: Located(.v4(self.address.value), at: self.address.location)
      case .v6: self.ipv6.map { Located(.v6($0.value), at: $0.location) }
      }
    }
  }

  static func check(_ draft: Draft, into report: inout Report) {
    var rules = Rules(draft, report: report)
    rules.checkRegions()
    rules.checkSwitches()
    rules.checkServices()
    rules.checkPlacements()
    rules.checkSouthbound()
    rules.checkSwitchGroups()
    report = rules.report
  }

  private init(_ draft: Draft, report: Report) {
    self.draft = draft
    self.report = report
    let names = draft.regions.compactMap { $0.name?.value }
    let isReadable = names.count == draft.regions.count && (report.isEmpty || !names.isEmpty)
    self.regions = isReadable ? Set(names) : nil
    var seen: Set<RegionName> = []
    self.regionNames = names.filter { seen.insert($0).inserted }.map(\.text)
    self.knowsAllGateways =
      draft.switches.allSatisfy { $0.gateways.allSatisfy { $0.region != nil && $0.address != nil } }
      && (report.isEmpty || !draft.switches.isEmpty)
    let gateways = draft.switches.flatMap { `switch` in
      `switch`.gateways.compactMap { gateway -> GatewayPlace? in
        guard let region = gateway.region, let address = gateway.address else { return nil }
        return GatewayPlace(
          title: `switch`.title, region: region.value, address: address, ipv6: gateway.ipv6, hasIPv6: gateway.hasIPv6)
      }
    }
    var byAddress: [IPAddress: [GatewayPlace]] = [:]
    for gateway in gateways {
      for family in IPAddress.Family.allCases {
        if let address = gateway.address(of: family) { byAddress[address.value, default: []].append(gateway) }
      }
    }
    self.gatewaysByAddress = byAddress
    self.gatewaysByRegion = Dictionary(grouping: gateways) { $0.region }
    self.probeAddresses = Dictionary(
      draft.switches.compactMap { `switch` in
        `switch`.probeAddress.map { ($0.value, SwitchPlace(title: `switch`.title, location: $0.location)) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Reports the second and later ones of `names` that are alike.
  mutating func checkNames<N: Name>(_ names: [Located<N>?], of kind: String) {
    self.checkUnique(names, .duplicateName, hint: "give each \(kind) a name of its own") { name, first in
      "the \(kind) '\(name)' is there twice: first in line \(first.line)"
    }
  }

  /// Reports the second and later ones of `values` that are alike.
  mutating func checkUnique<Value: Hashable>(
    _ values: [Located<Value>?], _ code: ErrorCode, hint: String, message: (Value, Location) -> String
  ) {
    var firsts: [Value: Location] = [:]
    for case let value? in values {
      if let first = firsts[value.value] {
        self.report.add(code, at: value.location, message(value.value, first), hint: hint)
      } else {
        firsts[value.value] = value.location
      }
    }
  }

  /// True if there is such a region, or if that cannot be told.
  @discardableResult
  mutating func checkRegion(_ region: Located<RegionName>, namedBy title: String) -> Bool {
    guard let regions = self.regions, !regions.contains(region.value) else { return true }
    let names = self.regionNames
    self.report.add(
      .unknownRegion, at: region.location, "\(title) names the region '\(region.value)', which the file does not have",
      hint: names.isEmpty ? "add it to the file's 'regions'" : hint(for: region.value.text, accepted: names))
    return false
  }
}

// MARK: Regions and switches

extension Rules {
  private mutating func checkRegions() {
    self.checkNames(self.draft.regions.map(\.name), of: "region")
    self.checkUnique(
      self.draft.regions.map { $0.key.map { Located($0.value.bytes, at: $0.location) } }, .sharedKey,
      hint:
        "make a new one with 'openssl rand -hex \(RegionKey.length)': with one key, one region can speak for another"
    ) { _, first in "two regions have the same key: first in line \(first.line)" }
    self.checkUnique(
      self.draft.regions.flatMap { [$0.management, $0.secondManagement] }, .addressInUse,
      hint: "give each region's agent an address of its own"
    ) { endpoint, first in "'management' \(endpoint) is there twice: first in line \(first.line)" }
  }

  private mutating func checkSwitches() {
    let switches = self.draft.switches
    self.checkNames(switches.map(\.name), of: "switch")
    self.checkUnique(switches.map(\.datapath), .duplicateDatapath, hint: "each switch has a datapath id of its own") {
      "the datapath id \($0) is there twice: first in line \($1.line)"
    }
    self.checkUnique(switches.map(\.probeAddress), .addressInUse, hint: "give each switch a probe address of its own") {
      "the probe address \($0) is there twice: first in line \($1.line)"
    }
    let count = self.report.count
    for `switch` in switches { self.checkGateways(of: `switch`) }
    if self.report.count > count { self.knowsAllGateways = false }
  }

  private mutating func checkGateways(of `switch`: SwitchDraft) {
    let title = `switch`.title
    for gateway in `switch`.gateways {
      if let region = gateway.region { self.checkRegion(region, namedBy: "a gateway of \(title)") }
      if let address = gateway.address, let probing = self.probeAddresses[address.value] {
        self.report.add(
          .addressInUse, at: address.location,
          "a gateway of \(title) has \(address.value), the probe address of \(probing.title) in line "
            + "\(probing.location.line)",
          hint: "a probe address belongs to no other machine")
      }
      if self.draft.detection.probe == .none, gateway.mac == nil {
        self.report.add(
          .gatewayWithoutMAC, at: gateway.location, "a gateway of \(title) has no 'mac', with 'probe: none'",
          hint: "add for example 'mac: fa:16:3e:d8:26:42', or let the switches probe")
      }
    }
    self.checkUnique(
      `switch`.gateways.map(\.region), .duplicateGateway, hint: "a region has one gateway on a switch"
    ) { "\(title) has two gateways of region '\($0)': first in line \($1.line)" }
    self.checkUnique(`switch`.gateways.map(\.port), .portInUse, hint: "give each gateway a port of its own") {
      "\(title) has two gateways on port \($0): first in line \($1.line)"
    }
    self.checkUnique(`switch`.gateways.map(\.address), .addressInUse, hint: "each gateway has an address of its own") {
      "\(title) has two gateways with the address \($0): first in line \($1.line)"
    }
    self.checkUnique(`switch`.gateways.map(\.ipv6), .addressInUse, hint: "each gateway has an address of its own") {
      "\(title) has two gateways with the address \($0): first in line \($1.line)"
    }
  }
}
