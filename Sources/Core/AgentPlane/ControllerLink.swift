// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// What an agent knows of one controller from its replies.
struct ControllerLink: Sendable, Equatable {
  private(set) var session: UInt64?
  private var lastReply: Instant?
  /// The highest sequence of this boot that was answered: a reply to an older one may be a replay.
  private var answered: UInt64 = 0

  enum OnReply: Equatable {
    /// Of another boot, late, or replayed.
    case ignore
    case known
    case newSession
  }

  mutating func received(_ reply: HeartbeatReply, boot: UInt64, sent: UInt64, at now: Instant) -> OnReply {
    guard reply.boot == boot, reply.sequence > self.answered, reply.sequence <= sent else { return .ignore }
    self.answered = reply.sequence
    self.lastReply = now
    guard self.session != reply.session else { return .known }
    self.session = reply.session
    return .newSession
  }

  /// True if it was silent for so long that it is forgotten now.
  mutating func expire(at now: Instant) -> Bool {
    guard self.session != nil, let lastReply, now - lastReply >= AgentLimits.silence else { return false }
    self.session = nil
    return true
  }

  /// The agent began again with a new boot, whose sequence starts at 1.
  mutating func bootChanged() {
    self.answered = 0
  }

  /// It replied lately.
  func isPresent(at now: Instant) -> Bool {
    self.lastReply.map { now - $0 < AgentLimits.presence } ?? false
  }
}
