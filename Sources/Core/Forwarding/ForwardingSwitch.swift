// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel

/// What a port may be used for.
///
///                 up                 nobody is heard              an own probe is heard
///     down ─────────────▶ listening ─────────────────▶ edge ─────────────────────────────▶ tree, transit or blocked
///
/// On the only switch that is connected a port is an edge at once: see `ForwardingState`.
enum PortRole: Sendable, Hashable {
  /// Nothing can leave by it.
  case down
  /// It is not known yet whether it leads to another switch.
  case listening
  /// Hosts are behind it, and nothing of ours.
  case edge
  /// It leads to another switch and is on the spanning tree.
  case tree
  /// It leads to another switch beside the tree: only for packets whose way is known.
  case transit
  /// What is behind it is reached by another port.
  case blocked

  /// Packets to everybody, and to hosts that are not known, go in and out.
  var floods: Bool { self == .edge || self == .tree }
  /// Packets to known hosts come in.
  var admits: Bool { self != .blocked && self != .down }
}

/// Another port whose probes a port hears.
struct Neighbour: Sendable, Equatable {
  var address: PortAddress
  var lastHeard: Instant
  /// By frames that no bridge forwards: it is the other end of the wire.
  var isDirect: Bool
}

struct ForwardingPort: Sendable {
  let number: PortNumber
  var hardwareAddress: MACAddress
  var role: PortRole
  /// Sorted by address.
  var neighbours: [Neighbour] = []
  var listensUntil: Instant?
  var probesLeft = 0
  var lastProbe: Instant?
  var hosts = 0
  var hasSaidFull = false
  var hasSaidForged = false
  /// Out of this port; made once, because each learnt flow has them.
  let output: [Action]
  let instructions: [Instruction]

  init(_ description: PortDescription, role: PortRole) {
    self.number = description.number
    self.hardwareAddress = description.hardwareAddress
    self.role = role
    self.output = [.output(description.number)]
    self.instructions = [.applyActions(self.output)]
  }

  /// Links are looked for behind every port but the switch's own network stack.
  var isProbed: Bool { self.number != .local && self.role != .down }
}

/// Everything that is known of one switch. It is remembered while it is away, with the hosts behind it.
struct ForwardingSwitch: Sendable {
  let datapath: DatapathID
  var table: UInt8
  var isConnected = false
  /// In the order of their numbers.
  var ports: [ForwardingPort] = []
  /// When all ports are probed again.
  var nextRound = Instant(nanoseconds: .max)
  /// When new ports are probed again, or have listened long enough.
  var nextBurst: Instant?
  /// Not later than the first neighbour that may have fallen silent.
  var nextSilence: Instant?
  /// When flows of a controller before are dropped.
  var inheritanceEnds: Instant?

  init(_ datapath: DatapathID, table: UInt8) {
    self.datapath = datapath
    self.table = table
  }

  func index(of number: PortNumber) -> Int? {
    var low = 0
    var high = self.ports.count
    while low < high {
      let middle = (low + high) / 2
      if self.ports[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < self.ports.count && self.ports[low].number == number ? low : nil
  }

  func address(_ index: Int) -> PortAddress { PortAddress(self.datapath, self.ports[index].number) }

  var nextDeadline: Instant {
    var next = self.nextRound
    if let nextBurst { next = min(next, nextBurst) }
    if let nextSilence { next = min(next, nextSilence) }
    if let inheritanceEnds { next = min(next, inheritanceEnds) }
    return next
  }
}

extension PortDescription {
  /// A port by which packets may come and go: not one that an administrator or the switch's own spanning tree has
  /// taken out.
  var isUsable: Bool {
    self.isUp && self.configuration.isDisjoint(with: [.noReceive, .noForward, .noPacketIn])
      && !self.state.contains(.blocked)
  }

  /// A port to forward by: a real one, or the switch's own network stack.
  var isForwarded: Bool { self.number.isPhysicalOrLogical || self.number == .local }
}
