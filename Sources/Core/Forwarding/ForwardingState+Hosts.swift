// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel

/// Where hosts are.
extension ForwardingState {
  /// A packet of a host came in by an edge.
  mutating func learn(
    _ address: HostAddress, _ slot: Int, _ index: Int, at now: Instant, _ effects: inout [ForwardingEffect]
  ) {
    let port = self.switches[slot].address(index)
    guard let place = self.hosts.place(of: address) else {
      return self.insert(address, slot, index, at: now, &effects)
    }
    self.hosts[place].lastUsed = now
    let host = self.hosts[place]
    guard host.slot != slot || host.port != port.port else { return }
    // Two with one address, or a loop that probes have missed: look for it, and do not follow each packet.
    self.probeSoon(host.slot, self.switches[host.slot].index(of: host.port), at: now)
    self.probeSoon(slot, index, at: now)
    if let moved = host.movedAt, now - moved < ForwardingSettings.moveHold { return }
    self.leave(host)
    self.forgetEverywhere { ForwardingFlows.forget(address, table: $0) }
    guard self.hasRoom(at: slot, index, &effects) else { return self.hosts.remove(at: place) }
    self.switches[slot].ports[index].hosts += 1
    self.hosts[place].slot = slot
    self.hosts[place].port = port.port
    self.hosts[place].movedAt = now
    effects.append(
      .record(.hostMoved(address, from: PortAddress(self.switches[host.slot].datapath, host.port), to: port)))
  }

  private mutating func insert(
    _ address: HostAddress, _ slot: Int, _ index: Int, at now: Instant, _ effects: inout [ForwardingEffect]
  ) {
    guard !self.ownAddresses.contains(address.mac), self.hasRoom(at: slot, index, &effects) else { return }
    guard self.hosts.count < self.settings.hosts else {
      if !self.hasSaidFull { effects.append(.record(.hostsFull(limit: self.settings.hosts))) }
      self.hasSaidFull = true
      return
    }
    let port = self.switches[slot].address(index)
    self.switches[slot].ports[index].hosts += 1
    self.hosts.insert(Host(address: address, slot: slot, port: port.port, lastUsed: now))
    if self.nextHostSweep.nanoseconds == .max {
      self.nextHostSweep = now + ForwardingSettings.hostSweepInterval
      self.renewDeadline()
    }
    effects.append(.record(.hostSeen(address, at: port)))
  }

  private mutating func hasRoom(at slot: Int, _ index: Int, _ effects: inout [ForwardingEffect]) -> Bool {
    guard self.switches[slot].ports[index].hosts >= self.settings.hostsPerPort else { return true }
    if !self.switches[slot].ports[index].hasSaidFull {
      self.switches[slot].ports[index].hasSaidFull = true
      effects.append(.record(.portFull(self.switches[slot].address(index), limit: self.settings.hostsPerPort)))
    }
    return false
  }

  /// One host fewer behind its port.
  private mutating func leave(_ host: Host) {
    guard let index = self.switches[host.slot].index(of: host.port) else { return }
    self.switches[host.slot].ports[index].hosts -= 1
  }

  /// A port is no edge any more: who was behind it is not known there, and no flow leads there or comes from there.
  mutating func forgetHosts(at slot: Int, _ index: Int) {
    let port = self.switches[slot].address(index)
    let table = self.switches[slot].table
    let destination = ForwardingCookie.learnt(to: port)
    if self.switches[slot].ports[index].hosts > 0 {
      for place in self.hosts.places(where: { $0.slot == slot && $0.port == port.port }) {
        self.hosts.remove(at: place)
      }
      self.switches[slot].ports[index].hosts = 0
      self.forgetEverywhere { [ForwardingFlows.forget(destination, mask: ForwardingCookie.portMask, table: $0)] }
    } else if self.switches[slot].isConnected {
      // From before a restart, perhaps.
      self.outbox.add(
        ForwardingFlows.forget(destination, mask: ForwardingCookie.portMask, table: table), to: slot)
    }
    guard self.switches[slot].isConnected else { return }
    self.outbox.add(ForwardingFlows.forget(from: port.port, table: table), to: slot)
  }

  /// Hosts of which nothing was heard for longer than flows live: no flow that knows them is left.
  mutating func sweepHosts(at now: Instant) {
    let timeout = self.settings.hostTimeout
    for place in self.hosts.places(where: { now - $0.lastUsed >= timeout }) {
      self.leave(self.hosts[place])
      self.hosts.remove(at: place)
    }
    self.hasSaidFull = self.hasSaidFull && self.hosts.count >= self.settings.hosts
    self.freeUnusedSlots()
    self.nextHostSweep =
      self.hosts.count == 0 ? Instant(nanoseconds: .max) : now + ForwardingSettings.hostSweepInterval
  }

  /// Addresses that switches have of their own; none of them is a host.
  mutating func reserve(_ addresses: Set<MACAddress>) {
    self.ownAddresses = addresses
    for place in self.hosts.places(where: { addresses.contains($0.address.mac) }) {
      let host = self.hosts[place]
      self.leave(host)
      self.hosts.remove(at: place)
      self.forgetEverywhere { ForwardingFlows.forget(host.address, table: $0) }
    }
  }
}
