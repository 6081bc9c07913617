// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel

/// What follows when a link came or went.
extension ForwardingState {
  mutating func updateTopology(at now: Instant, _ effects: inout [ForwardingEffect]) {
    self.needsTopology = false
    let old = self.topology
    self.topology = Topology(self.switches, slots: self.slots)
    self.report(from: old, &effects)
    for slot in self.switches.indices where self.switches[slot].isConnected { self.assignRoles(slot, at: now) }
    for destination in self.routes.indices where self.routes[destination] != nil { self.reroute(to: destination) }
    self.renewDeadline()
  }

  /// The ways to a switch, which are kept from the first time that they are asked for.
  mutating func routes(to slot: Int) -> Routes {
    while self.routes.count <= slot { self.routes.append(nil) }
    if let known = self.routes[slot] { return known }
    var routes = Routes()
    _ = routes.update(to: slot, self.topology.links)
    self.routes[slot] = routes
    return routes
  }

  private mutating func reroute(to destination: Int) {
    guard var routes = self.routes[destination] else { return }
    let changed = routes.update(to: destination, self.topology.links)
    self.routes[destination] = routes
    let cookie = ForwardingCookie.learnt(toSwitch: self.switches[destination].datapath)
    for slot in changed where self.switches[slot].isConnected {
      self.outbox.add(
        ForwardingFlows.forget(cookie, mask: ForwardingCookie.switchMask, table: self.switches[slot].table), to: slot)
    }
  }

  private mutating func assignRoles(_ slot: Int, at now: Instant) {
    for index in self.switches[slot].ports.indices where self.switches[slot].ports[index].role != .down {
      let before = self.switches[slot].ports[index].role
      if let role = self.topology.roles[slot][index] {
        guard role != before else { continue }
        self.switches[slot].ports[index].role = role
        self.switches[slot].ports[index].listensUntil = nil
        // Behind a port that listens again there may be hosts from before.
        if role != .edge, before == .edge || self.switches[slot].ports[index].hosts > 0 {
          self.forgetHosts(at: slot, index)
        } else if role == .blocked {
          // Packets that are overheard there must not follow flows from when the port was used.
          let number = self.switches[slot].ports[index].number
          self.outbox.add(ForwardingFlows.forget(from: number, table: self.switches[slot].table), to: slot)
        }
      } else if before != .edge, before != .listening {
        // Nobody is heard any more. Somebody may have plugged the wire in elsewhere: listen anew.
        self.listen(slot, index, at: now)
        self.probeSoon(slot, index, at: now)
      }
    }
  }

  private func report(from old: Topology, _ effects: inout [ForwardingEffect]) {
    for pair in old.pairs where !self.topology.pairs.contains(sorted: pair) {
      effects.append(.record(.linkLost(pair.first, pair.second, because: self.loss(of: pair))))
    }
    for pair in self.topology.pairs where !old.pairs.contains(sorted: pair) {
      effects.append(.record(.linkFound(pair.first, pair.second)))
    }
    for pair in self.topology.loops where !old.loops.contains(sorted: pair) {
      effects.append(.record(.loopFound(pair.first, pair.second)))
    }
  }

  private func loss(of pair: PortPair) -> ForwardingDecision.LinkLoss {
    for end in [pair.first, pair.second] {
      guard let slot = self.slots[end.datapath], self.switches[slot].isConnected else { return .switchGone }
      guard let index = self.switches[slot].index(of: end.port), self.switches[slot].ports[index].role != .down else {
        return .portDown
      }
    }
    return .silence
  }
}

extension [PortPair] {
  /// - Precondition: sorted.
  fileprivate func contains(sorted pair: PortPair) -> Bool {
    var low = 0
    var high = self.count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < pair { low = middle + 1 } else { high = middle }
    }
    return low < self.count && self[low] == pair
  }
}
