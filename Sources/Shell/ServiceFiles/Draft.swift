// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// A file as far as it could be read; nil stands for what was reported. Rules look at this, with its locations.
struct Draft {
  var controller = ControllerSettings()
  var detection = Detection()
  var regions: [RegionDraft] = []
  var switches: [SwitchDraft] = []
  var switchGroups: [SwitchGroupDraft] = []
  var services: [ServiceDraft] = []
  /// There is nothing but `controller` in the file.
  var isOwnOnly = false

  /// Nil if anything is nil.
  var intent: Intent? {
    guard let regions = complete(self.regions, { $0.region }), let switches = complete(self.switches, { $0.switch }),
      let groups = complete(self.switchGroups, { $0.group }),
      let services = complete(self.services, { $0.service(in: self) })
    else { return nil }
    return Intent(
      detection: self.detection, regions: regions, switches: switches, switchGroups: groups, services: services)
  }
}

struct RegionDraft {
  var location: Location
  var name: Located<RegionName>?
  var key: Located<RegionKey>?
  var keySource: KeySource?
  var management: Located<SocketEndpoint>?
  var secondManagement: Located<SocketEndpoint>?
  var capacity: Capacity?

  var region: Region? {
    guard let name = self.name, let key = self.key else { return nil }
    return Region(
      name: name.value, key: key.value, management: self.management?.value,
      secondManagement: self.secondManagement?.value, capacity: self.capacity)
  }
}

struct SwitchDraft {
  var location: Location
  var name: Located<SwitchName>?
  var datapath: Located<DatapathID>?
  var probeAddress: Located<IPv4Address>?
  var forwarding = ForwardingMode.normal
  var placement: Located<Placement>?
  var sourceRules: Located<Int>?
  var reactiveRate: Located<Int>?
  var uplinks: [Located<PortReference>] = []
  var southbound: Located<ForeignController>?
  var gateways: [GatewayDraft]

  /// For messages.
  var title: String { self.name.map { "switch '\($0.value)'" } ?? "a switch" }

  var `switch`: Switch? {
    guard let name = self.name, let datapath = self.datapath, let probeAddress = self.probeAddress,
      let gateways = complete(self.gateways, { $0.gateway })
    else { return nil }
    return Switch(
      name: name.value, datapath: datapath.value, probeAddress: probeAddress.value, gateways: gateways,
      forwarding: self.forwarding, placement: self.placement?.value,
      sourceRules: self.sourceRules?.value ?? Switch.defaultSourceRules,
      reactiveRate: self.reactiveRate?.value ?? Switch.defaultReactiveRate, uplinks: self.uplinks.map(\.value),
      southbound: self.southbound?.value)
  }
}

struct SwitchGroupDraft {
  var location: Location
  var name: Located<SwitchGroupName>?
  var mode = SwitchGroup.Mode.activeStandby
  /// In order of preference; nil: they were not given.
  var switches: Located<[Located<SwitchName>]>?
  var routers: [Located<IPv4Address>] = []

  /// For messages.
  var title: String { self.name.map { "switch group '\($0.value)'" } ?? "a switch group" }

  var group: SwitchGroup? {
    guard let name = self.name, let switches = self.switches else { return nil }
    return SwitchGroup(
      name: name.value, mode: self.mode, switches: switches.value.map(\.value), routers: self.routers.map(\.value))
  }
}

struct GatewayDraft {
  var location: Location
  var region: Located<RegionName>?
  var port: Located<PortReference>?
  var address: Located<IPv4Address>?
  var ipv6: Located<IPv6Address>?
  /// There is one, whether it could be read or not.
  var hasIPv6 = false
  var mac: Located<MACAddress>?

  var gateway: Gateway? {
    guard let region = self.region, let port = self.port, let address = self.address else { return nil }
    return Gateway(
      region: region.value, port: port.value, address: address.value, ipv6: self.ipv6?.value, mac: self.mac?.value)
  }
}

