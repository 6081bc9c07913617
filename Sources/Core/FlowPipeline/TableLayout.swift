// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow

/// The canonical list of tables, priorities and numbers that Isthmus uses on a switch.
///
///             client's packet              reply of a region
///                   │                             │
///     0 classify  to a virtual IP? ── no ──▶ NORMAL (forwarded as before)
///                   │ conntrack, nat              │ conntrack, nat (from a target)
///     1 steer     new? → service group          2 answer   source is the virtual IP again → NORMAL
///                   │ conntrack commits
///     3 deliver   to the gateway of the region in the connection's mark
///
/// In the other placements nothing is tracked: `steer` sends every packet to a gateway itself, and `classify` gives
/// replies of targets their source again. In `reactive` it has a flow for each connection, and asks the controller about
/// packets of others.
///
/// Clients behind the port of the gateway that serves them take a way round, in both directions:
///
///     4 hairpin   from a source of the switch's own; back from there
///
/// On a switch without NORMAL, what the picture sends there goes to one more table:
///
///     5 forward   where the controller's learning switch (module Forwarding) keeps its flows
package enum TableLayout {
  package enum Table: UInt8, Sendable, CaseIterable {
    case classify = 0
    case steer = 1
    case answer = 2
    case deliver = 3
    case hairpin = 4
    /// Only on switches without NORMAL. Its flows have cookies of another class: they come and go with the packets, and
    /// are not part of the program that is compared with what the switch holds.
    case forward = 5
  }

  /// Bands within `classify`. What is more specific is higher.
  package enum Classify {
    package static let probe: UInt16 = 0x5000
    /// Other switches of the group, and below them the gate that lets nothing else pass.
    package static let peer: UInt16 = 0x4f00
    package static let gate: UInt16 = 0x4e00
    /// Which of several answers: the address is taken, here it is, still here.
    package static let duplicateCheck: UInt16 = 0x4120
    package static let neighbourQuestion: UInt16 = 0x4110
    package static let ownerResolution: UInt16 = 0x4200
    package static let resolution: UInt16 = 0x4100
    package static let claim: UInt16 = 0x4000
    package static let hairpin: UInt16 = 0x3200
    package static let end: UInt16 = 0x3100
    package static let error: UInt16 = 0x3080
    package static let virtualIP: UInt16 = 0x3000
    package static let reply: UInt16 = 0x3000
    /// Between a gateway and the router, where several switches forward.
    package static let between: UInt16 = 0x0100
    package static let forward: UInt16 = 0
  }

  package enum Steer {
    package static let invalid: UInt16 = 0x4000
    package static let beginning: UInt16 = 0x3100
    package static let established: UInt16 = 0x3000
    package static let listener: UInt16 = 0x2000
    package static let owner: UInt16 = 0x1000
  }

  package enum Answer {
    /// Second half of the answer to a neighbour solicitation.
    package static let resolution: UInt16 = 0x4000
    package static let hairpin: UInt16 = 0x3000
    package static let tracked: UInt16 = 0x2000
    package static let untracked: UInt16 = 0x1000
  }

  package enum Deliver {
    package static let echo: UInt16 = 0x3000
    package static let hairpin: UInt16 = 0x2000
    package static let region: UInt16 = 0x1000
  }

  package enum Hairpin {
    package static let reply: UInt16 = 0x2000
    package static let region: UInt16 = 0x1000
  }

  /// Of what is in table `forward`, or in the first table of a switch that has nothing else of ours.
  package enum Forward {
    package static let linkProbe: UInt16 = 0x4000
    package static let linkLocal: UInt16 = 0x3000
    package static let learnt: UInt16 = 0x1000
    package static let miss: UInt16 = 0
  }

  /// Bounds how often the controller is asked.
  package static let meter: MeterNumber = 0x4953

  /// Connections of redirected traffic are tracked in a zone of their own.
  package static let zone: UInt16 = 0x4953
}

/// Groups of ours have numbers `0x4900 0000` to `0x4904 ffff`.
///
///     service ──▶ slots ──▶ (watches) region
///     the first   a share
///     that is     for each
///     live        region
package enum GroupNumbers {
  /// A fast-failover group without buckets: never live.
  package static let unavailable = GroupNumber(0x4902_0000)

  /// Live while the region carries traffic. Watched by every service's bucket for that region.
  package static func region(_ number: UInt32) -> GroupNumber { GroupNumber(0x4900_0000 | number & 0xffff) }

  /// Chooses the region of a new connection: the slots if the service spreads its load, then the regions that have
  /// no share, in order of preference.
  package static func service(targetPort: UInt16) -> GroupNumber { GroupNumber(0x4901_0000 | UInt32(targetPort)) }

  /// Divides a service's new connections among the regions that have a share.
  package static func slots(targetPort: UInt16) -> GroupNumber { GroupNumber(0x4903_0000 | UInt32(targetPort)) }

  /// Chooses the region that answers echo requests to virtual IPs: the first that is live.
  package static let echo = GroupNumber(0x4904_0000)

  package static func isOurs(_ group: GroupNumber) -> Bool {
    (0x4900_0000...0x4904_ffff).contains(group.rawValue)
  }

  /// Groups that others watch, or send packets to, come before those.
  package static func precedes(_ a: GroupNumber, _ b: GroupNumber) -> Bool {
    (Self.rank(a), a.rawValue) < (Self.rank(b), b.rawValue)
  }

  private static func rank(_ group: GroupNumber) -> Int {
    switch group.rawValue >> 16 {
    case 0x4902: 0
    case 0x4900: 1
    case 0x4903: 2
    default: 3
    }
  }
}
