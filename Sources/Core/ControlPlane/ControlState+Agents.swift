// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel

/// Regions whose gateway's address moves between two machines, each with an agent.
///
/// Who holds it is not this controller's business, but where that is: an agent that holds the address says so, with the
/// MAC address of its interface. What it says is authentic, and no proof that the switches reach it. So the machine is
/// asked like any gateway, and packets go there once it has answered.
extension ControlState {
  enum HeardAgent {
    /// What it reports says nothing of the region.
    case ignored(isNews: Bool)
    case counted(isNews: Bool)
  }

  /// The machines to which switches send a region's traffic.
  private func nextHops(to region: RegionName) -> [MACAddress] {
    self.intent.switches.compactMap { self.switches[$0.name]?.paths[region]?.mac }
  }

  /// - Returns: nil if nothing is to be learnt from it.
  mutating func heardAgent(_ heartbeat: Heartbeat, at now: Instant, _ effects: inout [Effect]) -> HeardAgent? {
    let region = heartbeat.region
    guard let before = self.agents[region] else { return nil }
    var agents = before
    let isAlone = heartbeat.instance == nil && before.members.allSatisfy { $0.name == nil }
    let outcome = agents.heard(
      heartbeat, nextHops: isAlone ? [] : self.nextHops(to: region), at: now, self.detection(of: region))
    guard outcome != .outdated else { return nil }
    self.agents[region] = agents
    guard !isAlone || agents.standing != before.standing else { return .counted(isNews: false) }
    let isNews =
      agents.standing != before.standing || agents.counting != before.counting
      || agents.members.count != before.members.count
    self.report(agents, after: before, of: region, &effects)
    self.askHeir(heartbeat, at: now, &effects)
    return outcome == .counts ? .counted(isNews: isNews) : .ignored(isNews: isNews)
  }

  mutating func advanceAgents(of region: RegionName, to now: Instant, _ effects: inout [Effect]) {
    guard let before = self.agents[region] else { return }
    let detection = self.detection(of: region)
    let nextHops = before.members.count < 2 ? [] : self.nextHops(to: region)
    self.agents[region]?.advance(to: now, nextHops: nextHops, detection)
    guard let agents = self.agents[region], agents != before else { return }
    if agents.state == .silent, before.state != .silent {
      let silence = now - (before.lastHeard ?? now - detection.bound)
      let standby = agents.names(.standby).first
      effects.append(
        .record(
          standby.map { .activeAgentSilent(region, silence, standby: $0) } ?? .agentSilent(region, silence)))
    }
    self.report(agents, after: before, of: region, &effects)
  }

  private func report(
    _ agents: RegionAgents, after before: RegionAgents, of region: RegionName, _ effects: inout [Effect]
  ) {
    if let past = before.counting, let now = agents.counting, past != now {
      effects.append(.record(.agentTookOver(region, now, instead: past)))
    }
    guard agents.standing != before.standing else { return }
    switch agents.standing {
    case .complete:
      effects.append(.record(.standbyHeard(region, agents.names(.standby).first)))
    case .noStandby: effects.append(.record(.standbyMissing(region)))
    case .split:
      effects.append(.record(.agentsSplit(region, agents.names(.active), counting: agents.counting ?? nil)))
    // Said as the silence of the active one.
    case .noActive, nil: break
    }
  }

  // MARK: Where the address is now

  /// Asks the machine of an agent that says that it is active, on every switch that sends elsewhere.
  private mutating func askHeir(_ heartbeat: Heartbeat, at now: Instant, _ effects: inout [Effect]) {
    let detection = self.intent.detection
    guard let instance = heartbeat.instance, instance.role == .active, let mac = instance.mac,
      let agents = self.agents[heartbeat.region], detection.probe != .none
    else { return }
    for config in self.intent.switches {
      guard let gateway = config.gateway(of: heartbeat.region), gateway.mac == nil,
        let state = self.switches[config.name], state.asksPaths(at: now, detection),
        let path = state.paths[gateway.region], let port = path.port
      else { continue }
      guard path.mac != mac,
        agents.isHeir(instance.name, isPathLost: path.schedule.isLost(at: now, detection))
      else {
        if path.heir != nil { self.switches[config.name]?.paths[gateway.region]?.heir = nil }
        continue
      }
      let nonce = self.nonces.next()
      self.switches[config.name]?.paths[gateway.region]?.heir = SwitchState.Heir(mac: mac, nonce: nonce)
      let frame = self.question(to: gateway, at: mac, from: state.config.probeAddress, nonce: nonce)
      effects.append(
        .send(config.datapath, [.packetOut(PacketOut(actions: [.output(port)], data: frame.bytes))]))
    }
  }

  /// The machine of an agent that says that it holds the address has answered for it: packets go there.
  mutating func inherit(
    _ mac: MACAddress, _ gateway: Gateway, on name: SwitchName, at now: Instant, _ effects: inout [Effect]
  ) {
    let detection = self.intent.detection
    effects.append(.record(.gatewayFound(name, gateway.region, mac)))
    self.updatePath(name, gateway.region, at: now, &effects) {
      $0.mac = mac
      $0.heir = nil
      // What the other one was asked will not be answered.
      $0.schedule = ProbeSchedule(at: now)
      $0.detector.answered(at: now, detection)
    }
    guard let before = self.agents[gateway.region] else { return }
    let nextHops = self.nextHops(to: gateway.region)
    self.agents[gateway.region]?.elect(nextHops)
    if let agents = self.agents[gateway.region] { self.report(agents, after: before, of: gateway.region, &effects) }
  }
}
