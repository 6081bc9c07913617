// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Whose orders a switch takes (OpenFlow 1.3.5, 6.3.6).
struct Roles: Sendable {
  /// The controller that is its master; nil: it has none, and takes orders of all that are not slaves.
  private(set) var master: Int?
  private var slaves: Set<Int> = []
  /// The `generation_id` of the last that asked for a role.
  private var generation: UInt64?
  /// The latest leader whose changes were taken: what a checker remembers.
  private var writer: (controller: Int, epoch: UInt64)?

  func obeys(_ controller: Int) -> Bool { !self.slaves.contains(controller) }

  /// - Parameter isBlind: the switch does not look at epochs.
  /// - Returns: whether the controller is the master now, and who is so no more.
  mutating func claim(_ controller: Int, epoch: UInt64, isBlind: Bool) -> (isGranted: Bool, deposed: Int?) {
    guard isBlind || !self.isStale(epoch) else { return (false, nil) }
    let before = self.master
    self.master = controller
    guard !isBlind else { return (true, nil) }
    self.generation = epoch
    self.slaves.remove(controller)
    guard let before, before != controller else { return (true, nil) }
    self.slaves.insert(before)
    return (true, before)
  }

  mutating func follow(_ controller: Int, epoch: UInt64) {
    guard !self.isStale(epoch) else { return }
    self.generation = epoch
    self.slaves.insert(controller)
    if self.master == controller { self.master = nil }
  }

  /// Its connection is gone.
  mutating func left(_ controller: Int) {
    self.slaves.remove(controller)
    if self.master == controller { self.master = nil }
  }

  /// The switch takes a change of a leader of this epoch.
  ///
  /// - Returns: who else was later, or has the same epoch; nil: nobody.
  mutating func writes(_ controller: Int, epoch: UInt64) -> (controller: Int, epoch: UInt64)? {
    let last = self.writer
    self.writer = (controller, epoch)
    guard let last, epoch < last.epoch || epoch == last.epoch && controller != last.controller else { return nil }
    return last
  }

  /// As numbers that may overflow are compared.
  private func isStale(_ epoch: UInt64) -> Bool {
    self.generation.map { Int64(bitPattern: epoch &- $0) < 0 } ?? false
  }
}
