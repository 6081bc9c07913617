// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import FailureDetection
import ServiceModel

extension Decision {
  /// One sentence for people, without the names that `attributes` carries apart.
  package var message: String {
    switch self {
    case .configured(let services, let regions, let switches):
      "configured: \(services) services, \(regions) regions, \(switches) switches"
    case .configurationRejected(let why): "configuration rejected, the running one stays: \(why)"
    case .switchConnected(let name, let version, let ports): "switch \(name) connected with \(version), \(ports) ports"
    case .unknownSwitchConnected(let id): "a switch that is not configured connected: datapath \(id)"
    case .leads(let epoch): "this controller leads now, in epoch \(epoch)"
    case .follows(let epoch):
      "this controller follows" + (epoch.map { " the leader of epoch \($0)" } ?? ": nobody leads yet")
    case .yields(let duration):
      "this controller leads and has seen no switch for \(text(duration)): it lets another lead, who may see them"
    case .switchLedByOther(let name):
      "switch \(name) has a later leader than this controller, which does not write to it any more"
    case .switchDisconnected(let name, let reason):
      "switch \(name) disconnected (\(reason)); its tables stay as they are"
    case .switchActivated(let name, let before, let group, let reason):
      before.map { "switch \(name) takes over from \($0) in \(group): \(reason.text)" }
        ?? "switch \(name) forwards for \(group): \(reason.text)"
    case .switchDoubted(let name, let group, let doubt):
      "switch \(name) stays the active one of \(group): \(doubt.text)"
    case .switchTrusted(let name, _): "switch \(name) is heard again, and answers the others"
    case .takeoverAnnounced(let name, let count): "switch \(name) has announced \(count) addresses"
    case .switchFound(let name, let flows, let groups):
      "switch \(name) holds \(flows) flows and \(groups) groups of ours"
    case .switchProgrammed(let name, 0, _): "switch \(name) holds the program; nothing to change"
    case .switchProgrammed(let name, let changes, let took):
      "switch \(name) confirmed \(changes) changes after \(text(took))"
    case .entryRefused(let name, let entry, let error):
      "switch \(name) refuses entry '\(entry)', which is kept: \(error)"
    case .entryExpired(let name, let entry): "the time of entry '\(entry)' is over on switch \(name): it is gone"
    case .entriesHeldBack(let count, let first, let why):
      "\(count) entries are kept off their switches since services were configured; first '\(first)': \(why)"
    case .switchRefused(let name, let error): "switch \(name) refused a message: \(error)"
    case .switchMute(let name): "switch \(name) is connected but not heard: nothing is judged by it until it is"
    case .switchHeard(let name, let silence): "switch \(name) is heard again after \(text(silence))"
    case .placementChosen(let name, .hash, hasGroups: false):
      "switch \(name) has no select groups: placement hash by rules for clients' addresses"
    case .placementChosen(let name, let placement, _): "switch \(name) has placement \(placement.rawValue)"
    case .placementUnavailable(let name, let placement, let offers):
      "switch \(name) cannot do placement \(placement.rawValue), nothing was sent to it; it can do "
        + offers.map(\.rawValue).joined(separator: ", ")
    case .resolutionByController(let name):
      "switch \(name) cannot answer ARP and neighbour discovery by itself: the controller does; while it is away, who "
        + "does not know a virtual IP's MAC address does not reach it"
    case .switchDriven(let name, let controller, let url):
      "switch \(name) is driven through \(controller) at \(url): without conntrack, groups, probes of its paths and the "
        + "first packets of connections; a controller of ours that does not lead is not kept from it by the switch"
    case .portMissing(let name, let region, let port, let available):
      "switch \(name) has no port \(port) for region \(region); it has \(available.joined(separator: ", "))"
    case .portChanged(let name, let region, let isUp):
      "port of region \(region) on switch \(name) went \(isUp ? "up" : "down")"
    case .gatewayFound(let name, let region, let mac): "gateway of region \(region) is \(mac) on switch \(name)"
    case .pathLost(let name, let region, let why): "switch \(name) lost region \(region): \(why)"
    case .pathReturned(let name, let region): "switch \(name) reaches region \(region) again"
    case .pathDamped(let name, let region, let duration):
      "switch \(name) lost region \(region) again and again: it stays out for \(text(duration)) at least"
    case .serviceDamped(let service, let region, let duration):
      "service \(service) fails again and again in region \(region): it stays out for \(text(duration)) at least"
    case .serviceLost(let service, let region, let why): "service \(service) is down in region \(region): \(why)"
    case .serviceReturned(let service, let region): "service \(service) serves again in region \(region)"
    case .massFailure(let services, let total, let regions):
      "\(services) of \(total) services fail at once, in \(regions.map(\.text).joined(separator: ", ")): that is hard to "
        + "believe, and what fails from now on is held where it is"
    case .massFailureOver(let held): "the mass failure is over; \(held) pools that were held are steered as they are"
    case .agentHeard(let region): "agent of region \(region) is heard"
    case .agentLeaving(let region): "agent of region \(region) announced a restart"
    case .agentSilent(let region, let silence):
      "no heartbeat from region \(region) for \(text(silence)): nobody checks its members"
    case .activeAgentSilent(let region, let silence, let standby):
      "no heartbeat from the gateway of region \(region) for \(text(silence)), and standby \(standby) does not hold its "
        + "address: nobody who counts checks its members"
    case .agentTookOver(let region, let name, let before):
      "gateway \(text(name)) of region \(region) holds the address now, instead of \(text(before))"
    case .standbyMissing(let region): "region \(region) has no standby: nobody would take its gateway's address over"
    case .standbyHeard(let region, let name): "region \(region) has a standby: \(text(name))"
    case .agentsSplit(let region, let names, let counting):
      "\(names.map(\.text).joined(separator: " and ")) both hold the gateway's address of region \(region); reports of "
        + "\(text(counting)) count"
    case .steered(let name, let service, let from, let to):
      "service \(service) on switch \(name): \(from.text) → \(to.text)"
    case .connectionsBreak(let loss): "service \(loss.service) on switch \(loss.switch): \(loss.text)"
    case .allRegionsOut(let name, let service, let holding):
      "all regions of service \(service) are out on switch \(name); "
        + (holding.isEmpty ? "nobody serves" : "holding \(holding.text)")
    case .connectionsCut(let name, let region): "switch \(name) forgot the connections to region \(region)"
    case .failbackRequested(let service): "failback of service \(service) was asked for"
    case .drainBegun(let region, let deadline, let connections):
      "region \(region) is drained: no new connections"
        + (connections.map { ", \($0) are open" } ?? "")
        + (deadline.map { "; what is open after \(text($0)) is cut" } ?? "")
    case .drained(let region, let duration):
      "region \(region) is drained: no connection is left after \(text(duration))"
    case .drainExpired(let region, let connections):
      "the drain of region \(region) has taken too long: "
        + (connections.map { "\($0) connections are cut" } ?? "what is open is cut")
    case .loadUnknown(let service, let region):
      "service \(service) follows the load, and that of region \(region) is not known: its shares stay as they are"
    case .regionFull(let region, let capacity, let amount):
      "region \(region) is full: \(capacity.measure.text(amount)) of \(capacity.measure.text(capacity.limit)); "
        + capacity.whenFull.consequence
    case .regionHasRoom(let region, isKnown: true): "region \(region) has room again"
    case .regionHasRoom(let region, isKnown: false):
      "region \(region) was full, and its agent does not tell its load any more: it gets new connections again"
    case .drainEnded(let region): "region \(region) gets new connections again"
    }
  }

