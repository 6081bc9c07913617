// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel

/// Switches and ports that come and go.
extension ForwardingState {
  mutating func connected(
    _ id: DatapathID, _ ports: [PortDescription], table: UInt8, at now: Instant
  ) {
    self.disconnected(id)
    let slot = self.slot(for: id, table: table)
    if self.switches[slot].table != table {
      self.outbox.add(
        ForwardingFlows.forget(
          ForwardingCookie.base, mask: ForwardingCookie.mask, table: self.switches[slot].table),
        to: slot)
      self.switches[slot].table = table
    }
    self.switches[slot].isConnected = true
    self.connectedCount += 1
    // Rounds of many switches shall not come together.
    let interval = UInt64(self.settings.probeInterval.nanoseconds)
    self.switches[slot].nextRound =
      now + self.settings.probeInterval / 2 + .nanoseconds(Int64(self.random.next(below: interval / 2 + 1)))
    self.switches[slot].inheritanceEnds = now + self.settings.inheritanceTime
    self.outbox.add(ForwardingFlows.base(table: table), to: slot)

    // Hosts stay behind ports that are still there.
    let old = self.switches[slot].ports
    self.switches[slot].ports = []
    for description in ports.sorted(by: { $0.number < $1.number }).prefix(ForwardingSettings.ports)
    where description.isForwarded && self.switches[slot].ports.last?.number != description.number {
      var port = ForwardingPort(description, role: .down)
      port.hosts = old.first { $0.number == description.number }?.hosts ?? 0
      self.switches[slot].ports.append(port)
    }
    for gone in old where gone.hosts > 0 && self.switches[slot].index(of: gone.number) == nil {
      self.restore(gone, slot)
    }
    for description in ports {
      guard let index = self.switches[slot].index(of: description.number) else { continue }
      if description.isUsable { self.cameUp(slot, index, at: now) } else { self.wentDown(slot, index) }
    }
    self.renewDeadline()
  }

  /// A port that went while the switch was away: it is put back to be taken down like others.
  private mutating func restore(_ gone: ForwardingPort, _ slot: Int) {
    let place = self.switches[slot].ports.firstIndex { gone.number < $0.number } ?? self.switches[slot].ports.endIndex
    self.switches[slot].ports.insert(gone, at: place)
    self.wentDown(slot, place)
    self.switches[slot].ports.remove(at: place)
  }

  /// Other switches' ports still count as links for a while, because the switch may be there and forward.
  mutating func disconnected(_ id: DatapathID) {
    guard let slot = self.slots[id], self.switches[slot].isConnected else { return }
    self.switches[slot].isConnected = false
    self.connectedCount -= 1
    for index in self.switches[slot].ports.indices {
      if !self.switches[slot].ports[index].neighbours.isEmpty { self.needsTopology = true }
      self.switches[slot].ports[index].neighbours = []
      self.switches[slot].ports[index].listensUntil = nil
    }
    self.switches[slot].nextBurst = nil
    self.switches[slot].nextSilence = nil
    self.switches[slot].inheritanceEnds = nil
    self.renewDeadline()
  }

  mutating func released(_ id: DatapathID) {
    guard let slot = self.slots[id] else { return }
    for index in self.switches[slot].ports.indices where self.switches[slot].ports[index].role != .down {
      self.wentDown(slot, index)
    }
    if self.switches[slot].isConnected {
      self.outbox.add(
        ForwardingFlows.forget(
          ForwardingCookie.base, mask: ForwardingCookie.mask, table: self.switches[slot].table),
        to: slot)
    }
    self.disconnected(id)
  }

