// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// Keeps the kernel's rules as they should be: one application at a time, again after a failure, and looked at every
/// few seconds, because somebody else's firewall may remove them.
///
/// A restarted agent finds rules that work. While it does not know yet which members are up, it would only write rules
/// that its first checks make it change again: so it leaves them alone until every member had a verdict, or for
/// `AgentLimits.natHold`.
struct NATKeeper: Sendable, Equatable {
  private var running: NATPlan?
  /// The plan may differ from the one that was applied last.
  private var isStale = false
  /// The rules that are in place as far as is known.
  private var installed: NATPlan? {
    didSet { self.forwardedPorts = Set((self.installed?.forwards ?? []).map(\.target.port)) }
  }
  private var forwardedPorts: Set<UInt16> = []
  /// The digest of rules that the last run left.
  private var found: UInt64?
  private var holdUntil: Instant?
  /// When to apply next.
  private var due: Instant?
  private var backoff = Backoff()
  /// The last application failed.
  private var hasFailed = false

  mutating func started(found: UInt64?, at now: Instant) {
    self.found = found
    self.holdUntil = found == nil ? nil : now + AgentLimits.natHold
  }

  /// What the plan is made from changed.
  mutating func inputsChanged(at now: Instant) {
    self.isStale = true
    if self.running == nil { self.due = now }
  }

  /// The rules of the last run are kept for the time being.
  var isHolding: Bool { self.holdUntil != nil }

  /// If the last run left the rules of this plan, they count as in place at once.
  mutating func adopt(_ plan: NATPlan) {
    guard self.isHolding, self.installed == nil, self.found == plan.digest else { return }
    self.installed = plan
    self.holdUntil = nil
  }

  /// Every member had a verdict.
  mutating func decided() {
    self.holdUntil = nil
  }

  /// Whether the rules in place send a target's traffic on.
  func forwards(_ port: UInt16) -> Bool { self.forwardedPorts.contains(port) }

  /// What `forwards` does not name is not sent on, and it was tried. Rules of the last run are another matter: they
  /// may well send on what they sent on then.
  var isBroken: Bool { self.hasFailed && (self.installed != nil || self.found == nil) }

  var nextDeadline: Instant? {
    guard self.running == nil, let due else { return nil }
    return max(due, self.holdUntil ?? due)
  }

  /// Whether a plan is to be applied now.
  func isDue(at now: Instant) -> Bool {
    self.nextDeadline.map { $0 <= now } ?? false
  }

  mutating func begin(_ plan: NATPlan) {
    self.running = plan
    self.isStale = false
    self.due = nil
    self.holdUntil = nil
  }

  enum OnApplied: Equatable {
    case nothing
    case changed(digest: UInt64)
    case repaired(digest: UInt64)
  }

  mutating func applied(changed: Bool, at now: Instant) -> OnApplied {
    guard let plan = self.running else { return .nothing }
    let repaired = self.installed == plan
    self.running = nil
    self.installed = plan
    self.found = nil
    self.hasFailed = false
    self.backoff.succeeded()
    self.due = self.isStale ? now : now + AgentLimits.natReview
    guard changed else { return .nothing }
    return repaired ? .repaired(digest: plan.digest) : .changed(digest: plan.digest)
  }

  /// - Returns: how long until it is tried again.
  mutating func failed(leaving left: RulesLeft, at now: Instant, _ random: inout RandomSource) -> Duration {
    self.running = nil
    self.hasFailed = true
    switch left {
    case .unknown: break
    case .none:
      self.installed = nil
      self.found = nil
    case .digest(self.installed?.digest): break
    case .digest(let digest):
      self.installed = nil
      self.found = digest
    }
    let wait = self.backoff.failed(&random)
    self.due = now + wait
    return wait
  }
}
