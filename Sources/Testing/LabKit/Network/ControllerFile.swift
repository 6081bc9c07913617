// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

extension LabOptions {
  /// A controller's YAML file. The key files that it names are beside it.
  package func controllerConfiguration(of controller: Int = 1) -> String {
    ControllerFile(options: self, number: controller).text
  }
}

private struct ControllerFile: Sendable {
  let options: LabOptions
  let number: Int

  private var layout: LabLayout { self.options.layout }

  var text: String {
    """
    controller:
      \(self.openFlow)
      agents: 0.0.0.0:\(LabLayout.agentsPort(of: self.number))
      api: \(LabLayout.api(of: self.number))
      floodlight: {listen: "0.0.0.0:\(LabLayout.floodlightPort(of: self.number))"}
      store: controller-\(self.number).store\(self.election)
    detection:
      heartbeat-interval: \(self.options.detection.heartbeatInterval.yaml)
      misses: \(self.options.detection.misses)
      rise: \(self.options.detection.rise)
      hold: \(self.options.detection.hold.yaml)
      probe: \(self.options.detection.probe.rawValue)
      damping: \(self.options.detection.damping?.yaml ?? "none")
    regions:
    \(self.regions)
    switches:
    \(self.layout.switches.map(self.switch).joined(separator: "\n"))\(self.group)
    services:
    \(self.services)

    """
  }

  private func `switch`(_ number: Int) -> String {
    """
      - name: \(LabLayout.switchName(number))
        datapath: \(LabLayout.datapath(ofSwitch: number))
        probe-address: \(LabLayout.probeAddress(ofSwitch: number))
        forwarding: \(self.options.forwarding.rawValue)\(self.placement)\(self.uplinks)\(self.southbound)
        gateways:
    \(self.gateways)
    """
  }

  private var uplinks: String {
    self.layout.switchCount > 1 || self.options.southbound != nil
      ? "\n    uplinks: [\(LabLayout.port(of: .client) ?? 0)]" : ""
  }

  private var southbound: String {
    self.options.southbound.map {
      "\n    southbound: {controller: \($0.rawValue), url: \"\(Lab.foreignURL)\", poll: 200ms}"
    } ?? ""
  }

  private var group: String {
    guard self.layout.switchCount > 1 else { return "" }
    let names = self.layout.switches.map { "\(LabLayout.switchName($0))" }.joined(separator: ", ")
    return
      "\nswitch-groups:\n  - {name: edges, mode: \(self.options.switchMode.rawValue), switches: [\(names)]\(self.routers)}"
  }

  private var routers: String {
    self.options.hasKnownRouter ? ", routers: [\(LabLayout.clientAddress)]" : ""
  }

  private var election: String {
    guard self.options.controllers > 1 else { return "" }
    return "\n  name: c\(self.number)\n  etcd: {endpoints: [\"http://\(LabLayout.etcd)\"]}"
  }

  private var placement: String {
    (self.options.placement.map { "\n    placement: \($0.rawValue)" } ?? "")
      + (self.options.reactiveRate.map { "\n    reactive-rate: \($0)" } ?? "")
  }

  private var openFlow: String {
    // The switch finds the other controller where it looks for this one.
    let port = LabLayout.openFlowPort(of: self.options.southbound == nil ? self.number : 2)
    let listen = "0.0.0.0:\(port)"
    guard self.options.isEncrypted else { return "openflow: \(listen)" }
    let certificates = LabDirectory(root: self.options.stateDirectory, name: self.options.name).certificates
    return "openflow: none\n  openflow-tls: {listen: \(listen), \(certificates.controllerYAML)}"
  }

  private var regions: String {
    self.layout.regions.map {
      """
        - name: r\($0)
          key-file: r\($0).key
          management: \(self.layout.agentEndpoint($0))\(self.secondManagement($0))
      """
    }.joined(separator: "\n")
  }

  private func secondManagement(_ region: Int) -> String {
    self.layout.gatewayCount > 1
      ? "\n    second-management: \(self.layout.agentEndpoint(region, gateway: 2))" : ""
  }

  private var gateways: String {
    self.layout.regions.map { region in
      let port = LabLayout.port(of: .gateway(region)) ?? 0
      let isOwner = self.options.service.adoptedFrom == region
      let address = isOwner ? LabLayout.virtualIP : LabLayout.gatewayAddress(region)
      let ipv6 = isOwner ? LabLayout.virtualIPv6 : LabLayout.gatewayIPv6(region)
      let second = self.options.hasIPv6 ? ", ipv6: \"\(ipv6)\"" : ""
      // Nobody asks for it then.
      let mac =
        self.options.detection.probe == .none
        ? ", mac: \"\(NetworkPlan.mac(LabLayout.gatewayAddress(region)))\"" : ""
      return "      - {region: r\(region), port: \(port), address: \(address)\(second)\(mac)}"
    }.joined(separator: "\n")
  }

