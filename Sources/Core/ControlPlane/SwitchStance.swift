// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import ServiceModel

/// How a switch stands to the others of its group.
struct SwitchStance: Sendable, Equatable {
  /// From where the others probe; empty: it is alone.
  var peers: [IPv4Address] = []
  /// All of the group forward.
  var isShared = false
  /// It shall be closed.
  var isGated = false
  /// What its tables hold; nil: they were not read since it connected.
  var holding: ActiveSwitch.Holding?
  /// The ticket of the change that closes it, until that is confirmed.
  var closing: UInt64?
  /// What it still has to say of having taken over.
  var announcement: Announcement?

  init() {}

  init(of config: Switch, in intent: Intent) {
    guard let group = intent.group(of: config.name) else { return }
    self.peers = intent.peers(of: config.name).map(\.probeAddress)
    self.isShared = group.mode == .activeActive
    self.isGated = !self.isShared
  }

  /// The same switch under another configuration.
  mutating func adopt(_ known: SwitchStance) {
    guard !self.peers.isEmpty, !self.isShared else { return }
    self.isGated = known.peers.isEmpty ? false : known.isGated
    self.holding = known.peers.isEmpty && known.holding == nil ? .open : known.holding
    self.closing = known.closing
    self.announcement = known.announcement
  }
}

/// Tells the segments of a switch that has taken over where the virtual IPs and the gateways are now, so that bridges
/// send what is for them to its ports. Said three times, as VRRP routers do: what is sent in the moment of a failure may
/// be lost.
struct Announcement: Sendable, Equatable {
  static let rounds: [Duration] = [.zero, .seconds(1), .seconds(5)]
  /// Addresses that are announced in one write, and how long it is until the next.
  static let portion = 256
  static let pause = Duration.milliseconds(2)

  let since: Instant
  var round = 0
  /// The first address that was not said in this round.
  var next = 0
  var at: Instant

  init(at now: Instant) {
    self.since = now
    self.at = now
  }

  /// A portion was said.
  ///
  /// - Returns: nil if that was all.
  func advanced(of count: Int, at now: Instant) -> Announcement? {
    var after = self
    after.next += Self.portion
    after.at = now + Self.pause
    guard after.next >= count else { return after }
    after.round += 1
    after.next = 0
    guard after.round < Self.rounds.count else { return nil }
    after.at = self.since + Self.rounds[after.round]
    return after
  }
}
