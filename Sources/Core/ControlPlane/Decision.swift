// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import FailureDetection
package import ServiceModel

/// Something that the controller decided or learnt, and why. One value makes the log line, the API's event and the
/// terminal's line.
package enum Decision: RecordedDecision, Equatable {
  case configured(services: Int, regions: Int, switches: Int)
  case configurationRejected(String)
  case switchConnected(SwitchName, version: String, ports: Int)
  case unknownSwitchConnected(DatapathID)
  /// Of several controllers this one leads from now on.
  case leads(epoch: UInt64)
  /// Another one leads, or nobody is known to.
  case follows(epoch: UInt64?)
  /// It leads and has seen no switch for that long: another may.
  case yields(after: Duration)
  /// A switch has another master than this controller, though this one leads as far as it knows.
  case switchLedByOther(SwitchName)
  case switchDisconnected(SwitchName, reason: String)
  /// Of a group of switches this one forwards from now on.
  case switchActivated(SwitchName, instead: SwitchName?, in: SwitchGroupName, ActiveSwitch.Reason)
  /// The switch that forwards is not heard, or could not be told from a dead one; it stays.
  case switchDoubted(SwitchName, in: SwitchGroupName, ActiveSwitch.Doubt)
  case switchTrusted(SwitchName, in: SwitchGroupName)
  /// It has told its segments where virtual IPs and gateways are now, for the first time.
  case takeoverAnnounced(SwitchName, addresses: Int)
  case switchFound(SwitchName, flows: Int, groups: Int)
  case switchProgrammed(SwitchName, changes: Int, took: Duration)
  case switchRefused(SwitchName, error: String)
  /// An operator's entry is not taken; it is kept.
  case entryRefused(SwitchName, entry: String, error: String)
  case entryExpired(SwitchName, entry: String)
  /// Entries that a new configuration puts in a service's way are kept off their switches.
  case entriesHeldBack(count: Int, first: String, because: String)
  /// It is connected, but what it should hand back at once does not come: nothing is judged by its probes.
  case switchMute(SwitchName)
  case switchHeard(SwitchName, after: Duration)
  /// Where connections are placed. Without groups: by rules for clients' addresses.
  case placementChosen(SwitchName, Placement, hasGroups: Bool)
  /// The switch cannot do what is configured; nothing is programmed.
  case placementUnavailable(SwitchName, Placement, offers: [Placement])
  /// The switch cannot answer ARP and neighbour discovery for virtual IPs by itself.
  case resolutionByController(SwitchName)
  /// Another controller has its OpenFlow connection, and is told what to do by its REST API.
  case switchDriven(SwitchName, by: String, at: String)
  case portMissing(SwitchName, RegionName, port: PortReference, available: [String])
  case portChanged(SwitchName, RegionName, isUp: Bool)
  case gatewayFound(SwitchName, RegionName, MACAddress)
  case pathLost(SwitchName, RegionName, because: String)
  case pathReturned(SwitchName, RegionName)
  /// It was lost again and again: it stays out for that long at least, however well it answers.
  case pathDamped(SwitchName, RegionName, Duration)
  case serviceLost(ServiceName, RegionName, because: String)
  case serviceReturned(ServiceName, RegionName)
  /// As `pathDamped`.
  case serviceDamped(ServiceName, RegionName, Duration)
  /// More services fail at once, in several regions, than can be true: what fails from now on is held where it is.
  case massFailure(services: Int, of: Int, [RegionName])
  /// What failed is steered as it is again; that many times a service was held in a region.
  case massFailureOver(held: Int)
  case agentHeard(RegionName)
  case agentLeaving(RegionName)
  /// Heartbeats are missed; whatever else is known of the region decides whether it carries traffic.
  case agentSilent(RegionName, Duration)
  /// As that, of an agent that holds the gateway address, while another one waits and does not hold it.
  case activeAgentSilent(RegionName, Duration, standby: InstanceName)
  /// Of a region's agents this one counts from now on. Nil: the one without a name.
  case agentTookOver(RegionName, InstanceName?, instead: InstanceName?)
  /// Nobody would take the gateway's address over.
  case standbyMissing(RegionName)
  case standbyHeard(RegionName, InstanceName?)
  /// More than one machine holds the gateway's address.
  case agentsSplit(RegionName, [InstanceName], counting: InstanceName?)
  /// Who gets new connections; nobody: an empty list.
  case steered(SwitchName, ServiceName, from: [RegionShare], to: [RegionShare])
  /// A move of traffic to other living regions, on a switch whose placement keeps no connections.
  case connectionsBreak(ConnectionLoss)
  /// Every region is out; what was programmed last stays.
  case allRegionsOut(SwitchName, ServiceName, holding: [RegionShare])
  case connectionsCut(SwitchName, RegionName)
  case failbackRequested(ServiceName)
  /// - Parameter connections: how many its gateway counted last; nil: not known.
  case drainBegun(RegionName, deadline: Duration?, connections: UInt32?)
  /// No connection is left.
  case drained(RegionName, after: Duration)
  /// The deadline came; what was open is cut.
  case drainExpired(RegionName, connections: UInt32?)
  case drainEnded(RegionName)
  /// A region carries as much as it may.
  case regionFull(RegionName, Capacity, amount: Int)
  /// It has room again; not known: its agent does not tell any more.
  case regionHasRoom(RegionName, isKnown: Bool)
  /// The agent does not tell what a policy goes by; the shares stay as they are.
  case loadUnknown(ServiceName, RegionName)

  /// For machines; never changes its meaning.
  package var kind: String {
    switch self {
    case .configured: "configured"
    case .configurationRejected: "configuration-rejected"
    case .switchConnected: "switch-connected"
    case .unknownSwitchConnected: "unknown-switch-connected"
    case .leads: "leads"
    case .follows: "follows"
    case .yields: "yields"
    case .switchLedByOther: "switch-led-by-other"
    case .switchDisconnected: "switch-disconnected"
    case .switchActivated: "switch-activated"
    case .switchDoubted: "switch-doubted"
    case .switchTrusted: "switch-trusted"
    case .takeoverAnnounced: "takeover-announced"
    case .switchFound: "switch-found"
    case .switchProgrammed: "switch-programmed"
    case .switchRefused: "switch-refused"
    case .entryRefused: "entry-refused"
    case .entryExpired: "entry-expired"
    case .entriesHeldBack: "entries-held-back"
    case .switchMute: "switch-mute"
    case .switchHeard: "switch-heard"
    case .placementChosen: "placement-chosen"
    case .placementUnavailable: "placement-unavailable"
    case .resolutionByController: "resolution-by-controller"
    case .switchDriven: "switch-driven"
    case .portMissing: "port-missing"
    case .portChanged: "port-changed"
    case .gatewayFound: "gateway-found"
    case .pathLost: "path-lost"
    case .pathReturned: "path-returned"
    case .pathDamped: "path-damped"
    case .serviceLost: "service-lost"
    case .serviceReturned: "service-returned"
    case .serviceDamped: "service-damped"
    case .massFailure: "mass-failure"
    case .massFailureOver: "mass-failure-over"
    case .agentHeard: "agent-heard"
    case .agentLeaving: "agent-leaving"
    case .agentSilent: "agent-silent"
    case .activeAgentSilent: "active-agent-silent"
    case .agentTookOver: "agent-took-over"
    case .standbyMissing: "standby-missing"
    case .standbyHeard: "standby-heard"
    case .agentsSplit: "agents-split"
    case .steered: "steered"
    case .connectionsBreak: "connections-break"
    case .allRegionsOut: "all-regions-out"
    case .connectionsCut: "connections-cut"
    case .failbackRequested: "failback-requested"
    case .drainBegun: "drain-begun"
    case .drained: "drained"
    case .drainExpired: "drain-expired"
    case .drainEnded: "drain-ended"
    case .regionFull: "region-full"
    case .regionHasRoom: "region-has-room"
    case .loadUnknown: "load-unknown"
    }
  }

  package var severity: Severity {
    switch self {
    case .configured, .switchConnected, .switchFound, .placementChosen, .switchProgrammed, .gatewayFound, .agentHeard,
      .agentLeaving, .entryExpired, .takeoverAnnounced, .standbyHeard,
      .switchActivated(_, instead: nil, in: _, .preferred),
      .switchActivated(_, instead: nil, in: _, .found):
      .info
    case .switchHeard, .pathReturned, .serviceReturned, .steered, .connectionsCut, .failbackRequested, .drainBegun,
      .drained, .drainEnded, .regionHasRoom(_, isKnown: true), .massFailureOver,
      .leads, .follows, .switchTrusted:
      .notice
    case .portChanged(_, _, let isUp): isUp ? .notice : .warning
    case .unknownSwitchConnected, .switchDisconnected, .switchMute, .agentSilent, .pathLost, .serviceLost,
      .pathDamped, .serviceDamped, .switchLedByOther, .agentTookOver, .standbyMissing, .switchActivated, .yields,
      .entryRefused, .entriesHeldBack,
      .resolutionByController, .switchDriven, .drainExpired, .connectionsBreak, .loadUnknown, .regionFull,
      .regionHasRoom:
      .warning
    case .configurationRejected, .switchRefused, .switchDoubted, .placementUnavailable, .portMissing, .allRegionsOut,
      .massFailure, .activeAgentSilent, .agentsSplit:
      .alarm
    }
  }
}