  private var services: String {
    let service = self.options.service
    var main = [
      self.service("web", virtualIP: .v4(LabLayout.virtualIP), owner: service.adoptedFrom, check: service.check)
    ]
    if self.options.hasIPv6 {
      main.append(
        self.service("web6", virtualIP: .v6(LabLayout.virtualIPv6), owner: service.adoptedFrom, check: service.check))
    }
    var rarely = service.check
    rarely.interval = .seconds(service.extraServices > 1_000 ? 60 : 10)
    let extra = (0..<service.extraServices).map { number in
      self.service("extra-\(number + 1)", virtualIP: .v4(Self.extraVirtualIP(number)), owner: nil, check: rarely)
    }
    return (main + extra).joined(separator: "\n")
  }

  private func service(_ name: String, virtualIP: IPAddress, owner: Int?, check: Check) -> String {
    let members = self.layout.regions.map { region in
      let member: IPAddress =
        virtualIP.family == .v4 ? .v4(LabLayout.memberAddress(region)) : .v6(LabLayout.memberIPv6(region))
      return "      r\(region): [\(Self.yaml(member))]"
    }
    return """
        - name: \(name)
          virtual-ip: \(Self.yaml(virtualIP))\(owner.map { "\n    adopted-from: r\($0)" } ?? "")
          policy: \(self.options.service.policy.rawValue)\(self.weights)\(self.trigger)\(self.fragments)
          failback: \(self.options.service.failback.rawValue)
          detection: \(self.options.service.mode.rawValue)
          listeners:
      \(self.listeners)
          members:
      \(members.joined(separator: "\n"))
          check: {\(check.yaml)}
      """
  }

  private var listeners: String {
    let service = self.options.service
    let listeners = service.ports.map { ("tcp", $0) } + service.datagramPorts.map { ("udp", $0) }
    return listeners.map { "      - {port: \($0.1), protocol: \($0.0)}" }.joined(separator: "\n")
  }

  /// With colons it would be a mapping.
  private static func yaml(_ address: IPAddress) -> String {
    address.family == .v6 ? "\"\(address)\"" : "\(address)"
  }

  private var trigger: String { self.options.service.trigger.map { "\n    trigger: \($0)" } ?? "" }

  /// Datagrams of the lab fit into one packet.
  private var fragments: String {
    let isLost = self.options.placement.map { $0 != .conntrack } ?? false
    return isLost && !self.options.service.datagramPorts.isEmpty ? "\n    fragments: drop" : ""
  }

  private var weights: String {
    let service = self.options.service
    guard service.policy.takesWeights else { return "" }
    let weights = self.layout.regions.enumerated().map { place, region in
      "r\(region): \(place < service.weights.count ? service.weights[place] : Pool.defaultWeight)"
    }
    return "\n    weights: {\(weights.joined(separator: ", "))}"
  }

  /// 172.20.127.1, .2, … .250, 172.20.128.1, …
  private static func extraVirtualIP(_ number: Int) -> IPv4Address {
    IPv4Address(rawValue: 0xac14_7f01 + UInt32(number / 250) << 8 + UInt32(number % 250))
  }
}

extension Check {
  /// Flow style, without the braces.
  fileprivate var yaml: String {
    let method =
      switch self.method {
      case .tcp: "tcp: {}"
      case .http(let path, let status, let host):
        "http: {path: \(path), status: \(status.yaml)" + (host.map { ", host: \($0)" } ?? "") + "}"
      }
    return method + (self.port.map { ", port: \($0)" } ?? "")
      + ", interval: \(self.interval.yaml), timeout: \(self.timeout.yaml), fall: \(self.fall), rise: \(self.rise)"
  }
}

extension ClosedRange<Int> {
  fileprivate var yaml: String {
    self.lowerBound == self.upperBound ? "\(self.lowerBound)" : "\(self.lowerBound)-\(self.upperBound)"
  }
}

extension Duration {
  /// `2s`, `100ms`: whole milliseconds, which is as fine as the file goes.
  fileprivate var yaml: String {
    let milliseconds = self.nanoseconds / 1_000_000
    return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}
