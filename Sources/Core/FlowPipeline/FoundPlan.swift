// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import OpenFlow
package import ServiceModel
package import Steering

/// What a switch's tables say of decisions that were made before this controller started.
///
/// The switch is the memory of the last plan: a controller that restarts goes on from here, so it neither moves
/// traffic nor brings a region back that was out.
package struct FoundPlan: Sendable, Equatable {
  package var plan: SteeringPlan
  package var macs: [RegionName: MACAddress]
  /// The gateways' addresses by which connections are sent, in ascending order.
  package var addresses: [RegionName: [IPAddress]]
  /// Regions of which the switch knew.
  package var regions: Set<RegionName>
  /// Connections are tracked, so the switch can do that.
  package var tracksConnections: Bool

  /// Whether a flow tells of a decision; the many that are there for each service do not. Of those by which connections
  /// are tracked, or questions answered, one is enough, for what a switch can do.
  package static func isRecord(
    _ key: DatapathProgram.FlowKey, _ flow: DatapathProgram.Flow, beside others: DatapathProgram
  ) -> Bool {
    switch key.table {
    case TableLayout.Table.classify.rawValue:
      key.priority == TableLayout.Classify.probe || key.priority == TableLayout.Classify.gate
        || key.priority == TableLayout.Classify.resolution && others.answersQuestions == nil
    case TableLayout.Table.deliver.rawValue: true
    case TableLayout.Table.steer.rawValue:
      key.match[.conntrackState] == nil || key.match[.conntrackMark] != nil || !others.tracksConnections
    default: false
    }
  }

  /// - Parameter program: at least the flows for which `isRecord`, and the groups.
  package init(in program: DatapathProgram, intent: Intent, numbering: Numbering) {
    let known = KnownRegions(intent, numbering)
    self.plan = .empty
    self.macs = [:]
    self.addresses = [:]
    self.regions = []
    self.tracksConnections = program.tracksConnections
    for region in intent.regions.map(\.name) {
      if let group = program.groups[GroupNumbers.region(numbering.number(of: region))] {
        self.found(region, Self.use(by: group))
      }
    }
    var rules: [RuleListener: [SourceRule]] = [:]
    for (key, flow) in program.flows {
      switch key.table {
      case TableLayout.Table.classify.rawValue: self.readProbe(key, flow, known)
      case TableLayout.Table.deliver.rawValue:
        if let region = known.region(marked: key.match[.conntrackMark] ?? key.match[.metadata]) {
          self.readMAC(of: region, in: flow.instructions.applied)
        }
      case TableLayout.Table.steer.rawValue:
        if let region = known.region(marked: key.match[.conntrackMark]), let address = key.match.ipDestination {
          self.addresses[region, default: []].append(address)
        } else if let listener = RuleListener(key.match), key.match[.conntrackState] == nil,
          let owner = SlotCookie.owner(in: flow.cookie), known.region(of: flow.instructions.applied) == nil
        {
          rules[listener, default: []].append(SourceRule(source: nil, owner: owner, user: nil))
        } else if let listener = RuleListener(key.match), let region = known.region(of: flow.instructions.applied) {
          rules[listener, default: []].append(
            SourceRule(
              source: key.match[.ipv4Source] ?? key.match[.ipv6Source], owner: SlotCookie.owner(in: flow.cookie),
              user: region))
          self.readMAC(of: region, in: flow.instructions.applied)
        }
      default: break
      }
    }
    self.addresses = self.addresses.mapValues { $0.sorted() }
    for service in intent.services {
      guard let listener = service.listeners.first else { continue }
      let targetPort = numbering.targetPort(of: listener, in: service.name)
      if let group = program.groups[GroupNumbers.service(targetPort: targetPort)] {
        let slots = program.groups[GroupNumbers.slots(targetPort: targetPort)]?.buckets ?? []
        for bucket in slots + group.buckets {
          if let region = known.region(of: bucket.actions) { self.readMAC(of: region, in: bucket.actions) }
        }
        self.plan.services.append(steering(of: service, group.buckets, slots: slots, known))
      } else if let rules = rules[RuleListener(service.virtualIP, listener)] {
        self.plan.services.append(steering(of: service, rules, carrying: self.plan.carrying))
      }
    }
  }

  private mutating func found(_ region: RegionName, _ use: SteeringPlan.Use) {
    self.regions.insert(region)
    switch use {
    case .carrying: self.plan.carrying.insert(region)
    case .draining: self.plan.draining.insert(region)
    case .out: break
    }
  }

  private static func use(by group: DatapathProgram.Group) -> SteeringPlan.Use {
    switch group.buckets.first?.watchGroup {
    case nil: .out
    case GroupNumbers.unavailable: .draining
    default: .carrying
    }
  }

  /// Without groups, the cookie of the flow that hears a gateway's answers tells what its region is used for.
  private mutating func readProbe(
    _ key: DatapathProgram.FlowKey, _ flow: DatapathProgram.Flow, _ known: KnownRegions
  ) {
    guard key.priority == TableLayout.Classify.probe, let sender = key.match[.arpSenderAddress],
      let region = known.region(at: sender), !self.regions.contains(region)
    else { return }
    switch Cookie(rawValue: flow.cookie) {
    case .probe: self.found(region, .carrying)
    case .probeDraining: self.found(region, .draining)
    default: self.found(region, .out)
    }
  }

  private mutating func readMAC(of region: RegionName, in actions: [Action]) {
    for case .setField(let entry) in actions where entry.field == .ethernetDestination {
      self.macs[region] = MACAddress(rawValue: UInt64(truncatingIfNeeded: entry.value))
    }
  }
}

