// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentLink
import Logging
import NIOCore
import ServiceModel

/// The controller's side of the agents: whose heartbeats count, and what each agent is to do.
struct AgentDesk {
  private var receiver: HeartbeatReceiver
  private var keys: [RegionName: AssignmentKey] = [:]
  private var heartbeatKeys: [RegionName: HeartbeatKey] = [:]
  private var assignments: [RegionName: Assignment] = [:]
  private var revisions: [RegionName: UInt64] = [:]

  init(session: UInt64) {
    self.receiver = HeartbeatReceiver(session: session)
  }

  /// Makes every region's assignment anew.
  /// - Returns: their revisions.
  mutating func assign(_ intent: Intent, logger: Logger) -> [RegionName: UInt64] {
    self.keys = [:]
    self.heartbeatKeys = [:]
    self.assignments = [:]
    self.revisions = [:]
    for region in intent.regions {
      self.keys[region.name] = region.key.assignmentKey
      self.heartbeatKeys[region.name] = region.key.heartbeatKey
      guard let assignment = Assignment(for: region.name, in: intent, peerKey: { $0.peerKey }) else { continue }
      do {
        self.revisions[region.name] = try assignment.revision()
        self.assignments[region.name] = assignment
      } catch {
        logger.error("an assignment cannot be made", metadata: ["region": "\(region.name)", "error": "\(error)"])
      }
    }
    self.receiver.listen(to: self.heartbeatKeys)
    return self.revisions
  }

  /// - Returns: the heartbeat if it counts, and what to answer.
  mutating func receive(_ datagram: ByteBuffer, at now: Instant) -> (Heartbeat?, ByteBuffer?) {
    let revisions = self.revisions
    let verdict = self.receiver.receive(datagram, at: now) { revisions[$0] ?? 0 }
    let reply = verdict.reply.flatMap { reply in
      self.heartbeatKeys[reply.region].flatMap { try? reply.encoded(key: $0) }
    }
    return (try? verdict.heartbeat.get(), reply)
  }

  /// How many datagrams were not counted as heartbeats, by reason. Without those that only lacked our session, which
  /// every agent's first heartbeat after a start of ours does.
  var rejections: [HeartbeatError.Reason: UInt64] {
    var counts: [HeartbeatError.Reason: UInt64] = [:]
    for reason in HeartbeatError.Reason.allCases where reason != .staleSession {
      let count = self.receiver.rejected(for: reason)
      if count > 0 { counts[reason] = count }
    }
    return counts
  }

  /// What `region`'s agent is to do, for its eyes only; nil if there is no such region.
  func sealed(for region: RegionName, nonce: String, logger: Logger) -> [UInt8]? {
    guard let key = self.keys[region], let assignment = self.assignments[region], let nonce = FetchNonce(hex: nonce)
    else { return nil }
    do {
      return try AssignmentSeal.seal(assignment, key: key, nonce: nonce)
    } catch {
      logger.error("an assignment cannot be sealed", metadata: ["region": "\(region)", "error": "\(error)"])
      return nil
    }
  }
}
