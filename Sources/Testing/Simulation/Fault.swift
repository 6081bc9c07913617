// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Something that goes wrong in a world for a while. Indices are those of `Site`.
package enum Fault: Sendable, Equatable, CustomStringConvertible {
  // These must move nothing.
  /// One heartbeat in `oneIn` is lost.
  case heartbeatsLost(region: Int, oneIn: UInt64)
  case heartbeatsLate(region: Int, by: Duration)
  case heartbeatsTwice(region: Int)
  /// Agent and controller do not hear each other.
  case agentCutOff(region: Int)
  /// The agent and one controller do not hear each other.
  case agentLinkCutOff(region: Int, controller: Int)
  /// Each heartbeat, and each answer to a probe, is late by anything up to that.
  case jitter(upTo: Duration)
  /// Two regions' agents do not hear each other.
  case regionsCutOff(Int, Int)
  case agentDown(region: Int)
  /// The same, and it starts again with a clock that is an hour behind.
  case agentDownAndClockBack(region: Int)
  case controllerDown(Int)
  /// It says good-bye, as for an upgrade.
  case controllerStopped(Int)
  /// The controller gets no processor.
  case controllerStalled(Int)
  /// The controller hears nobody, and nobody hears it.
  case controllerIsolated(Int)
  /// Controllers and switch do not hear each other.
  case switchCutOff(Int)
  /// One controller and one switch do not hear each other.
  case linkCutOff(switch: Int, controller: Int)
  /// Nobody reaches the store.
  case storeAway
  /// One controller does not reach the store.
  case storeCutOff(controller: Int)
  /// What the store answers comes late.
  case storeSlow(by: Duration)
  /// What controller and switch say to each other arrives when this is over; TCP keeps the connection.
  case controlMute(switch: Int)
  /// Replies of a switch to its controller, barriers and reads among them, are late.
  case repliesLate(switch: Int, by: Duration)

  // These may.
  /// One answer to a probe in `oneIn` is lost.
  case probesLost(switch: Int, region: Int, oneIn: UInt64)
  case probesLate(switch: Int, region: Int, by: Duration)
  /// The gateway drops everything silently; its port stays up.
  case regionDark(Int)
  case portDown(switch: Int, region: Int)
  /// Connections to the member are refused.
  case memberStopped(region: Int, service: Int)
  /// The member takes connections and never answers.
  case memberHangs(region: Int, service: Int)
  /// The switch is gone for a while and comes back with empty tables.
  case switchRebooted(Int)
  /// Somebody deletes flows of ours.
  case flowsDeleted(switch: Int)
  /// Somebody empties a region's group; nobody is told.
  case groupEmptied(switch: Int, region: Int)
  /// A gateway's rules go, and cannot be written: what is redirected to it is not sent on to the members.
  case forwardingLost(region: Int)
  /// An operator makes detection faster; later, slower again.
  case detectionHurried
  /// An operator turns a service's order of preference around and adds another service; later, takes both back.
  case reconfigured(service: Int)

  /// Whatever of these happens, traffic stays where it is.
  package var isHarmless: Bool {
    switch self {
    case .heartbeatsLost, .heartbeatsLate, .heartbeatsTwice, .jitter, .agentCutOff, .agentLinkCutOff, .regionsCutOff,
      .agentDown,
      .agentDownAndClockBack, .controllerDown, .controllerStopped, .controllerStalled, .controllerIsolated,
      .switchCutOff, .linkCutOff, .storeAway, .storeCutOff, .storeSlow, .controlMute, .repliesLate, .detectionHurried:
      true
    case .probesLost, .probesLate, .regionDark, .portDown, .memberStopped, .memberHangs, .switchRebooted,
      .flowsDeleted, .groupEmptied, .forwardingLost, .reconfigured:
      false
    }
  }

  package var description: String {
    switch self {
    case .heartbeatsLost(let region, let oneIn): "one in \(oneIn) heartbeats of \(Site.region(region)) is lost"
    case .heartbeatsLate(let region, let delay): "heartbeats of \(Site.region(region)) are late by \(delay)"
    case .jitter(let delay): "heartbeats and probes are late by up to \(delay)"
    case .heartbeatsTwice(let region): "heartbeats of \(Site.region(region)) come twice"
    case .agentCutOff(let region): "agent of \(Site.region(region)) and all controllers are cut off"
    case .agentLinkCutOff(let region, let controller):
      "agent of \(Site.region(region)) and \(Site.controller(controller)) are cut off"
    case .regionsCutOff(let a, let b): "agents of \(Site.region(a)) and \(Site.region(b)) are cut off"
    case .agentDown(let region): "agent of \(Site.region(region)) is down"
    case .agentDownAndClockBack(let region):
      "agent of \(Site.region(region)) is down; its clock is behind afterwards"
    case .controllerDown(let index): "\(Site.controller(index)) is down"
    case .controllerStopped(let index): "\(Site.controller(index)) is stopped"
    case .controllerStalled(let index): "\(Site.controller(index)) is stalled"
    case .controllerIsolated(let index): "\(Site.controller(index)) is isolated"
    case .switchCutOff(let index): "switch \(Site.switchName(index)) and all controllers are cut off"
    case .linkCutOff(let index, let controller):
      "switch \(Site.switchName(index)) and \(Site.controller(controller)) are cut off"
    case .storeAway: "the store is away"
    case .storeCutOff(let controller): "\(Site.controller(controller)) and the store are cut off"
    case .storeSlow(let delay): "the store is late by \(delay)"
    case .controlMute(let index): "switch \(Site.switchName(index)) and controller are mute"
    case .repliesLate(let index, let delay): "replies of \(Site.switchName(index)) are late by \(delay)"
    case .probesLost(let index, let region, let oneIn):
      "one in \(oneIn) probes of \(Site.switchName(index)) to \(Site.region(region)) is lost"
    case .probesLate(let index, let region, let delay):
      "probes of \(Site.switchName(index)) to \(Site.region(region)) are late by \(delay)"
    case .regionDark(let region): "region \(Site.region(region)) is dark"
    case .portDown(let index, let region): "port of \(Site.region(region)) on \(Site.switchName(index)) is down"
    case .memberStopped(let region, let service):
      "member of \(Site.service(service)) in \(Site.region(region)) is stopped"
    case .memberHangs(let region, let service):
      "member of \(Site.service(service)) in \(Site.region(region)) hangs"
    case .switchRebooted(let index): "switch \(Site.switchName(index)) reboots"
    case .flowsDeleted(let index): "somebody deletes our flows on \(Site.switchName(index))"
    case .groupEmptied(let index, let region):
      "somebody empties the group of \(Site.region(region)) on \(Site.switchName(index))"
    case .forwardingLost(let region): "the gateway of \(Site.region(region)) sends nothing on"
    case .detectionHurried: "faster detection"
    case .reconfigured(let service): "another configuration of \(Site.service(service))"
    }
  }
}

/// A fault and when it is there.
package struct PlannedFault: Sendable, Equatable {
  package var fault: Fault
  package var begins: Instant
  package var ends: Instant
}
