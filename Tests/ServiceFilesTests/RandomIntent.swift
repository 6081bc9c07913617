// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceFiles
import ServiceModel

/// Correct configurations of every kind, drawn from a seed.
struct RandomIntent {
  private var random: RandomSource

  init(seed: UInt64) {
    self.random = RandomSource(seed: seed)
  }

  mutating func intent() -> Intent {
    let regions = (0..<self.random.number(below: 5)).map { self.region($0) }
    let switches = (0..<(regions.isEmpty ? 0 : 1 + self.random.number(below: 3))).map { self.switch($0, regions) }
    let services = regions.isEmpty ? [] : (0..<self.random.number(below: 6)).map { self.service($0, regions, switches) }
    let detection = Detection(
      heartbeatInterval: self.duration(from: 10_000, to: 60_000_000), misses: 1 + self.random.number(below: 100),
      rise: 1 + self.random.number(below: 100), hold: self.duration(from: 0, to: 3_600_000_000),
      probe: self.random.element(of: [.icmp, .arp]),
      damping: self.random.isHeads() ? self.duration(from: 1_000_000, to: 3_600_000_000) : nil,
      massFailure: self.random.isHeads()
        ? MassFailureLimit(
          percent: 1 + self.random.number(below: 100), within: self.duration(from: 1_000_000, to: 600_000_000)) : nil)
    var intent = Intent(detection: detection, regions: regions, switches: switches, services: services)
    for index in intent.switches.indices where self.random.isHeads() {
      intent.switches[index].uplinks = [.number(900), .name("up:#1")]
    }
    for index in intent.services.indices where intent.services[index].mode == .heartbeat {
      intent.services[index].check.interval = min(intent.services[index].check.interval, detection.heartbeatInterval)
    }
    for index in intent.services.indices {
      intent.services[index].check.timeout = min(
        intent.services[index].check.timeout, intent.services[index].check.interval)
    }
    return intent
  }

  mutating func controller() -> ControllerSettings {
    let tls = OpenFlowTLSSettings(
      listen: SocketEndpoint(self.address(10), 6656), certificate: "/a b/'c'.pem", privateKey: "/k: #.pem",
      authorities: "/ca.pem")
    return ControllerSettings(
      openflow: self.random.isHeads() ? SocketEndpoint(self.address(10), 6653) : nil,
      openflowTLS: self.random.isHeads() ? tls : nil, echoInterval: self.duration(from: 100_000, to: 60_000_000),
      unlistedSwitches: self.random.element(of: UnlistedSwitches.allCases),
      agents: SocketEndpoint(IPv4Address(rawValue: 0), 6654),
      api: SocketEndpoint(self.address(10), UInt16(7000 + self.random.number(below: 50_000))),
      name: self.random.isHeads() ? "c 1: #" : nil, etcd: self.random.isHeads() ? self.etcd() : nil,
      store: self.random.isHeads() ? "/a b/'c'.store" : nil,
      floodlight: self.random.isHeads()
        ? FloodlightSettings(
          listen: SocketEndpoint(self.address(10), 6999), tokenFile: self.random.isHeads() ? "/a b/'c'.token" : nil)
        : nil)
  }

  private mutating func etcd() -> EtcdAccess {
    var access = EtcdAccess(
      endpoints: ["https://192.0.2.1:2379", "http://etcd.example:2379"], prefix: "/a b/",
      lease: .seconds(2 + self.random.number(below: 59)))
    if self.random.isHeads() {
      access.authorities = "/ca '1'.pem"
      access.certificate = "/c.pem"
      access.privateKey = "/k.pem"
    }
    if self.random.isHeads() {
      access.user = "isthmus"
      access.passwordFile = "/p: #"
    }
    return access
  }

  private mutating func region(_ index: Int) -> Region {
    let bytes = (0..<32).map { _ in UInt8(self.random.number(below: 256)) }
    return Region(
      name: RegionName(
        unchecked: self.random.element(of: ["r\(index)", "null.\(index)", "\(index)", "true-\(index)_"])),
      key: RegionKey(bytes: bytes)!,
      management: self.random.isHeads() ? SocketEndpoint(self.address(10 + index), 6655) : nil,
      secondManagement: self.random.isHeads() ? SocketEndpoint(self.address(110 + index), 6655) : nil,
      capacity: self.random.isHeads()
        ? Capacity(
          self.random.element(of: Capacity.Measure.allCases), limit: 1 + self.random.number(below: 1_000_000),
          whenFull: self.random.element(of: Capacity.Excess.allCases)) : nil)
  }

