// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// The commands that make a lab's namespaces and the links between them. Everything is made inside the namespaces:
/// the machine's own interfaces, routes and settings stay as they are.
struct NetworkPlan: Sendable {
  /// A command and what it reads.
  struct Step: Sendable, Equatable {
    var words: [String]
    var input = ""
  }

  let layout: LabLayout
  /// The gateway that has the virtual IP as a second address.
  let virtualIPOwner: Int?

  /// In the order in which they must run.
  var steps: [Step] {
    let hosts = self.layout.hosts.map { (namespace: self.layout.namespace(of: $0), plan: self.plan(for: $0)) }
    var steps = [self.batch(hosts.map { "netns add \($0.namespace)" })]
    steps += hosts.map {
      Step(words: ["ip", "netns", "exec", $0.namespace, "sh", "-e"], input: $0.plan.settingsScript)
    }
    steps.append(self.batch(self.links))
    for (namespace, plan) in hosts {
      steps.append(self.batch(plan.ip, in: namespace))
      if let interface = plan.switchedInterface {
        steps.append(Step(words: ["ip", "netns", "exec", namespace, "ethtool", "-K", interface, "tx", "off"]))
      }
    }
    return steps
  }

  private func batch(_ lines: [String], in namespace: String? = nil) -> Step {
    Step(
      words: ["ip"] + (namespace.map { ["-n", $0] } ?? []) + ["-batch", "-"],
      input: lines.map { "\($0)\n" }.joined())
  }

  // MARK: Links

  private var links: [String] {
    // What hosts are plugged into: the switch, or where there are two, what joins them.
    let hub = self.layout.hasSegments ? LabHost.segments : .switch
    var links = [self.link(hub, "client", .client, "eth0", address: LabLayout.clientAddress)]
    if self.layout.hasColdClient {
      links.append(self.link(hub, "cold", .coldClient, "eth0", address: LabLayout.coldClientAddress))
    }
    if hub == .segments {
      for (number, name) in self.layout.switches.flatMap({ n in self.layout.segmentNames.map { (n, $0) } }) {
        links.append(
          """
          link add name \(name) netns \(self.layout.namespace(of: LabLayout.host(ofSwitch: number))) type veth \
          peer name s\(number)-\(name) netns \(self.layout.namespace(of: .segments))
          """)
      }
    }
    if self.layout.switchCount > 1 {
      links.append(
        self.link(.switch, "mgmt-s2", .secondSwitch, "mgmt", address: LabLayout.switchManagementAddress))
    }
    for region in self.layout.regions {
      if self.layout.gatewayCount > 1 {
        links += self.pairLinks(region)
        continue
      }
      let gateway = LabHost.gateway(region)
      links += [
        self.link(
          hub, "r\(region)", gateway, self.layout.uplink, address: LabLayout.gatewayAddress(region)),
        self.link(.switch, "mgmt\(region)", gateway, "mgmt", address: LabLayout.managementAddress(region)),
        self.link(gateway, "int", .member(region), "eth0", address: LabLayout.memberAddress(region)),
      ]
      if self.layout.hasInsideClients {
        links.append(
          self.link(
            gateway, "inside", .insideClient(region), "eth0", address: LabLayout.insideClientAddress(region)))
      }
    }
    return links
  }

  /// Both gateways on the same two segments: the region's, and its inside.
  private func pairLinks(_ region: Int) -> [String] {
    let gateways = self.layout.gateways.flatMap { number in
      let host = LabLayout.host(ofGateway: number, region)
      let suffix = Self.suffix(ofGateway: number)
      return [
        self.link(
          .segments, "r\(region)\(suffix)", host, "ext",
          address: LabLayout.machineAddress(region, gateway: number)),
        self.link(
          .segments, "in\(region)\(suffix)", host, "int",
          address: LabLayout.machineInsideAddress(region, gateway: number)),
        self.link(
          .switch, "mgmt\(region)\(suffix)", host, "mgmt",
          address: LabLayout.managementAddress(region, gateway: number)),
      ]
    }
    return gateways + [
      self.link(.segments, "in\(region)-m", .member(region), "eth0", address: LabLayout.memberAddress(region))
    ]
  }

  /// Of interfaces' names.
  private static func suffix(ofGateway number: Int) -> String { number == 1 ? "" : "-\(number)" }

  /// - Parameter address: of the second end; its MAC address is made of it, which makes captures readable.
  private func link(
    _ first: LabHost, _ firstEnd: String, _ second: LabHost, _ secondEnd: String, address: IPv4Address
  ) -> String {
    return """
      link add name \(firstEnd) netns \(self.layout.namespace(of: first)) type veth \
      peer name \(secondEnd) netns \(self.layout.namespace(of: second)) address \(Self.mac(address))
      """
  }

