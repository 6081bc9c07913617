// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// `GET /v1/controller`: who this controller is, and who leads.
package struct ControllerResource: Codable, Sendable, Equatable {
  package enum Role: String, Codable, Sendable, CaseIterable {
    /// There is no other controller.
    case alone
    case leader
    /// Another controller leads: ask that one.
    case follower
  }

  package var name: String
  package var version: String
  package var role: Role
  /// Of the leader; absent: there is none, or it is not known.
  package var epoch: UInt64?
  /// Another controller that leads, as it calls itself.
  package var leader: String?

  package init(name: String, version: String, role: Role, epoch: UInt64?, leader: String?) {
    self.name = name
    self.version = version
    self.role = role
    self.epoch = epoch
    self.leader = leader
  }
}