  private mutating func `switch`(_ index: Int, _ regions: [Region]) -> Switch {
    // The first switch has all regions, so that each can have members.
    let known = regions.filter { _ in index == 0 || self.random.isHeads() }
    let gateways = known.enumerated().map { number, region in
      Gateway(
        region: region.name,
        port: self.random.element(of: [
          .number(UInt32(number + 1)), .name("\(number + 1)"), .name("p:\(number)"), .name("#\(number)\"\\"),
          .name("*\(number)"),
        ]),
        address: IPv4Address(rawValue: 0xac10_0000 + UInt32(index << 8 + number + 10)),
        ipv6: IPv6Address(rawValue: 0x2001_0db8 << 96 | UInt128(index << 8 + number + 10)),
        mac: self.random.isHeads() ? MACAddress(rawValue: 0x0216_3e00_0000 + UInt64(number)) : nil)
    }
    return Switch(
      name: SwitchName(unchecked: "s\(index)"),
      datapath: DatapathID(rawValue: self.random.next() &* 8 &+ UInt64(index)),
      probeAddress: IPv4Address(rawValue: 0xac10_0000 + UInt32(index << 8 + 1)), gateways: gateways,
      placement: self.random.element(of: [nil, .conntrack, .hash, .reactive]), sourceRules: Switch.defaultSourceRules)
  }

  private mutating func service(_ index: Int, _ regions: [Region], _ switches: [Switch]) -> Service {
    let start = self.random.number(below: regions.count)
    let chosen = (0...self.random.number(below: regions.count)).map { regions[(start + $0) % regions.count] }
    // Two services share a virtual IP; every third one is of IPv6.
    let isIPv6 = index / 2 % 3 == 2
    var virtualIP = VirtualIP(
      address: isIPv6
        ? .v6(IPv6Address(rawValue: 0xfd00 << 112 | UInt128(index / 2)))
        : .v4(IPv4Address(rawValue: 0xac11_0000 + UInt32(index / 2))))
    if index < 2, let gateway = switches.first?.gateways.first, switches.count == 1 {
      virtualIP = VirtualIP(address: .v4(gateway.address), owner: gateway.region)
    } else if index == 2 || index == 3 {
      virtualIP.mac = MACAddress(rawValue: 0x0200_0000_0001)
    }
    let policy = self.random.element(of: Policy.allCases)
    let spreads = policy.isSpreading
    return Service(
      name: ServiceName(unchecked: "service.\(index)"), virtualIP: virtualIP,
      listeners: (0...self.random.number(below: 4)).map {
        Listener(
          transport: $0 == 0 ? .tcp : self.random.element(of: Listener.TransportProtocol.allCases),
          port: UInt16(1 + $0 * 10 + index), memberPort: UInt16(1 + self.random.number(below: 65535)))
      },
      policy: policy, persistence: spreads ? self.random.element(of: Persistence.allCases) : .connection,
      slots: spreads && self.random.isHeads() ? self.random.element(of: Service.slotCounts) : nil,
      trigger: policy.followsLoad ? self.trigger(of: policy) : nil,
      slowStart: spreads ? self.duration(from: 0, to: 3_600_000_000) : .zero,
      failback: spreads ? .automatic : self.random.element(of: Failback.allCases),
      mode: self.random.element(of: Detection.Mode.allCases),
      pools: chosen.map { region in
        Pool(
          region: region.name,
          members: (0...self.random.number(below: 3)).map {
            isIPv6
              ? IPAddress.v6(IPv6Address(rawValue: 0xfd01 << 112 | UInt128($0 * 256 + index)))
              : .v4(IPv4Address(rawValue: 0xc0a8_0000 + UInt32($0 * 256 + index)))
          },
          weight: policy.takesWeights ? 1 + self.random.number(below: 1000) : Pool.defaultWeight)
      },
      check: self.check(), clientAddress: self.random.element(of: ClientAddress.allCases),
      fragments: switches.contains { $0.placement != nil } ? .drop : .keep)
  }

  private mutating func trigger(of policy: Policy) -> Trigger {
    let threshold =
      policy == .cpu ? 10 * (1 + self.random.number(below: 100)) : 1 + self.random.number(below: 5_000_000)
    return Trigger(
      threshold: policy.hasThreshold ? threshold : 1, hysteresis: self.random.number(below: 100),
      interval: self.duration(from: 1_000_000, to: 3_600_000_000),
      reaction: self.random.element(of: Trigger.Reaction.allCases),
      metricsPort: policy == .cpu ? UInt16(1 + self.random.number(below: 65535)) : 9100)
  }

  private mutating func check() -> Check {
    let first = 100 + self.random.number(below: 500)
    let last = min(599, first + self.random.element(of: [0, 99, 300]))
    return Check(
      method: self.random.element(of: [
        .tcp, .http(path: "/", status: first...last, host: nil),
        .http(path: "/a?b=*&c={d}:'\"\\,", status: first...last, host: "example.org:80"),
      ]),
      port: self.random.isHeads() ? UInt16(1 + self.random.number(below: 65535)) : nil,
      interval: self.duration(from: 10_000, to: 60_000_000), timeout: self.duration(from: 10_000, to: 60_000_000),
      fall: 1 + self.random.number(below: 100), rise: 1 + self.random.number(below: 100))
  }

  private mutating func address(_ last: Int) -> IPv4Address { IPv4Address(rawValue: 0x0a00_0000 + UInt32(last)) }

  /// Of all sizes: microseconds, milliseconds, seconds, minutes.
  private mutating func duration(from least: Int, to most: Int) -> Duration {
    let unit = self.random.element(of: [1, 1_000, 1_000_000, 60_000_000])
    return .microseconds(min(most, max(least, self.random.number(below: most / unit + 1) * unit)))
  }
}