  /// Names and values, for filters. In a fixed order.
  package var attributes: [(key: String, value: String)] {
    switch self {
    case .configured, .configurationRejected, .massFailureOver, .entriesHeldBack: []
    case .massFailure(_, _, let regions): [("regions", regions.map(\.text).joined(separator: ","))]
    case .switchConnected(let name, _, _), .switchDisconnected(let name, _), .switchFound(let name, _, _),
      .switchProgrammed(let name, _, _), .switchRefused(let name, _), .switchMute(let name),
      .entryRefused(let name, _, _), .entryExpired(let name, _),
      .switchHeard(let name, _), .placementChosen(let name, _, _), .placementUnavailable(let name, _, _),
      .resolutionByController(let name), .switchDriven(let name, _, _), .switchLedByOther(let name),
      .takeoverAnnounced(let name, _):
      [("switch", name.text)]
    case .switchActivated(let name, let before, let group, let reason):
      [("switch", name.text), ("group", group.text), ("reason", reason.word)]
        + (before.map { [("instead", $0.text)] } ?? [])
    case .switchDoubted(let name, let group, let doubt):
      [("switch", name.text), ("group", group.text), ("reason", doubt.word)]
    case .switchTrusted(let name, let group): [("switch", name.text), ("group", group.text)]
    case .leads(let epoch): [("epoch", "\(epoch)")]
    case .follows(let epoch): epoch.map { [("epoch", "\($0)")] } ?? []
    case .yields(let duration): [("after-ms", "\(duration.nanoseconds / 1_000_000)")]
    case .unknownSwitchConnected(let id): [("datapath", id.description)]
    case .portMissing(let name, let region, _, _), .portChanged(let name, let region, _),
      .gatewayFound(let name, let region, _), .pathLost(let name, let region, _), .pathReturned(let name, let region),
      .pathDamped(let name, let region, _), .connectionsCut(let name, let region):
      [("switch", name.text), ("region", region.text)]
    case .serviceLost(let service, let region, _), .serviceReturned(let service, let region),
      .serviceDamped(let service, let region, _), .loadUnknown(let service, let region):
      [("service", service.text), ("region", region.text)]
    case .agentTookOver(let region, let name, let before):
      [("region", region.text), ("instance", text(name)), ("instead", text(before))]
    case .standbyHeard(let region, let name): [("region", region.text), ("instance", text(name))]
    case .activeAgentSilent(let region, _, let standby): [("region", region.text), ("standby", standby.text)]
    case .agentsSplit(let region, let names, _):
      [("region", region.text), ("instances", names.map(\.text).joined(separator: ","))]
    case .agentHeard(let region), .agentLeaving(let region), .agentSilent(let region, _), .standbyMissing(let region),
      .drainBegun(let region, _, _), .drained(let region, _), .drainExpired(let region, _), .drainEnded(let region),
      .regionFull(let region, _, _), .regionHasRoom(let region, _):
      [("region", region.text)]
    case .steered(let name, let service, let from, let to):
      [("switch", name.text), ("service", service.text), ("from", from.names), ("to", to.names)]
    case .connectionsBreak(let loss):
      [
        ("switch", loss.switch.text), ("service", loss.service.text), ("moved", "\(loss.moved)"),
        ("slots", "\(loss.slots)"),
      ] + (loss.connections.map { [("connections", "\($0)")] } ?? [])
    case .allRegionsOut(let name, let service, let holding):
      [("switch", name.text), ("service", service.text), ("holding", holding.names)]
    case .failbackRequested(let service): [("service", service.text)]
    }
  }
}

