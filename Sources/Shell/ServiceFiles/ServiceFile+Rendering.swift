// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

extension ServiceFile {
  /// Writes a file that reads as `intent` and `controller`, with every default spelt out.
  ///
  /// - Parameter keyFiles: the paths of the regions' keys. Keys themselves are never written: a region without a path
  ///   gets a comment instead, and the text lacks what it needs to be read.
  package static func render(
    _ intent: Intent, controller: ControllerSettings = ControllerSettings(), keyFiles: [RegionName: String] = [:]
  ) -> String {
    yaml(controller).joined(separator: "\n") + "\n" + self.renderShared(intent, keyFiles: keyFiles)
  }

  /// The same without `controller`.
  package static func renderShared(_ intent: Intent, keyFiles: [RegionName: String] = [:]) -> String {
    var lines = ["detection:"] + yaml(intent.detection)
    lines += list("regions", intent.regions) { yaml($0, keyFile: keyFiles[$0.name]) }
    lines += list("switches", intent.switches, yaml)
    if !intent.switchGroups.isEmpty { lines += list("switch-groups", intent.switchGroups, yaml) }
    lines += list("services", intent.services, yaml)
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The lines of one thing, for comparisons.
enum RenderedLines {
  static func of(_ detection: Detection) -> [String] { yaml(detection) }
  static func of(_ region: Region) -> [String] { yaml(region, keyFile: nil) }
  static func of(_ datapath: Switch) -> [String] { yaml(datapath) }
  static func of(_ service: Service) -> [String] { yaml(service) }
}

private func yaml(_ detection: Detection) -> [String] {
  [
    "  heartbeat-interval: \(DurationText.write(detection.heartbeatInterval))",
    "  misses: \(detection.misses)",
    "  rise: \(detection.rise)",
    "  hold: \(DurationText.write(detection.hold))",
    "  probe: \(detection.probe.rawValue)",
    "  damping: \(detection.damping.map(DurationText.write) ?? "none")",
  ] + yaml(detection.massFailure)
}

private func list<Item>(_ key: String, _ items: [Item], _ yaml: (Item) -> [String]) -> [String] {
  guard !items.isEmpty else { return ["\(key): []"] }
  return ["\(key):"]
    + items.flatMap { item in
      yaml(item).enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
    }
}

private func yaml(_ limit: MassFailureLimit?) -> [String] {
  guard let limit else { return ["  mass-failure: none"] }
  return [
    "  mass-failure:", "    percent: \(limit.percent)", "    within: \(DurationText.write(limit.within))",
  ]
}

private func yaml(_ controller: ControllerSettings) -> [String] {
  let tls = controller.openflowTLS.map {
    """
    {listen: \($0.listen), certificate: \(quoted($0.certificate)), private-key: \(quoted($0.privateKey)), \
    authorities: \(quoted($0.authorities))}
    """
  }
  return [
    "controller:",
    "  openflow: \(controller.openflow.map(\.description) ?? "none")",
    tls.map { "  openflow-tls: \($0)" },
    "  echo-interval: \(DurationText.write(controller.echoInterval))",
    "  unlisted-switches: \(controller.unlistedSwitches.rawValue)",
    "  agents: \(controller.agents)",
    "  api: \(controller.api)",
    controller.name.map { "  name: \(quoted($0))" },
    controller.store.map { "  store: \(quoted($0))" },
    controller.floodlight.map {
      "  floodlight: {listen: \($0.listen)\($0.tokenFile.map { ", token-file: \(quoted($0))" } ?? "")}"
    },
  ].compactMap { $0 } + (controller.etcd.map(yaml) ?? [])
}

private func yaml(_ etcd: EtcdAccess) -> [String] {
  let files = [
    ("authorities", etcd.authorities), ("certificate", etcd.certificate), ("private-key", etcd.privateKey),
    ("user", etcd.user), ("password-file", etcd.passwordFile),
  ]
  return [
    "  etcd:",
    "    endpoints: [\(etcd.endpoints.map(quoted).joined(separator: ", "))]",
    "    prefix: \(quoted(etcd.prefix))",
  ] + files.compactMap { key, value in value.map { "    \(key): \(quoted($0))" } } + [
    "    lease: \(DurationText.write(etcd.lease))"
  ]
}

private func yaml(_ region: Region, keyFile: String?) -> [String] {
  var lines = ["name: \(region.name)"]
  lines.append(keyFile.map { "key-file: \(quoted($0))" } ?? "# key-file: not known here; keys are never written out")
  if let management = region.management { lines.append("management: \(management)") }
  if let second = region.secondManagement { lines.append("second-management: \(second)") }
  if let capacity = region.capacity {
    let limit = LoadUnit(capacity.measure).write(capacity.limit)
    lines.append("capacity: {\(capacity.measure.rawValue): \(limit), when-full: \(capacity.whenFull.rawValue)}")
  }
  return lines
}

private func yaml(_ switch: Switch) -> [String] {
  [
    "name: \(`switch`.name)", "datapath: \(`switch`.datapath)", "probe-address: \(`switch`.probeAddress)",
    "forwarding: \(`switch`.forwarding.rawValue)",
    `switch`.placement.map { "placement: \($0.rawValue)" },
    [nil, .hash].contains(`switch`.placement) ? "source-rules: \(`switch`.sourceRules)" : nil,
    `switch`.placement == .reactive ? "reactive-rate: \(`switch`.reactiveRate)" : nil,
    `switch`.uplinks.isEmpty ? nil : "uplinks: [\(`switch`.uplinks.map(yaml).joined(separator: ", "))]",
    `switch`.southbound.map {
      "southbound: {controller: \($0.kind.rawValue), url: \(quoted($0.url)), poll: \(DurationText.write($0.poll))"
        + ($0.login.map { ", user: \(quoted($0.user)), password-file: \(quoted($0.passwordFile))" } ?? "") + "}"
    },
    `switch`.gateways.isEmpty ? "gateways: []" : "gateways:",
  ].compactMap { $0 } + `switch`.gateways.map { "  - \(yaml($0))" }
}

private func yaml(_ group: SwitchGroup) -> [String] {
  [
    "name: \(group.name)", "mode: \(group.mode.rawValue)",
    "switches: [\(group.switches.map(\.text).joined(separator: ", "))]",
    group.routers.isEmpty ? nil : "routers: [\(group.routers.map(\.description).joined(separator: ", "))]",
  ].compactMap { $0 }
}

private func yaml(_ gateway: Gateway) -> String {
  let ipv6 = gateway.ipv6.map { ", ipv6: \(yaml(.v6($0)))" } ?? ""
  let mac = gateway.mac.map { ", mac: \($0)" } ?? ""
  return "{region: \(gateway.region), port: \(yaml(gateway.port)), address: \(gateway.address)\(ipv6)\(mac)}"
}

/// An IPv6 address may be anything to YAML without quotes: a mapping, or a number to the base of 60.
private func yaml(_ address: IPAddress) -> String {
  switch address {
  case .v4(let address): "\(address)"
  case .v6(let address): "\"\(address)\""
  }
}

private func yaml(_ port: PortReference) -> String {
  switch port {
  case .number(let number): "\(number)"
  case .name(let name): wholeNumber(name) == nil ? quoted(name) : "\"\(name)\""
  }
}

private func yaml(_ service: Service) -> [String] {
  var lines = ["name: \(service.name)", "virtual-ip: \(yaml(service.virtualIP.address))"]
  if service.virtualIP.mac != VirtualIP.defaultMAC(for: service.virtualIP.address) {
    lines.append("mac: \(service.virtualIP.mac)")
  }
  if let owner = service.virtualIP.owner { lines.append("adopted-from: \(owner)") }
  lines.append("policy: \(service.policy.rawValue)")
  if service.policy.takesWeights {
    lines.append("weights: {\(service.pools.map { "\($0.region): \($0.weight)" }.joined(separator: ", "))}")
  }
  if service.policy.isSpreading {
    lines.append("persistence: \(service.persistence.rawValue)")
    if let slots = service.slots { lines.append("slots: \(slots)") }
    lines.append("slow-start: \(DurationText.write(service.slowStart))")
  }
  if let trigger = service.trigger {
    let threshold =
      service.policy.hasThreshold ? "threshold: \(LoadUnit(service.policy).write(trigger.threshold)), " : ""
    lines.append(
      "trigger: {\(threshold)hysteresis: \(trigger.hysteresis)%, update: \(DurationText.write(trigger.interval)), "
        + "reaction: \(trigger.reaction.rawValue)"
        + (service.policy == .cpu ? ", metrics-port: \(trigger.metricsPort)}" : "}"))
  }
  lines += [
    "failback: \(service.failback.rawValue)",
    "detection: \(service.mode.rawValue)",
    "client-address: \(service.clientAddress.rawValue)",
    "fragments: \(service.fragments.rawValue)",
    "regions: [\(service.regions.map(\.text).joined(separator: ", "))]",
    "listeners:",
  ]
  lines += service.listeners.map {
    "  - {port: \($0.port), protocol: \($0.transport.rawValue), member-port: \($0.memberPort)}"
  }
  lines.append("members:")
  lines += service.pools.map { pool in
    "  \(pool.region): [\(pool.members.map(yaml).joined(separator: ", "))]"
  }
  return lines + ["check:"] + yaml(service.check).map { "  " + $0 }
}

private func yaml(_ check: Check) -> [String] {
  var lines: [String]
  switch check.method {
  case .tcp:
    lines = ["tcp: {}"]
  case .http(let path, let status, let host):
    let range = status.count == 1 ? "\(status.lowerBound)" : "\(status.lowerBound)-\(status.upperBound)"
    lines = ["http: {path: \(quoted(path)), status: \(range)\(host.map { ", host: \(quoted($0))" } ?? "")}"]
  }
  if let port = check.port { lines.append("port: \(port)") }
  return lines + [
    "interval: \(DurationText.write(check.interval))", "timeout: \(DurationText.write(check.timeout))",
    "fall: \(check.fall)", "rise: \(check.rise)",
  ]
}

/// With quotes unless the text needs none anywhere in YAML.
private func quoted(_ text: String) -> String {
  let isPlain = text.utf8.enumerated().allSatisfy { offset, byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "/"),
      UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: isDigit(byte) || offset > 0 && byte == UInt8(ascii: "-")
    }
  }
  guard !isPlain || text.isEmpty || text == "..." else { return text }
  return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}