struct ServiceDraft {
  var location: Location
  var name: Located<ServiceName>?
  var address: Located<IPAddress>?
  var mac: Located<MACAddress>?
  var owner: Located<RegionName>?
  var policy: Policy
  /// In the order of the file; nil: none were given.
  var weights: [WeightDraft]?
  var persistence: Located<Persistence>?
  var slots: Located<Int>?
  var trigger: TriggerDraft?
  var slowStart: Located<Duration>?
  var failback: Located<Failback>?
  var mode: Detection.Mode
  var clientAddress: ClientAddress
  var fragments: Fragments
  /// The order of preference; nil: none was given.
  var order: [Located<RegionName>]?
  /// In the order of the file.
  var pools: [PoolDraft]
  /// Of those that have a port.
  var listeners: [Located<Listener>]
  var check: CheckDraft

  /// For messages.
  var title: String { self.name.map { "service '\($0.value)'" } ?? "a service" }

  var virtualIP: VirtualIP? {
    self.address.map { VirtualIP(address: $0.value, mac: self.mac?.value, owner: self.owner?.value) }
  }

  func service(in draft: Draft) -> Service? {
    guard let name = self.name, let virtualIP = self.virtualIP else { return nil }
    let order = self.order?.map(\.value) ?? draft.regions.compactMap { $0.name?.value }
    var pools: [RegionName: Pool] = [:]
    for pool in self.pools { pools[pool.region.value] = pool.pool }
    for weight in self.weights ?? [] {
      if let value = weight.weight?.value { pools[weight.region.value]?.weight = value }
    }
    return Service(
      name: name.value, virtualIP: virtualIP, listeners: self.listeners.map(\.value), policy: self.policy,
      persistence: self.persistence?.value ?? .connection, slots: self.slots?.value, trigger: self.trigger?.trigger,
      slowStart: self.slowStart?.value ?? .zero, failback: self.failback?.value ?? .automatic, mode: self.mode,
      pools: order.compactMap { pools[$0] },
      check: self.check.check(mode: self.mode, detection: draft.detection), clientAddress: self.clientAddress,
      fragments: self.fragments)
  }
}

struct TriggerDraft {
  var location: Location
  /// Nil: none was given, or it was reported.
  var threshold: Located<Int>?
  var isWithoutThreshold: Bool
  var hysteresis: Located<Int>?
  var reaction: Located<Trigger.Reaction>?
  var interval: Located<Duration>?
  var metricsPort: Located<UInt16>?

  var trigger: Trigger {
    var trigger = Trigger()
    if let threshold { trigger.threshold = threshold.value }
    if let hysteresis { trigger.hysteresis = hysteresis.value }
    if let interval { trigger.interval = interval.value }
    if let metricsPort { trigger.metricsPort = metricsPort.value }
    if let reaction { trigger.reaction = reaction.value }
    return trigger
  }
}

struct WeightDraft {
  var region: Located<RegionName>
  var weight: Located<Int>?
}

struct PoolDraft {
  var region: Located<RegionName>
  var members: [Located<IPAddress>]

  var pool: Pool { Pool(region: self.region.value, members: self.members.map(\.value)) }
}

struct CheckDraft {
  var method = Check.Method.tcp
  var port: Located<UInt16>?
  var interval: Located<Duration>?
  var timeout: Located<Duration>?
  var fall = Check().fall
  var rise = Check().rise

  /// With `detection: heartbeat`, each heartbeat tells of a new check.
  func interval(mode: Detection.Mode, detection: Detection) -> Duration {
    if let interval = self.interval { return interval.value }
    return mode == .heartbeat ? detection.heartbeatInterval : Check().interval
  }

  func check(mode: Detection.Mode, detection: Detection) -> Check {
    let interval = self.interval(mode: mode, detection: detection)
    return Check(
      method: self.method, port: self.port?.value, interval: interval,
      timeout: self.timeout?.value ?? min(interval, Check().timeout), fall: self.fall, rise: self.rise)
  }
}

/// All results, or nil if one is nil.
private func complete<Value, Result>(_ values: [Value], _ transform: (Value) -> Result?) -> [Result]? {
  let results = values.compactMap(transform)
  return results.count == values.count ? results : nil
}