extension DatapathProgram {
  fileprivate var tracksConnections: Bool {
    self.flows.contains { key, _ in
      key.table == TableLayout.Table.steer.rawValue && key.match[.conntrackState] != nil
    }
  }
}

/// Regions by what tells of them on a switch.
private struct KnownRegions {
  private var byNumber: [UInt32: RegionName] = [:]
  private var byAddress: [IPAddress: RegionName] = [:]

  init(_ intent: Intent, _ numbering: Numbering) {
    for region in intent.regions { self.byNumber[numbering.number(of: region.name)] = region.name }
    for gateway in intent.switches.flatMap(\.gateways) {
      for address in gateway.addresses { self.byAddress[address] = gateway.region }
    }
  }

  func region(marked mark: MatchEntry?) -> RegionName? {
    mark.flatMap { self.byNumber[UInt32(truncatingIfNeeded: $0.value)] }
  }

  func region(at address: MatchEntry) -> RegionName? {
    self.byAddress[IPAddress(address)]
  }

  /// Where a redirection leads; nil for actions that we did not write.
  func region(of actions: [Action]) -> RegionName? {
    for action in actions {
      switch action {
      case .conntrack(let conntrack):
        for case .setField(let entry) in conntrack.actions where entry.field == .conntrackMark {
          return self.region(marked: entry)
        }
      case .setField(let entry) where entry.field == .ipv4Destination || entry.field == .ipv6Destination:
        return self.region(at: entry)
      default: break
      }
    }
    return nil
  }
}

/// The listener for which a rule divides packets by their source.
private struct RuleListener: Hashable {
  var address: IPAddress
  var ipProtocol: UInt128
  var port: UInt128

  init?(_ match: Match) {
    guard let address = match.ipDestination, let ipProtocol = match[.ipProtocol],
      let port = match[.tcpDestination] ?? match[.udpDestination]
    else { return nil }
    (self.address, self.ipProtocol, self.port) = (address, ipProtocol.value, port.value)
  }

  init(_ virtualIP: VirtualIP, _ listener: Listener) {
    self.address = virtualIP.address
    self.ipProtocol = UInt128(listener.transport.ipProtocol)
    self.port = UInt128(listener.port)
  }
}

/// What a service's groups stand for.
private func steering(
  of service: Service, _ buckets: [Bucket], slots: [Bucket], _ known: KnownRegions
) -> ServiceSteering {
  let shares = slots.map { choice(of: $0, known) }
  var choices: [RegionChoice] = []
  for share in shares {
    if let share, !choices.contains(where: { $0.region == share.region }) { choices.append(share) }
  }
  choices += buckets.compactMap { choice(of: $0, known) }
  return ServiceSteering(
    service: service.name, choices: choices, slots: shares.map { index(of: $0?.region, in: choices) })
}

/// What a bucket that we once wrote stands for; nil for one that we did not write.
private func choice(of bucket: Bucket, _ known: KnownRegions) -> RegionChoice? {
  known.region(of: bucket.actions).map { region in
    let eligibility: RegionChoice.Eligibility =
      switch bucket.watchGroup {
      case GroupNumbers.unavailable: .excluded
      case .any: .withPort
      default: .withRegion
      }
    return RegionChoice(region: region, eligibility: eligibility)
  }
}

private struct SourceRule {
  var source: MatchEntry?
  /// Its region's place among the service's.
  var owner: Int?
  /// Nil: the controller decides.
  var user: RegionName?
}

/// What a listener's rules stand for. Whose packets go to another region, though its own carries traffic, may not be
/// used.
private func steering(of service: Service, _ rules: [SourceRule], carrying: Set<RegionName>) -> ServiceSteering {
  let count = rules.compactMap { $0.source?.mask }.max().map { Int(truncatingIfNeeded: $0) + 1 } ?? 1
  var owners = [RegionName?](repeating: nil, count: Switch.sourceRuleCounts.contains(count) ? count : 1)
  var choices: [RegionChoice] = []
  func note(_ region: RegionName, _ eligibility: RegionChoice.Eligibility) {
    if let index = choices.firstIndex(where: { $0.region == region }) {
      if eligibility == .excluded { choices[index].eligibility = .excluded }
    } else {
      choices.append(RegionChoice(region: region, eligibility: eligibility))
    }
  }
  for rule in rules.sorted(by: { ($0.source?.value ?? 0) < ($1.source?.value ?? 0) }) {
    let owner = rule.owner.flatMap { service.regions.indices.contains($0) ? service.regions[$0] : nil }
    if let owner {
      note(owner, rule.user.map { $0 != owner } == true && carrying.contains(owner) ? .excluded : .withRegion)
    }
    if let user = rule.user { note(user, .withRegion) }
    let slot = Int(truncatingIfNeeded: rule.source?.value ?? 0)
    if owners.indices.contains(slot) { owners[slot] = owner ?? rule.user }
  }
  return ServiceSteering(
    service: service.name, choices: choices, slots: count == 1 ? [] : owners.map { index(of: $0, in: choices) })
}

private func index(of region: RegionName?, in choices: [RegionChoice]) -> UInt8 {
  choices.firstIndex { $0.region == region }.flatMap { UInt8(exactly: $0) } ?? ServiceSteering.nobody
}

extension [Instruction] {
  /// The actions that are done at once.
  fileprivate var applied: [Action] {
    for case .applyActions(let actions) in self { return actions }
    return []
  }
}

extension IPAddress {
  /// The address in a field that holds one.
  fileprivate init(_ entry: MatchEntry) {
    self =
      entry.field.bitCount == 32
      ? .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: entry.value)))
      : .v6(IPv6Address(rawValue: entry.value))
  }
}