  static func mac(_ address: IPv4Address) -> MACAddress {
    MACAddress(rawValue: 0x0200_0000_0000 | UInt64(address.rawValue))
  }

  // MARK: Hosts

  /// What one host of the lab is given.
  private struct HostPlan {
    /// Below /proc/sys/net.
    var settings: [(key: String, value: String)] = [
      // No router solicitations and the like: what is captured is what was meant.
      ("ipv6/conf/all/disable_ipv6", "1"), ("ipv6/conf/default/disable_ipv6", "1"),
      // Copied from the machine's own settings otherwise.
      ("ipv4/conf/all/rp_filter", "0"), ("ipv4/conf/default/rp_filter", "0"),
    ]
    var ip = ["link set lo up"]
    /// The interface to the switch. Its transmit checksum offload goes off: Open vSwitch's userspace datapath passes
    /// on the unfinished checksums of a veth link, and TCP through conntrack and NAT then times out.
    var switchedInterface: String?

    /// Router advertisements count for nothing, and nobody waits to see whether an address is free.
    mutating func enableIPv6() {
      self.settings.removeAll { $0.key.hasPrefix("ipv6/") }
      for group in ["all", "default"] {
        self.settings += [
          ("ipv6/conf/\(group)/disable_ipv6", "0"), ("ipv6/conf/\(group)/accept_ra", "0"),
          ("ipv6/conf/\(group)/router_solicitations", "0"), ("ipv6/conf/\(group)/accept_dad", "0"),
        ]
      }
    }

    mutating func add(_ interface: String, _ address: IPv6Address) {
      self.ip.append("addr add \(address)/\(LabLayout.ipv6PrefixLength) dev \(interface) nodad")
    }

    mutating func add(_ interface: String, _ address: IPv4Address, _ prefixLength: Int) {
      self.ip += ["addr add \(address)/\(prefixLength) dev \(interface)", "link set \(interface) up"]
    }

    /// One end of a point-to-point link. The switch's namespace has the same address on all of its links, so that a
    /// gateway hears the controller from the address that it called.
    mutating func add(_ interface: String, _ address: IPv4Address, peer: IPv4Address) {
      self.ip += ["addr add \(address) peer \(peer) dev \(interface)", "link set \(interface) up"]
    }

    /// A setting that this kernel does not have is none that matters.
    var settingsScript: String {
      self.settings.map {
        "if [ -e /proc/sys/net/\($0.key) ]; then echo '\($0.value)' > /proc/sys/net/\($0.key); fi\n"
      }.joined()
    }
  }

