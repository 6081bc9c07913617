// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// Whether the switches of a group can stand in for each other.
extension Rules {
  mutating func checkSwitchGroups() {
    self.checkNames(self.draft.switchGroups.map(\.name), of: "switch group")
    var groups: [SwitchName: SwitchGroupDraft] = [:]
    for group in self.draft.switchGroups {
      guard let names = group.switches else { continue }
      var members: [(name: Located<SwitchName>, draft: SwitchDraft)] = []
      for name in names.value {
        if let other = groups[name.value] {
          self.report.add(
            .switchGroupConflict, at: name.location,
            "\(group.title) names the switch '\(name.value)', which is in \(other.title) in line \(other.location.line)",
            hint: "a switch is in one group, once")
          continue
        }
        groups[name.value] = group
        if let member = self.switch(name, of: group) { members.append((name, member)) }
      }
      if names.value.count < 2 {
        self.report.add(
          .switchGroupConflict, at: names.location, "\(group.title) has \(names.value.count) switches",
          hint: "name two or more in order of preference, or take the group out")
      }
      if let first = members.first?.draft {
        for member in members.dropFirst() { self.check(member.draft, at: member.name.location, standsInFor: first) }
      }
      for member in members { self.check(member.draft, at: member.name.location, in: group) }
    }
  }

  private mutating func `switch`(_ name: Located<SwitchName>, of group: SwitchGroupDraft) -> SwitchDraft? {
    if let found = self.draft.switches.first(where: { $0.name?.value == name.value }) { return found }
    let known = self.draft.switches.compactMap { $0.name?.value.text }
    // One that could not be read may be it.
    guard known.count == self.draft.switches.count else { return nil }
    self.report.add(
      .unknownSwitch, at: name.location,
      "\(group.title) names the switch '\(name.value)', which the file does not have",
      hint: known.isEmpty ? "add it to the file's 'switches'" : hint(for: name.value.text, accepted: known))
    return nil
  }

  /// Whatever reaches one must reach the other, in the same way.
  private mutating func check(_ member: SwitchDraft, at location: Location, standsInFor first: SwitchDraft) {
    func gateways(_ draft: SwitchDraft) -> [RegionName: IPv4Address]? {
      var addresses: [RegionName: IPv4Address] = [:]
      for gateway in draft.gateways {
        guard let region = gateway.region, let address = gateway.address else { return nil }
        addresses[region.value] = address.value
      }
      return addresses
    }
    if let own = gateways(member), let others = gateways(first), own != others {
      let region = Set(own.keys).union(others.keys).sorted().first { own[$0] != others[$0] }
      let name = region.map { "\($0)" } ?? ""
      func text(_ address: IPv4Address?) -> String { address.map { "\($0)" } ?? "none" }
      self.report.add(
        .switchGroupConflict, at: location,
        "\(member.title) and \(first.title) are in one group and reach different gateways: of region '\(name)' "
          + "\(region.map { text(own[$0]) } ?? "") and \(region.map { text(others[$0]) } ?? "")",
        hint: "give both the same gateways, each by ports of its own")
    }
    if member.placement?.value != first.placement?.value {
      self.report.add(
        .switchGroupConflict, at: member.placement?.location ?? location,
        "\(member.title) and \(first.title) are in one group and have different placements",
        hint: "give both the same 'placement', or neither: connections would move when one takes over")
    }
  }

  private mutating func check(_ member: SwitchDraft, at location: Location, in group: SwitchGroupDraft) {
    if member.forwarding == .learning {
      self.report.add(
        .switchGroupConflict, at: location,
        "\(member.title) is in \(group.title) and has 'forwarding: learning'",
        hint: "only switches with 'forwarding: normal' can stand in for each other")
    }
    guard group.mode == .activeActive else { return }
    if member.uplinks.count != 1 {
      self.report.add(
        .switchGroupConflict, at: member.uplinks.first?.location ?? location,
        "\(member.title) has \(member.uplinks.count) 'uplinks', in \(group.title) with 'mode: active-active'",
        hint: "name the one port that leads to the router which spreads the flows, for example 'uplinks: [1]'")
    }
    if let placement = member.placement, [.conntrack, .reactive].contains(placement.value) {
      self.report.add(
        .placementConflict, at: placement.location,
        "\(member.title) has 'placement: \(placement.value.rawValue)', in \(group.title) with 'mode: active-active'",
        hint: "choose 'hash' or 'redirect': what one switch remembers of a connection the other one does not know")
    }
    let regions = Set(member.gateways.compactMap { $0.region?.value })
    for service in self.draft.services {
      guard let owner = service.owner, regions.contains(owner.value) else { continue }
      self.report.add(
        .switchGroupConflict, at: owner.location,
        "\(service.title) adopts its virtual IP, and \(group.title) has 'mode: active-active'",
        hint: "leave out 'adopted-from': the router sends what is for the virtual IP to the switches' own addresses")
    }
  }
}
