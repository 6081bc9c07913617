// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// The keys of the file itself, `controller` and `detection`.
extension IntentReader {
  mutating func draft(_ root: YAMLValue, readKey: (String) throws(KeyFileProblem) -> [UInt8]) -> Draft {
    if case .mapping(let entries) = root.content, entries.map(\.key.value) == ["controller"] {
      return Draft(controller: self.controller(self.fields(root, as: .ownFile)?["controller"]), isOwnOnly: true)
    }
    guard let fields = self.fields(root, as: .file) else { return Draft() }
    return Draft(
      controller: self.controller(fields["controller"]), detection: self.detection(fields["detection"]),
      regions: self.regions(fields["regions"], readKey: readKey), switches: self.switches(fields["switches"]),
      switchGroups: self.switchGroups(fields["switch-groups"]),
      services: self.services(fields["services"]))
  }

  private mutating func controller(_ value: YAMLValue?) -> ControllerSettings {
    var settings = ControllerSettings()
    guard let fields = self.fields(value, as: .controller) else { return settings }
    if let openflow = self.openflow(fields["openflow"]) { settings.openflow = openflow.value }
    let tls = self.openflowTLS(fields["openflow-tls"])
    settings.openflowTLS = tls?.value
    if let interval = self.duration(fields["echo-interval"], in: .milliseconds(100) ... .seconds(60)) {
      settings.echoInterval = interval.value
    }
    if let unlisted = self.choice(fields["unlisted-switches"], of: UnlistedSwitches.self) {
      settings.unlistedSwitches = unlisted
    }
    let agents = self.listeningEndpoint(fields["agents"])
    let api = self.listeningEndpoint(fields["api"])
    settings.agents = agents?.value ?? settings.agents
    settings.api = api?.value ?? settings.api
    settings.name = self.scalar(fields["name"])?.text
    settings.etcd = self.etcd(fields["etcd"])
    settings.store = self.scalar(fields["store"])?.text
    let floodlight = self.floodlight(fields["floodlight"])
    settings.floodlight = floodlight?.value
    self.checkListeners(
      [
        ("openflow", settings.openflow, fields["openflow"]?.location),
        ("openflow-tls", settings.openflowTLS?.listen, tls?.location),
        ("agents", settings.agents, agents?.location), ("api", settings.api, api?.location),
        ("floodlight", settings.floodlight?.listen, floodlight?.location),
      ], at: fields.location)
    return settings
  }

  /// `none`, or where to listen.
  private mutating func openflow(_ value: YAMLValue?) -> Located<SocketEndpoint?>? {
    if let value, case .scalar("none", _) = value.content { return Located(nil, at: value.location) }
    return self.listeningEndpoint(value).map { Located($0.value, at: $0.location) }
  }

  private mutating func openflowTLS(_ value: YAMLValue?) -> Located<OpenFlowTLSSettings>? {
    guard let value, let fields = self.fields(value, as: .openflowTLS) else { return nil }
    let listen = self.listeningEndpoint(fields["listen"])
    let certificate = self.scalar(fields["certificate"])?.text
    let privateKey = self.scalar(fields["private-key"])?.text
    let authorities = self.scalar(fields["authorities"])?.text
    guard let listen, let certificate, let privateKey, let authorities else { return nil }
    return Located(
      OpenFlowTLSSettings(
        listen: listen.value, certificate: certificate, privateKey: privateKey, authorities: authorities),
      at: value.location)
  }

  private mutating func floodlight(_ value: YAMLValue?) -> Located<FloodlightSettings>? {
    guard let value, let fields = self.fields(value, as: .floodlight) else { return nil }
    let tokenFile = self.scalar(fields["token-file"])?.text
    return self.listeningEndpoint(fields["listen"]).map {
      Located(FloodlightSettings(listen: $0.value, tokenFile: tokenFile), at: value.location)
    }
  }

  private mutating func checkListeners(
    _ listeners: [(key: String, endpoint: SocketEndpoint?, location: Location?)], at fallback: Location
  ) {
    for (index, listener) in listeners.enumerated() {
      guard let endpoint = listener.endpoint,
        let other = listeners[..<index].first(where: { $0.endpoint.map { overlap($0, endpoint) } ?? false }),
        let taken = other.endpoint
      else { continue }
      self.report.add(
        .endpointInUse, at: listener.location ?? other.location ?? fallback,
        "'\(listener.key)' is \(endpoint), but '\(other.key)' listens on \(taken)", hint: "give each a port of its own")
    }
  }

  private mutating func detection(_ value: YAMLValue?) -> Detection {
    var detection = Detection()
    guard let fields = self.fields(value, as: .detection) else { return detection }
    if let interval = self.duration(fields["heartbeat-interval"], in: .milliseconds(10) ... .seconds(60)) {
      detection.heartbeatInterval = interval.value
    }
    if let misses = self.number(fields["misses"], in: 1...100) { detection.misses = misses.value }
    if let rise = self.number(fields["rise"], in: 1...100) { detection.rise = rise.value }
    if let hold = self.duration(fields["hold"], in: .zero ... .seconds(3600)) { detection.hold = hold.value }
    if let probe = self.choice(fields["probe"], of: Detection.ProbeMethod.self) { detection.probe = probe }
    if let damping = self.damping(fields["damping"]) { detection.damping = damping.value }
    if let limit = self.massFailure(fields["mass-failure"]) { detection.massFailure = limit.value }
    return detection
  }

  /// `none`, or what is too much.
  private mutating func massFailure(_ value: YAMLValue?) -> Located<MassFailureLimit?>? {
    guard let value else { return nil }
    if case .scalar("none", _) = value.content { return Located(nil, at: value.location) }
    guard let fields = self.fields(value, as: .massFailure) else { return nil }
    var limit = MassFailureLimit()
    if let percent = self.number(fields["percent"], in: 1...100) { limit.percent = percent.value }
    if let within = self.duration(fields["within"], in: .seconds(1) ... .seconds(600)) { limit.within = within.value }
    return Located(limit, at: value.location)
  }

  /// `none`, or a half-life.
  private mutating func damping(_ value: YAMLValue?) -> Located<Duration?>? {
    if let value, case .scalar("none", _) = value.content { return Located(nil, at: value.location) }
    return self.duration(value, in: .seconds(1) ... .seconds(3600)).map { Located($0.value, at: $0.location) }
  }
}

/// True if one of two programs could not listen. Port 0 is another one each time.
private func overlap(_ a: SocketEndpoint, _ b: SocketEndpoint) -> Bool {
  a.port == b.port && a.port != 0 && (a.address == b.address || a.address.isUnspecified || b.address.isUnspecified)
}
