// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The numbers of forwarding, for all switches alike.
package struct ForwardingSettings: Sendable, Equatable {
  /// Between two link probes of a port. 1 s … 60 s. A link is lost after three of them and a half without one.
  package var probeInterval: Duration
  /// Between the three probes that a port sends when it comes up. 10 ms … 1 s
  ///
  /// Three times this is how long a new port only listens. It must be longer than the way of a probe: controller,
  /// switch, wire, other switch, controller.
  package var burstInterval: Duration
  /// Seconds without a packet after which a learnt flow goes. 1 … 65535
  package var idleTimeout: UInt16
  /// Seconds after which a learnt flow goes even if it is used: it bounds how long anything that is wrong in a switch
  /// can stay wrong, and lets a host that talks be heard now and then. `idleTimeout` … 65535
  package var hardTimeout: UInt16
  /// Hosts that are remembered; to those beyond packets are flooded.
  package var hosts: Int
  /// Hosts that are remembered behind one port, so that one port cannot have all the room.
  package var hostsPerPort: Int

  package init(
    probeInterval: Duration = .seconds(5), burstInterval: Duration = .milliseconds(100), idleTimeout: UInt16 = 60,
    hardTimeout: UInt16 = 600, hosts: Int = 131_072, hostsPerPort: Int = 16_384
  ) {
    self.probeInterval = probeInterval
    self.burstInterval = burstInterval
    self.idleTimeout = idleTimeout
    self.hardTimeout = max(hardTimeout, idleTimeout)
    self.hosts = hosts
    self.hostsPerPort = hostsPerPort
  }

  /// Probes that a port sends when it comes up.
  static let burst = 3
  /// Silence after which a link is lost: three probes are missed, and the fourth is late.
  var linkTimeout: Duration { self.probeInterval * 7 / 2 }
  /// How long a new port neither floods nor learns.
  var listening: Duration { self.burstInterval * Self.burst }
  /// Silence after which a host is forgotten: longer than any flow lives that was written when it was last heard of,
  /// so no flow remains that knows where it was.
  var hostTimeout: Duration { .seconds(Int64(self.hardTimeout) + 60) }
  /// Between two searches for hosts to forget.
  static let hostSweepInterval = Duration.seconds(60)
  /// A host that moved stays for so long, whatever is heard of it elsewhere: two machines with one address, or a loop,
  /// would have the flows rewritten with each packet.
  static let moveHold = Duration.milliseconds(100)
  /// After this, a switch that connected drops flows that were learnt before this controller started: by then links
  /// are found, and what a host says next is understood.
  var inheritanceTime: Duration { max(.seconds(1), self.listening * 2) }
  /// Neighbours of one port that are remembered: more are on one segment only by malice.
  static let neighbours = 64
  /// Ports of one switch that are remembered.
  static let ports = 65_536
}
