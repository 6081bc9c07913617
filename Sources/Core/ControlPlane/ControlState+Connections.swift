// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
import OpenFlow
package import ServiceModel
import Steering

extension ControlState {
  /// Connections that a switch shall forget.
  struct Cut: Sendable, Equatable {
    var region: RegionName
    /// Nil: all of the region's.
    var service: ServiceName?
    /// Where they lead.
    var gateway: IPAddress
    /// Only those of this listener; nil: of all.
    var targetPort: UInt16?
    var message: MessageBody
    /// An operator wants it, whether they could go on or not.
    var isOrdered = false
  }

  /// From the confirmation of a change until connections are cut. To find them a switch goes through all the connections
  /// that it knows, and forwards nothing and renews no cached flow meanwhile: with 30,000 of both, new connections came
  /// 70 ms later when the delay was 20 ms. And before its cache is renewed a switch opens again what it has forgotten.
  /// New connections come first; those of a dead region have hung for n·T_h already.
  static let cutDelay = Duration.milliseconds(100)

  /// A switch goes on by its cached flows for a moment after a group changed, so a connection that begins in that
  /// moment may still be sent to the dead region, and would stay there: forget again when the caches are renewed, which
  /// nobody tells. Seen to take between 3 and 170 ms, and longer on a machine that is busy. From the first time on.
  static let lateCutDelays: [Duration] = [.milliseconds(150), .milliseconds(500)]

  /// Has the switch forget connections that lead nowhere any more, soon after it has confirmed that its tables send
  /// nobody there.
  mutating func cutConnections(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let state = self.switches[name], state.isConfirmed else { return }
    let late = state.lateCuts.prefix { $0.at <= now }
    self.switches[name]?.lateCuts.removeFirst(late.count)
    let flushes = late.flatMap(\.cuts).filter { $0.stillHolds(in: state) }.map(\.message)
    if !flushes.isEmpty { effects.append(.send(state.config.datapath, flushes)) }
    guard !state.cuts.isEmpty else { return }
    guard let due = state.cutsAt else {
      self.switches[name]?.cutsAt = now + Self.cutDelay
      return
    }
    guard due <= now else { return }
    self.switches[name]?.cuts = []
    self.switches[name]?.cutsAt = nil
    let cuts = state.cuts.filter { $0.stillHolds(in: state) }
    guard !cuts.isEmpty else { return }
    self.switches[name]?.lateCuts += Self.lateCutDelays.map { SwitchState.LateCuts(at: now + $0, cuts: cuts) }
    self.switches[name]?.lateCuts.sort { $0.at < $1.at }
    for cut in cuts { self.desks[name]?.book.forget(region: cut.region, target: cut.targetPort) }
    self.order(cuts.map(\.message), on: name, at: now, &effects)
    // A gateway with addresses of both families takes a message for each.
    var told: Set<RegionName> = []
    for cut in cuts where cut.service == nil && told.insert(cut.region).inserted {
      effects.append(.record(.connectionsCut(name, cut.region)))
    }
  }

  /// Connections are still to be cut on that switch.
  package func isCutting(_ name: SwitchName) -> Bool { self.switches[name]?.cuts.isEmpty == false }

  /// Connections that lead nowhere any more: to regions that were taken out, to gateways that have another address
  /// now, and to services whose members are dead.
  ///
  /// Forgotten by the switch, their next packet opens them anew in another region, which resets them: the client
  /// learns at once instead of by its own timeout. Nothing is forgotten while a plan is held.
  ///
  /// - Parameter moved: the services that may have lost somebody, by their places in the intent; nil: all.
  func deadConnections(from before: SwitchState, to after: SwitchState, moved: [Int]?) -> [Cut] {
    var cuts: [Cut] = []
    guard after.placement?.keepsConnections == true else { return cuts }
    for region in before.addresses.keys.sorted() {
      let isLost = before.keeping.contains(region) && !after.keeping.contains(region)
      for address in before.addresses[region] ?? [] where isLost || !after.has(address, of: region) {
        cuts.append(self.cut(region, at: address, on: after))
      }
    }
    guard before.plan != after.plan || !before.deaths.isEmpty else { return cuts }
    let carrying = after.plan.carrying
    let plan = PastSteering(before.plan, self.intent)
    let dying = Set(before.deaths.map(\.service))
    for index in moved ?? Array(self.intent.services.indices) {
      let steering = after.plan.services[index]
      guard let past = plan.steering(of: steering.service, at: index),
        past != steering || dying.contains(steering.service), !steering.active(carrying: carrying).isEmpty
      else { continue }
      cuts += self.deadTargets(of: self.intent.services[index], past, steering, on: after, before.deaths)
    }
    return cuts
  }

