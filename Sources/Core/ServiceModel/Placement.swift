// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Where on a switch it is settled which region serves a connection.
package enum Placement: String, Sendable, CaseIterable, Codable {
  /// By connection tracking: what is open stays where it is, whatever moves. Needs Open vSwitch.
  case conntrack
  /// By a hash of the packet, in the switch, which keeps nothing: a connection moves with its slot.
  case hash
  /// By the controller, which is asked about every new connection and writes a flow for it.
  case reactive
  /// By nothing: all goes to one region, and moves as a whole. Any OpenFlow 1.3 switch can do it.
  case redirect

  /// The switch, or the controller, knows of every connection: one that is open stays where it is.
  package var keepsConnections: Bool {
    switch self {
    case .conntrack, .reactive: true
    case .hash, .redirect: false
    }
  }
}

extension Switch {
  /// How many rules a listener may have on a switch without select groups, in the `hash` placement: powers of two.
  package static let sourceRuleCounts = [1, 2, 4, 8, 16, 32, 64, 128, 256]
  package static let defaultSourceRules = 64
  /// How often a switch may ask about connections in the placement `reactive`, per second.
  package static let reactiveRates = 10...100_000
  package static let defaultReactiveRate = 2000
}

/// What becomes of packets that come in pieces, where the switch does not put them together.
package enum Fragments: String, Sendable, CaseIterable, Codable {
  /// Such a switch is refused for a service whose packets may be that long.
  case keep
  /// They are dropped, and the operator knows.
  case drop
}
