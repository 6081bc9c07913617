// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel

extension ControlState {
  /// What a region's agent and path are judged by: more patiently where the agent may still act by another
  /// configuration, and without probes nothing else is known of the path.
  func detection(of region: RegionName) -> Detection {
    var detection = self.intent.detection
    guard let patience = self.patience[region], patience > detection.bound else { return detection }
    let interval = detection.heartbeatInterval.nanoseconds
    detection.misses = Int((patience.nanoseconds + interval - 1) / interval)
    return detection
  }

  /// A controller that was woken late (on a busy machine, or one that was moved or suspended) has asked and heard
  /// nothing meanwhile: silence of that time proves nothing, and what waits to be heard by now counts first.
  mutating func excuseOversleep(at now: Instant) {
    let interval = self.intent.detection.heartbeatInterval
    guard let planned = self.nextDeadline, now - planned >= interval / 8 else { return }
    // What was planned may have been put off since.
    let due = self.findDeadline(after: planned) ?? now
    let slept = now - due
    guard slept >= interval / 8 else { return }
    let isLong = slept >= interval / 2
    for config in self.intent.switches where self.switches[config.name]?.isProbing == true {
      for gateway in config.gateways {
        let detection = self.pathDetection(of: gateway.region)
        if isLong { self.switches[config.name]?.paths[gateway.region]?.excuse(slept, at: now) }
        // What could not be asked until now is to have the time to answer.
        self.switches[config.name]?.paths[gateway.region]?.detector
          .wait(until: now + (isLong ? interval : interval / 4), detection)
      }
    }
    guard isLong else { return }
    for region in self.intent.regions.map(\.name) {
      let detection = self.detection(of: region)
      self.agents[region]?.wait(until: now + interval, detection)
    }
    self.services.wait(until: now + interval, self.intent.detection)
    for name in self.actives.keys { self.actives[name]?.excuse(at: now) }
  }

  /// Lets time pass for every detector whose deadline has come.
  mutating func advance(to now: Instant, _ effects: inout [Effect]) {
    for region in self.intent.regions.map(\.name) {
      self.advanceAgents(of: region, to: now, &effects)
    }
    self.expireDrains(at: now, &effects)
    self.updateBalances(at: now, &effects)
    for region in self.full.sorted() { self.weigh(region, at: now, &effects) }
    for name in self.intent.switches.map(\.name) where self.switches[name]?.slowStarts.advance(to: now) == true {
      self.switches[name]?.needsSteering = true
    }
    for config in self.intent.switches {
      guard let state = self.switches[config.name], state.isJudging(at: now, self.intent.detection) else { continue }
      let isVerdictDue =
        state.nextVerdict(interval: self.intent.detection.heartbeatInterval, self.pathDetection(of:)).map { $0 <= now }
        ?? false
      for gateway in config.gateways {
        let detection = self.pathDetection(of: gateway.region)
        self.updatePath(config.name, gateway.region, at: now, &effects) {
          if isVerdictDue || !$0.detector.isWell { $0.detector.advance(to: now, detection) }
        }
      }
    }
    for place in self.services.due(at: now) { self.updateService(place, at: now, &effects) { _, _ in } }
    self.watchMassFailure(at: now, &effects)
    self.watchSight(at: now, &effects)
  }

  mutating func updatePath(
    _ name: SwitchName, _ region: RegionName, at now: Instant, _ effects: inout [Effect],
    _ change: (inout SwitchState.Path) -> Void
  ) {
    guard var path = self.switches[name]?.paths[region] else { return }
    let before = path
    change(&path)
    guard path != before else { return }
    self.switches[name]?.paths[region] = path
    if path.mac != before.mac || path.port != before.port { self.switches[name]?.needsSteering = true }
    let detection = self.intent.detection
    guard path.detector.standing(detection) != before.detector.standing(detection) else { return }
    self.switches[name]?.needsSteering = true
    guard path.detector.isWell != before.detector.isWell else { return }
    switch path.detector.state {
    case .well: effects.append(.record(.pathReturned(name, region)))
    case .out(.portDown) where path.port != nil:
      effects.append(.record(.portChanged(name, region, isUp: false)))
      effects.append(.record(.pathLost(name, region, because: "its port went down")))
    case .out(.silent(let lastGood)):
      let silence = (now - lastGood).nanoseconds / 1_000_000
      effects.append(.record(.pathLost(name, region, because: "no answer to any probe for \(silence) ms")))
    case .out, .returning: break
    }
    if !path.detector.isWell, let end = path.detector.dampedUntil(detection) {
      effects.append(.record(.pathDamped(name, region, end - now)))
    }
  }