  private func plan(for host: LabHost) -> HostPlan {
    var plan = HostPlan()
    if self.layout.hasIPv6, host != .switch { plan.enableIPv6() }
    switch host {
    case .client, .coldClient:
      let address = host == .client ? LabLayout.clientAddress : LabLayout.coldClientAddress
      plan.add("eth0", address, LabLayout.providerPrefixLength)
      plan.switchedInterface = "eth0"
      // A prober opens 1,000 connections a second; those that are closed keep their port for a minute.
      plan.settings.append(("ipv4/ip_local_port_range", "1024 65000"))
      if self.layout.hasIPv6, let own = LabLayout.providerIPv6(of: host) { plan.add("eth0", own) }
    case .switch:
      plan.settings.append(("ipv4/ip_forward", "1"))
      plan.ip.append("link set client up")
      if self.layout.hasColdClient, !self.layout.hasSegments { plan.ip.append("link set cold up") }
      if self.layout.switchCount > 1 {
        plan.add("mgmt-s2", LabLayout.controllerAddress, peer: LabLayout.switchManagementAddress)
      }
      for region in self.layout.regions {
        plan.ip.append("link set r\(region) up")
        for number in self.layout.gateways {
          plan.add(
            "mgmt\(region)\(Self.suffix(ofGateway: number))", LabLayout.controllerAddress,
            peer: LabLayout.managementAddress(region, gateway: number))
        }
      }
    case .secondSwitch:
      plan.ip += self.layout.segmentNames.map { "link set \($0) up" }
      plan.add("mgmt", LabLayout.switchManagementAddress, peer: LabLayout.controllerAddress)
    case .segments:
      plan.ip += self.layout.segmentNames.flatMap(self.joint)
      if self.layout.gatewayCount > 1 { plan.ip += self.layout.regions.flatMap(self.inside) }
    case .insideClient(let region):
      plan.add("eth0", LabLayout.insideClientAddress(region), LabLayout.providerPrefixLength)
      plan.switchedInterface = "eth0"
      if self.layout.hasIPv6, let own = LabLayout.providerIPv6(of: host) { plan.add("eth0", own) }
    case .gateway(let region) where self.layout.gatewayCount > 1: self.addPairMachine(1, region, to: &plan)
    case .secondGateway(let region): self.addPairMachine(2, region, to: &plan)
    case .gateway(let region):
      plan.settings.append(("ipv4/ip_forward", "1"))
      if self.layout.hasInsideClients { plan.ip += self.segment(region) }
      plan.add("ext", LabLayout.gatewayAddress(region), LabLayout.providerPrefixLength)
      plan.add("int", LabLayout.gatewayInsideAddress(region), LabLayout.insidePrefixLength)
      plan.add("mgmt", LabLayout.managementAddress(region), peer: LabLayout.controllerAddress)
      plan.ip.append("route add 10.99.0.0/16 via \(LabLayout.controllerAddress)")
      if self.virtualIPOwner == region {
        plan.ip.append("addr add \(LabLayout.virtualIP)/\(LabLayout.providerPrefixLength) dev ext")
      }
      if self.layout.hasIPv6 {
        plan.settings.append(("ipv6/conf/all/forwarding", "1"))
        plan.add("ext", LabLayout.gatewayIPv6(region))
        plan.add("int", LabLayout.gatewayInsideIPv6(region))
        if self.virtualIPOwner == region { plan.add("ext", LabLayout.virtualIPv6) }
      }
      plan.switchedInterface = self.layout.uplink
    case .member(let region):
      plan.add("eth0", LabLayout.memberAddress(region), LabLayout.insidePrefixLength)
      plan.ip.append("route add default via \(LabLayout.gatewayInsideAddress(region))")
      if self.layout.hasIPv6 {
        plan.add("eth0", LabLayout.memberIPv6(region))
        plan.ip.append("route add ::/0 via \(LabLayout.gatewayInsideIPv6(region))")
      }
    }
    return plan
  }

  /// The bridge that joins the switches and what else is on a segment. It learns for as long as a real one does.
  private func joint(_ name: String) -> [String] {
    let ends = [name] + self.layout.switches.map { "s\($0)-\(name)" }
    let others =
      name == "client"
      ? self.layout.hasColdClient ? ["cold"] : []
      : self.layout.gateways.dropFirst().map { "\(name)\(Self.suffix(ofGateway: $0))" }
    return self.bridge("seg-\(name)", ends + others)
  }

  /// The bridge that joins a region's two gateways and its member.
  private func inside(_ region: Int) -> [String] {
    self.bridge(
      "inside\(region)",
      self.layout.gateways.map { "in\(region)\(Self.suffix(ofGateway: $0))" } + ["in\(region)-m"])
  }

  private func bridge(_ name: String, _ ports: [String]) -> [String] {
    ["link add \(name) type bridge mcast_snooping 0", "link set \(name) up"]
      + ports.flatMap { ["link set \($0) master \(name)", "link set \($0) up"] }
  }

  /// One of two gateways of a region, with addresses of its own only: those of the gateway come by VRRP.
  private func addPairMachine(_ number: Int, _ region: Int, to plan: inout HostPlan) {
    plan.settings.append(("ipv4/ip_forward", "1"))
    // Of a connection that it has taken over it has not seen every segment.
    plan.settings.append(("netfilter/nf_conntrack_tcp_be_liberal", "1"))
    plan.add("ext", LabLayout.machineAddress(region, gateway: number), LabLayout.providerPrefixLength)
    plan.add("int", LabLayout.machineInsideAddress(region, gateway: number), LabLayout.insidePrefixLength)
    plan.add("mgmt", LabLayout.managementAddress(region, gateway: number), peer: LabLayout.controllerAddress)
    plan.ip.append("route add 10.99.0.0/16 via \(LabLayout.controllerAddress)")
    plan.switchedInterface = "ext"
  }

  /// The bridge that joins the switch, the gateway, which has its address on it, and the client beside it.
  private func segment(_ region: Int) -> [String] {
    [
      "link add ext type bridge", "link set ext address \(Self.mac(LabLayout.gatewayAddress(region)))",
      // It would learn its own address there.
      "link set \(self.layout.uplink) address \(Self.mac(LabLayout.uplinkAddress(region)))",
    ] + [self.layout.uplink, "inside"].flatMap { ["link set \($0) master ext", "link set \($0) up"] }
  }
}
