// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The failure detector's numbers, for all regions alike.
package struct Detection: Sendable, Equatable {
  /// How a service's members are judged.
  package enum Mode: String, Sendable, CaseIterable, Codable {
    /// Out as soon as the agent says that no member passes its checks (`fall` failures).
    case immediate
    /// The thesis's way: a heartbeat that says "down" counts as a miss; out after n of them.
    case heartbeat
  }

  /// How a switch probes the gateways.
  package enum ProbeMethod: String, Sendable, CaseIterable, Codable {
    /// ICMP echo: tests the way to the gateway's IP stack.
    case icmp
    /// ARP: tests the way to the gateway's link layer only; for gateways that must not answer ICMP.
    case arp
    /// None: regions are judged by heartbeats alone. Gateways need a configured MAC.
    case none
  }

  /// T_h, between two heartbeats of an agent and between two probes of a path. 10 ms … 60 s
  package var heartbeatInterval: Duration
  /// n, heartbeats or probes missed in a row that take a region out. 1…100
  package var misses: Int
  /// Probes answered in a row before a region returns. 1…100
  package var rise: Int
  /// How long a region must have been well before it returns. 0 … 1 h
  package var hold: Duration
  package var probe: ProbeMethod
  /// The half-life of what is held against a path or a service's members that fail again and again; nil: nothing is.
  /// 1 s … 1 h
  package var damping: Duration?
  /// What is too much to be true; nil: nothing is.
  package var massFailure: MassFailureLimit?

  package init(
    heartbeatInterval: Duration = .milliseconds(500), misses: Int = 5, rise: Int = 3, hold: Duration = .seconds(10),
    probe: ProbeMethod = .icmp, damping: Duration? = .seconds(60), massFailure: MassFailureLimit? = MassFailureLimit()
  ) {
    self.heartbeatInterval = heartbeatInterval
    self.misses = misses
    self.rise = rise
    self.hold = hold
    self.probe = probe
    self.damping = damping
    self.massFailure = massFailure
  }

  /// T_h·n: the longest silence before a region is out.
  package var bound: Duration { self.heartbeatInterval * self.misses }

  /// How often agents tell each other that they live; nil: with every heartbeat. Where paths are not probed, a peer's word
  /// may be all that keeps a region in, and must be as fresh as a heartbeat. Elsewhere nothing is decided by it.
  package var peerInterval: Duration? { self.probe == .none ? nil : .seconds(1) }
}
