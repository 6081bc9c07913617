// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Packets that have to come in.
package struct Opening: Sendable, Hashable, CustomStringConvertible {
  /// IANA's number.
  package var ipProtocol: UInt8
  /// Nil: it has no ports.
  package var port: UInt16?
  package var from: AddressPrefix

  package init(ipProtocol: UInt8, port: UInt16?, from: AddressPrefix) {
    self.ipProtocol = ipProtocol
    self.port = port
    self.from = from
  }

  package var description: String {
    let name = [1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6"][self.ipProtocol] ?? "protocol \(self.ipProtocol)"
    let place = self.from.length == 0 ? "anywhere" : "\(self.from)"
    return "\(name)\(self.port.map { " port \($0)" } ?? "") from \(place)"
  }
}

/// What a port has to let pass, for what is configured.
package struct PortRequirement: Sendable, Equatable {
  package enum Role: String, Sendable { case gateway, member }

  package var portID: String
  package var role: Role
  package var openings: [Opening]
  /// It sends packets that have clients' addresses as their source.
  package var sendsForClients: Bool
  /// The switch has to reach it from outside the cloud.
  package var isReachedFromOutside: Bool

  package init(
    portID: String, role: Role, openings: [Opening] = [], sendsForClients: Bool = false,
    isReachedFromOutside: Bool = false
  ) {
    self.portID = portID
    self.role = role
    self.openings = openings
    self.sendsForClients = sendsForClients
    self.isReachedFromOutside = isReachedFromOutside
  }
}

/// Something that keeps a service's packets from passing.
package struct Finding: Sendable, Equatable {
  /// A region's gateway or member.
  package var what: String
  package var problem: String
  /// What to do about it.
  package var hint: String
  /// The first step that mends it; nil: an operator has to.
  package var remedy: CloudStep?

  package init(what: String, problem: String, hint: String, remedy: CloudStep?) {
    self.what = what
    self.problem = problem
    self.hint = hint
    self.remedy = remedy
  }
}

/// One change of a cloud. Each may be done again, and is one request.
package enum CloudStep: Sendable, Hashable {
  case createGroup(name: String)
  case addRule(SecurityRule, toGroup: String)
  case setGroups([String], ofPort: String)
  case setAddressPairs([AddressPrefix], ofPort: String)
  case tagFloatingIP(String, tag: String)
  case untagFloatingIP(String, tag: String)
  case bindFloatingIP(String, toPort: String, address: IPAddress)
}

/// Compares what a cloud says with what services need.
///
/// The remedies are looked for anew after each step, in what the cloud then says: whoever is interrupted at any step and
/// begins again ends in the same state, and nothing is there twice.
package struct Inspection: Sendable {
  /// The security group that `prepare` puts rules into; groups of others are never changed. What a gateway needs is not
  /// opened on members.
  package static func groupName(for role: PortRequirement.Role) -> String { "isthmus-\(role.rawValue)" }

  private let facts: CloudFacts

  package init(_ facts: CloudFacts) { self.facts = facts }

  /// In the order of the requirements.
  package func findings(_ requirements: [PortRequirement]) -> [Finding] {
    requirements.flatMap { self.findings(of: $0) }
  }

  private func findings(of requirement: PortRequirement) -> [Finding] {
    guard let port = self.facts.port(requirement.portID) else { return [] }
    let what = "\(requirement.role.rawValue) \(self.facts.servers[port.deviceID].map { "'\($0.name)'" } ?? port.title)"
    var findings: [Finding] = []
    if !port.isActive {
      findings.append(
        Finding(
          what: what, problem: "\(port.title) is down",
          hint: port.deviceID.isEmpty
            ? "no server is attached to it" : "start its server (openstack server show \(port.deviceID))", remedy: nil))
    }
    if requirement.isReachedFromOutside, let finding = self.seclusion(of: port, what) { findings.append(finding) }
    guard port.isSecured else { return findings }
    for opening in requirement.openings {
      if let finding = self.closure(of: port, as: requirement.role, to: opening, what) { findings.append(finding) }
    }
    if requirement.sendsForClients {
      for family in Set(port.fixedAddresses.map(\.address.family)).sorted()
      where !port.addressPairs.contains(.all(family)) {
        findings.append(
          Finding(
            what: what,
            problem: "\(port.title) may not send packets with clients' addresses, and 'client-address: keep' needs it",
            hint: "allow the address pair \(AddressPrefix.all(family)), or switch port security off",
            remedy: .setAddressPairs(port.addressPairs + [.all(family)], ofPort: port.id)))
      }
    }
    return findings
  }

  /// The switch is outside, and the port is not on an external network, has no floating IP and no router that leads out.
  private func seclusion(of port: CloudPort, _ what: String) -> Finding? {
    let network = self.facts.networks[port.networkID]
    if network?.isExternal == true || self.facts.floatingIP(at: port.id) != nil { return nil }
    let subnets = Set(port.fixedAddresses.map(\.subnetID))
    let leadsOut = self.facts.routers.contains {
      $0.externalNetworkID != nil && !subnets.isDisjoint(with: $0.subnetIDs)
    }
    let name = network?.name ?? port.networkID
    return Finding(
      what: what,
      problem: leadsOut
        ? "\(port.title) is on the network '\(name)', which clients reach by a floating IP only, and it has none"
        : "\(port.title) is on the network '\(name)', which has no route to a provider network",
      hint: leadsOut
        ? "associate a floating IP with it (openstack floating ip set --port \(port.id) …)"
        : "plug the gateway into the provider network, or connect '\(name)' to a router with an external gateway",
      remedy: nil)
  }

  private func closure(
    of port: CloudPort, as role: PortRequirement.Role, to opening: Opening, _ what: String
  ) -> Finding? {
    let name = Self.groupName(for: role)
    let groups = port.groupIDs.compactMap { self.facts.groups[$0] }
    guard !groups.contains(where: { group in group.rules.contains { $0.admits(opening) } }) else { return nil }
    return Finding(
      what: what, problem: "no security group of \(port.title) lets \(opening) in",
      hint: "add a rule to one of its groups, or let 'isthmus openstack prepare' add its group '\(name)'",
      remedy: self.remedy(of: port, opening, groupName: name))
  }

  /// First the group, then its rule, then the port: a port that gets the group gets what it is for.
  private func remedy(of port: CloudPort, _ opening: Opening, groupName: String) -> CloudStep {
    guard let own = self.facts.groups.values.filter({ $0.name == groupName }).min(by: { $0.id < $1.id }) else {
      return .createGroup(name: groupName)
    }
    guard own.rules.contains(where: { $0.admits(opening) }) else {
      let rule = SecurityRule(
        family: opening.from.address.family, ipProtocol: opening.ipProtocol, ports: opening.port.map { $0...$0 },
        from: opening.from.length == 0 ? nil : opening.from)
      return .addRule(rule, toGroup: own.id)
    }
    return .setGroups(port.groupIDs + [own.id], ofPort: port.id)
  }
}

extension CloudStep: CustomStringConvertible {
  package var description: String {
    switch self {
    case .createGroup(let name): "create the security group '\(name)'"
    case .addRule(let rule, let group):
      "add to security group \(group) a rule for "
        + "\(Opening(ipProtocol: rule.ipProtocol ?? 0, port: rule.ports?.lowerBound, from: rule.from ?? .all(rule.family)))"
    case .setGroups(let groups, let port): "give port \(port) the security groups \(groups.joined(separator: ", "))"
    case .setAddressPairs(let pairs, let port):
      "let port \(port) send from \(pairs.map(\.description).joined(separator: ", ")), too"
    case .tagFloatingIP(let id, let tag): "write on floating IP \(id): \(tag)"
    case .untagFloatingIP(let id, let tag): "wipe from floating IP \(id): \(tag)"
    case .bindFloatingIP(let id, let port, let address): "lead floating IP \(id) to port \(port) (\(address))"
    }
  }
}