  /// Has one service's detector hear something, and follows what comes of it.
  mutating func updateService(
    _ place: ServiceDetectors.Place, at now: Instant, _ effects: inout [Effect],
    _ change: (inout ServiceDetector, Detection.Mode) -> Void
  ) {
    let detection = self.intent.detection
    guard let (before, detector) = self.services.update(place, at: now, detection, change) else { return }
    let hasDied = detector.hasDied(since: before)
    guard detector.standing(detection) != before.standing(detection) || hasDied else { return }
    let key = self.services.key(at: place)
    if before.isServing { self.watchMassFailure(losing: key, at: now, &effects) }
    if !self.held.contains(key) {
      for config in self.intent.switches where config.gateway(of: key.region) != nil {
        self.switches[config.name]?.moved.insert(key.service)
        if hasDied { self.switches[config.name]?.deaths.insert(key) }
      }
    }
    if detector.isServing { self.held.remove(key) }
    guard detector.isServing != before.isServing else { return }
    if case .out(let failure) = detector.state {
      effects.append(.record(.serviceLost(key.service, key.region, because: failure.map { "\($0)" } ?? "found so")))
      if let end = detector.dampedUntil(detection) {
        effects.append(.record(.serviceDamped(key.service, key.region, end - now)))
      }
    } else if detector.isServing {
      effects.append(.record(.serviceReturned(key.service, key.region)))
    }
  }

  /// - Returns: false if it only says that all is as it was.
  mutating func heard(_ heartbeat: Heartbeat, at now: Instant, _ effects: inout [Effect]) -> Bool {
    let region = heartbeat.region
    let before = self.agents[region]?.state
    var hasMoved = false
    switch self.heardAgent(heartbeat, at: now, &effects) {
    case nil: return false
    case .ignored(let isNews): return isNews
    case .counted(let isNews): hasMoved = isNews
    }
    guard let agent = self.agents[region] else { return hasMoved }
    let wasFull = self.full.contains(region)
    let isNews =
      agent.state != before || heartbeat.leaving || !heartbeat.services.isEmpty || self.patience[region] != nil
      || self.services.hasUnsettled(in: region) || self.drains[region] != nil || self.intent.detection.probe == .none
    if agent.assignment == self.assignments[region] { self.patience[region] = nil }
    if agent.state != before {
      effects.append(.record(agent.state == .leaving ? .agentLeaving(region) : .agentHeard(region)))
    }
    if let load = heartbeat.load { self.loaded(load, in: region, at: now, &effects) }
    self.judgeServices(by: heartbeat, at: now, &effects)
    if self.intent.detection.probe == .none { self.judgePaths(by: heartbeat, at: now, &effects) }
    return isNews || hasMoved || self.full.contains(region) != wasFull
  }

  private mutating func judgeServices(by heartbeat: Heartbeat, at now: Instant, _ effects: inout [Effect]) {
    let region = heartbeat.region
    let detection = self.intent.detection
    let places = self.services.places(in: region)
    var listed: Set<ServiceDetectors.Place> = []
    for report in heartbeat.services {
      guard let place = places[report.target] else { continue }
      listed.insert(place)
      if report.state == .unknown { continue }
      self.updateService(place, at: now, &effects) { $0.reported(report, mode: $1, at: now, detection) }
    }
    guard heartbeat.assignment == self.assignments[region], !heartbeat.isPartial else { return }
    let up = ServiceReport(target: 0, state: .up, lastGoodAge: nil)
    for place in self.services.unsettled(in: region, besides: listed) {
      self.updateService(place, at: now, &effects) { $0.reported(up, mode: $1, at: now, detection) }
    }
  }

  /// What a region's paths are judged by.
  func pathDetection(of region: RegionName) -> Detection {
    self.intent.detection.probe == .none ? self.detection(of: region) : self.intent.detection
  }

  /// Without probes a heartbeat stands for an answer, and what another region's agent hears keeps a region in,
  /// though it brings none back.
  private mutating func judgePaths(by heartbeat: Heartbeat, at now: Instant, _ effects: inout [Effect]) {
    let detection = self.detection(of: heartbeat.region)
    for config in self.intent.switches {
      self.updatePath(config.name, heartbeat.region, at: now, &effects) {
        $0.detector.answered(at: now, detection)
        if heartbeat.leaving { $0.detector.vouched(at: now + AgentDetector.leave) }
      }
      for peer in heartbeat.peers where peer.age < detection.bound {
        self.updatePath(config.name, peer.region, at: now, &effects) { $0.detector.vouched(at: now - peer.age) }
      }
    }
  }

  mutating func failback(_ service: ServiceName, _ effects: inout [Effect]) {
    guard self.has(service) else { return }
    effects.append(.record(.failbackRequested(service)))
    for config in self.intent.switches {
      self.switches[config.name]?.failbacks.insert(service)
      self.switches[config.name]?.needsSteering = true
    }
  }
}
