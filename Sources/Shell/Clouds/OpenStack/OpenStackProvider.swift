// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import CloudModel
import FoundationEssentials
package import Outbound

/// A region of OpenStack: Neutron for addresses, Nova for servers by their names.
package struct OpenStackProvider: CloudProvider {
  private let api: OpenStackAPI

  package init(_ access: CloudAccess, _ outbound: HTTPOutbound) { self.api = OpenStackAPI(access, outbound) }

  package var name: String { self.api.access.title }
  /// Those to Keystone not among them.
  package var calls: Int { self.api.calls }

  // MARK: What is there

  package func facts(about references: [CloudReference]) async throws(CloudError) -> CloudFacts {
    var facts = CloudFacts()
    for server in try await self.servers(references) { facts.servers[server.id] = server }
    facts.floatingIPs = try await self.floatingIPs(references)
    facts.ports = try await self.ports(references, facts)
    guard !facts.ports.isEmpty else { return facts }
    try await self.addSurroundings(to: &facts)
    return facts
  }

  private func servers(_ references: [CloudReference]) async throws(CloudError) -> [CloudServer] {
    let names = references.filter { $0.kind == .server }.map(\.value)
    let tags = references.filter { $0.kind == .tag }.map(\.value)
    guard !names.isEmpty || !tags.isEmpty else { return [] }
    guard try await self.api.has(.compute) else {
      guard names.isEmpty else {
        throw CloudError(
          .configuration, cloud: self.name, "the server '\(names[0])' is named, and the cloud has no service 'compute'",
          hint: "name its port with 'cloud-port' instead")
      }
      return []
    }
    var found: [String: CloudServer] = [:]
    // Nova takes a name for a regular expression, and an id only in a path.
    for name in Set(names).sorted() {
      let query = isID(name) ? [("uuid", name)] : [("name", "^\(regular(name))$")]
      for server: NovaServer in try await self.api.list(.compute, "/servers/detail", "servers", query) {
        found[server.id] = server.model
      }
    }
    for tag in Set(tags).sorted() {
      for server: NovaServer in try await self.api.list(.compute, "/servers/detail", "servers", [("tags", tag)]) {
        found[server.id] = server.model
      }
    }
    return found.values.sorted { $0.id < $1.id }
  }

  private func floatingIPs(_ references: [CloudReference]) async throws(CloudError) -> [FloatingIP] {
    let query = references.filter { $0.kind == .floatingIP }
      .map { (isID($0.value) ? "id" : "floating_ip_address", $0.value) }
    var found: [FloatingIP] = []
    for (key, values) in Dictionary(grouping: query, by: \.0).sorted(by: { $0.key < $1.key }) {
      _ = key
      let items: [NeutronFloatingIP] = try await self.api.list(.network, "/floatingips", "floatingips", values)
      found += items.compactMap(\.model)
    }
    return found
  }

  private func ports(_ references: [CloudReference], _ facts: CloudFacts) async throws(CloudError) -> [CloudPort] {
    var found: [String: CloudPort] = [:]
    func add(_ query: [(String, String)]) async throws(CloudError) {
      guard !query.isEmpty else { return }
      for port: NeutronPort in try await self.api.list(.network, "/ports", "ports", query) {
        found[port.id] = port.model
      }
    }
    let named = references.filter { $0.kind == .cloudPort }.map(\.value)
    try await add(facts.servers.keys.sorted().map { ("device_id", $0) })
    try await add(named.filter { !isID($0) }.map { ("name", $0) })
    try await add((named.filter(isID) + facts.floatingIPs.compactMap(\.portID)).map { ("id", $0) })
    for tag in Set(references.filter { $0.kind == .tag }.map(\.value)).sorted() { try await add([("tags", tag)]) }
    // A gateway's other port, towards the members, is its business, too.
    let others = Set(found.values.map(\.deviceID)).subtracting(facts.servers.keys).subtracting([""])
    try await add(others.sorted().map { ("device_id", $0) })
    return found.values.sorted { $0.id < $1.id }
  }

  /// Networks, subnets, groups, floating IPs and routers of the ports.
  private func addSurroundings(to facts: inout CloudFacts) async throws(CloudError) {
    let ports = facts.ports
    func ids(_ all: some Sequence<String>) -> [(String, String)] { Set(all).sorted().map { ("id", $0) } }
    for item: NeutronNetwork in try await self.api.list(.network, "/networks", "networks", ids(ports.map(\.networkID)))
    {
      facts.networks[item.id] = item.model
    }
    let subnets = Set(ports.flatMap { $0.fixedAddresses.map(\.subnetID) })
    for item: NeutronSubnet in try await self.api.list(.network, "/subnets", "subnets", ids(subnets)) {
      facts.subnets[item.id] = item.model
    }
    // Those of the ports, and ours.
    for item: NeutronGroup in try await self.api.list(.network, "/security-groups", "security_groups") {
      if item.name.hasPrefix("isthmus-") || ports.contains(where: { $0.groupIDs.contains(item.id) }) {
        facts.groups[item.id] = item.model
      }
    }
    let bound: [NeutronFloatingIP] = try await self.api.list(
      .network, "/floatingips", "floatingips", ports.map { ("port_id", $0.id) })
    for floatingIP in bound.compactMap(\.model) where !facts.floatingIPs.contains(floatingIP) {
      facts.floatingIPs.append(floatingIP)
    }
    facts.routers = try await self.routers(on: Set(ports.map(\.networkID)), facts)
  }

  /// Those that have an interface on one of the networks.
  private func routers(on networks: Set<String>, _ facts: CloudFacts) async throws(CloudError) -> [CloudRouter] {
    let inner = networks.filter { facts.networks[$0]?.isExternal != true }
    guard !inner.isEmpty else { return [] }
    let owners = [
      "network:router_interface", "network:router_interface_distributed", "network:ha_router_replicated_interface",
    ]
    let interfaces: [NeutronPort] = try await self.api.list(
      .network, "/ports", "ports", inner.sorted().map { ("network_id", $0) } + owners.map { ("device_owner", $0) })
    var subnets: [String: [String]] = [:]
    for port in interfaces { subnets[port.device_id ?? "", default: []] += port.fixed_ips.map(\.subnet_id) }
    guard !subnets.isEmpty else { return [] }
    let routers: [NeutronRouter] = try await self.api.list(
      .network, "/routers", "routers", subnets.keys.sorted().map { ("id", $0) })
    return routers.map {
      CloudRouter(
        id: $0.id, name: $0.name ?? $0.id, externalNetworkID: $0.external_gateway_info?.network_id,
        subnetIDs: subnets[$0.id] ?? [])
    }
  }

  // MARK: Changes

  package func perform(_ step: CloudStep) async throws(CloudError) {
    switch step {
    case .createGroup(let name):
      // Neutron takes a second one of the same name.
      let known: [NeutronGroup] = try await self.api.list(
        .network, "/security-groups", "security_groups", [("name", name)])
      guard known.isEmpty else { return }
      try await self.api.send(
        .network, "POST", "/security-groups",
        body: ["security_group": ["name": name, "description": "What Isthmus's services need"]], mayRepeat: false)
    case .addRule(let rule, let group): try await self.add(rule, to: group)
    case .setGroups(let groups, let port):
      try await self.api.send(
        .network, "PUT", "/ports/\(port)", body: ["port": ["security_groups": groups]], mayRepeat: true)
    case .setAddressPairs(let pairs, let port):
      let texts = pairs.map { NeutronPort.Pair(ip_address: "\($0)") }
      try await self.api.send(
        .network, "PUT", "/ports/\(port)", body: ["port": ["allowed_address_pairs": texts]], mayRepeat: true)
    case .tagFloatingIP(let id, let tag):
      try await self.api.send(
        .network, "PUT", "/floatingips/\(id)/tags/\(tag)", body: String?.none, mayRepeat: true)
    case .untagFloatingIP(let id, let tag):
      do throws(CloudError) {
        try await self.api.send(
          .network, "DELETE", "/floatingips/\(id)/tags/\(tag)", body: String?.none, mayRepeat: true)
      } catch  where error.kind == .notFound {}
    case .bindFloatingIP(let id, let port, let address):
      try await self.api.send(
        .network, "PUT", "/floatingips/\(id)",
        body: ["floatingip": ["port_id": port, "fixed_ip_address": "\(address)"]], mayRepeat: true)
    }
  }

  private struct RuleBody: Encodable, Sendable {
    struct Rule: Encodable, Sendable {
      var security_group_id: String
      var direction = "ingress"
      var ethertype: String
      var `protocol`: String?
      var port_range_min: UInt16?
      var port_range_max: UInt16?
      var remote_ip_prefix: String?
    }

    var security_group_rule: Rule
  }

  private func add(_ rule: SecurityRule, to group: String) async throws(CloudError) {
    let body = RuleBody(
      security_group_rule: RuleBody.Rule(
        security_group_id: group, ethertype: rule.family == .v4 ? "IPv4" : "IPv6",
        protocol: rule.ipProtocol.map { "\($0)" },
        port_range_min: rule.ports?.lowerBound, port_range_max: rule.ports?.upperBound,
        remote_ip_prefix: rule.from?.description))
    do throws(CloudError) {
      try await self.api.send(.network, "POST", "/security-group-rules", body: body, mayRepeat: false)
    } catch  where error.kind == .conflict && error.message.contains("already exists") {}
  }
}

/// A UUID.
private func isID(_ text: String) -> Bool {
  text.utf8.count == 36 && text.utf8.allSatisfy { "0123456789abcdefABCDEF-".utf8.contains($0) }
}

/// A text as a regular expression that only it fits.
private func regular(_ text: String) -> String {
  text.reduce(into: "") { result, character in
    if "\\^$.|?*+()[]{}".contains(character) { result.append("\\") }
    result.append(character)
  }
}