  /// Cuts all connections to a region's gateway.
  func cut(
    _ region: RegionName, at gateway: IPAddress, on datapath: SwitchState, isOrdered: Bool = false
  ) -> Cut {
    let message: MessageBody =
      datapath.placement == .reactive
      ? .flowMod(Compiler.forget(region: self.numbering.number(of: region)))
      : .conntrackFlush(ConntrackFlush(zone: TableLayout.zone, reply: ConntrackFlush.Tuple(source: gateway)))
    return Cut(region: region, gateway: gateway, message: message, isOrdered: isOrdered)
  }

  private func deadTargets(
    of service: Service, _ before: ServiceSteering, _ after: ServiceSteering, on datapath: SwitchState,
    _ deaths: Set<ServiceRegion>
  ) -> [Cut] {
    let family = service.virtualIP.address.family
    var cuts: [Cut] = []
    for choice in after.choices {
      let past = before.choices.first { $0.region == choice.region }?.eligibility
      // What was tried while a lost region was held leads nowhere, now that somebody else serves.
      let wasInVain =
        past == .withPort && choice.eligibility != .withPort
        && !datapath.plan.carrying.contains(choice.region)
        && datapath.standing(of: choice.region, self.intent.detection) == .out
      let isDying = deaths.contains(ServiceRegion(service: service.name, region: choice.region))
      let hasDied =
        choice.eligibility == .excluded && (past != .excluded || isDying)
        && self.areMembersDead(service.name, choice.region)
      guard wasInVain || hasDied,
        let gateway = datapath.addresses[choice.region]?.first(where: { $0.family == family })
      else { continue }
      for listener in service.listeners {
        let port = self.numbering.targetPort(of: listener, in: service.name)
        let message: MessageBody =
          datapath.placement == .reactive
          ? .flowMod(
            Compiler.forget(
              region: self.numbering.number(of: choice.region), listener: ListenerSocket(service.virtualIP, listener)))
          : .conntrackFlush(
            ConntrackFlush(
              ipProtocol: listener.transport.ipProtocol, zone: TableLayout.zone,
              reply: ConntrackFlush.Tuple(source: gateway, sourcePort: port)))
        cuts.append(
          Cut(region: choice.region, service: service.name, gateway: gateway, targetPort: port, message: message))
      }
    }
    return cuts
  }

  private func areMembersDead(_ service: ServiceName, _ region: RegionName) -> Bool {
    guard case .out(let failure?)? = self.services[ServiceRegion(service: service, region: region)]?.state else {
      return false
    }
    return !failure.spareConnections
  }
}

extension ControlState.Cut {
  /// What was cut has not come back meanwhile.
  fileprivate func stillHolds(in state: SwitchState) -> Bool {
    let carrying = state.plan.carrying
    guard let service = self.service else {
      if self.isOrdered, state.plan.draining.contains(self.region) { return true }
      return !state.keeping.contains(self.region) || !state.has(self.gateway, of: self.region)
    }
    let steering = state.plan.services.first { $0.service == service }
    guard let choice = steering?.choices.first(where: { $0.region == self.region }) else { return false }
    return choice.eligibility == .excluded || choice.eligibility == .withRegion && !carrying.contains(self.region)
  }
}

extension SwitchState {
  /// Connections of the region are sent to this address of its gateway.
  fileprivate func has(_ address: IPAddress, of region: RegionName) -> Bool {
    self.addresses[region]?.contains(address) ?? false
  }
}