  mutating func portChanged(_ id: DatapathID, _ status: PortStatus, at now: Instant) {
    guard let slot = self.slots[id], self.switches[slot].isConnected, status.port.isForwarded else { return }
    let isUp = status.reason != .delete && status.port.isUsable
    guard let index = self.switches[slot].index(of: status.port.number) else {
      guard status.reason != .delete, self.switches[slot].ports.count < ForwardingSettings.ports else { return }
      let ports = self.switches[slot].ports
      let place = ports.firstIndex { status.port.number < $0.number } ?? ports.endIndex
      self.switches[slot].ports.insert(ForwardingPort(status.port, role: .down), at: place)
      self.needsTopology = true
      if isUp { self.cameUp(slot, place, at: now) }
      return
    }
    self.switches[slot].ports[index].hardwareAddress = status.port.hardwareAddress
    let wasUp = self.switches[slot].ports[index].role != .down
    if wasUp, !isUp { self.wentDown(slot, index) }
    if !wasUp, isUp { self.cameUp(slot, index, at: now) }
    if status.reason == .delete {
      self.switches[slot].ports.remove(at: index)
      self.needsTopology = true
    }
  }

  /// From here on the port is used, as an edge at once or after listening. Its first probe leaves with this step.
  mutating func cameUp(_ slot: Int, _ index: Int, at now: Instant) {
    self.switches[slot].ports[index].hasSaidForged = false
    guard self.switches[slot].ports[index].number != .local else {
      self.switches[slot].ports[index].role = .edge
      return
    }
    self.listen(slot, index, at: now)
    self.probe(slot, index, at: now)
  }

  /// Looks for links behind a port that is not known to be an edge.
  mutating func listen(_ slot: Int, _ index: Int, at now: Instant) {
    let isAlone = self.connectedCount < 2
    self.switches[slot].ports[index].role = isAlone ? .edge : .listening
    self.switches[slot].ports[index].listensUntil = isAlone ? nil : now + self.settings.listening
    self.switches[slot].ports[index].probesLeft = ForwardingSettings.burst - 1
    if self.switches[slot].nextBurst == nil {
      self.switches[slot].nextBurst = now + self.settings.burstInterval
      self.renewDeadline()
    }
  }

  mutating func wentDown(_ slot: Int, _ index: Int) {
    let address = self.switches[slot].address(index)
    if !self.switches[slot].ports[index].neighbours.isEmpty {
      self.switches[slot].ports[index].neighbours = []
      self.needsTopology = true
    }
    self.switches[slot].ports[index].role = .down
    self.switches[slot].ports[index].listensUntil = nil
    self.switches[slot].ports[index].probesLeft = 0
    self.switches[slot].ports[index].lastProbe = nil
    for other in self.switches.indices {
      for index in self.switches[other].ports.indices
      where self.switches[other].ports[index].neighbours.contains(where: { $0.address == address }) {
        self.switches[other].ports[index].neighbours.removeAll { $0.address == address }
        self.needsTopology = true
      }
    }
    self.forgetHosts(at: slot, index)
  }

  private mutating func slot(for id: DatapathID, table: UInt8) -> Int {
    if let slot = self.slots[id] { return slot }
    let fresh = ForwardingSwitch(id, table: table)
    let slot: Int
    if let reused = self.freeSlots.popLast() {
      slot = reused
      self.switches[slot] = fresh
    } else {
      slot = self.switches.count
      self.switches.append(fresh)
      self.topology.addSwitch()
    }
    self.slots[id] = slot
    return slot
  }

  /// Switches that are away and have no hosts any more need not be remembered.
  mutating func freeUnusedSlots() {
    for slot in self.switches.indices {
      let datapath = self.switches[slot].datapath
      guard !self.switches[slot].isConnected, self.slots[datapath] == slot,
        self.switches[slot].ports.allSatisfy({ $0.hosts == 0 })
      else { continue }
      self.slots[datapath] = nil
      self.switches[slot].ports = []
      if slot < self.routes.count { self.routes[slot] = nil }
      for destination in self.routes.indices { self.routes[destination]?.forget(slot) }
      self.freeSlots.append(slot)
    }
  }
}