extension ActiveSwitch.Reason {
  /// For machines; never changes its meaning.
  package var word: String {
    switch self {
    case .preferred: "preferred"
    case .found: "found"
    case .emptied: "emptied"
    case .silent: "silent"
    case .outage(.uplinksDown): "uplinks-down"
    case .outage(.gatewayPortsDown): "gateway-ports-down"
    case .outage(.noRegionAnswers): "no-region-answers"
    }
  }

  package var text: String {
    switch self {
    case .preferred: "no switch held anything, and it is the first that is there"
    case .found: "it did when the controller found it"
    case .emptied: "the one before holds nothing any more"
    case .silent(let silence):
      "the other one has answered neither the controller nor this switch for \(duration(silence))"
    case .outage(.uplinksDown): "the uplinks of the one before are down"
    case .outage(.gatewayPortsDown): "the ports to all gateways of the one before are down"
    case .outage(.noRegionAnswers): "the one before reaches no region"
    }
  }
}

extension ActiveSwitch.Doubt {
  /// For machines; never changes its meaning.
  package var word: String {
    switch self {
    case .answers: "answers"
    case .nobodyElse: "nobody-else"
    case .neverHeard: "never-heard"
    }
  }

  package var text: String {
    switch self {
    case .answers: "the controller does not hear it, but it answers the others"
    case .nobodyElse: "the controller does not hear it, and no other switch is there that could ask it or take over"
    case .neverHeard: "it does not answer the others, though the controller hears it: its death could not be told"
    }
  }
}

private func text(_ name: InstanceName?) -> String { name?.text ?? "(unnamed)" }

private func duration(_ duration: Duration) -> String { text(duration) }

/// `2.5 s`, `318 ms`, `0.4 ms`
private func text(_ duration: Duration) -> String {
  let microseconds = duration.nanoseconds / 1000
  switch microseconds {
  case 1_000_000...: return "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
  case 10_000...: return "\(microseconds / 1000) ms"
  default: return "\(microseconds / 1000).\(microseconds / 100 % 10) ms"
  }
}

extension Capacity.Measure {
  package func text(_ amount: Int) -> String {
    switch self {
    case .connections: "\(amount) connections"
    case .packets: "\(amount) packets/s"
    case .bits: "\(amount) kbit/s"
    }
  }
}

extension Capacity.Excess {
  package var consequence: String {
    switch self {
    case .spill: "new connections go elsewhere while others have room"
    case .shed: "new connections go elsewhere, or are dropped if nobody has room"
    case .failOpen: "it gets new connections all the same"
    }
  }
}
