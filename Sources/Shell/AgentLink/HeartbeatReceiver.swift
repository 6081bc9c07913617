// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import ServiceModel

/// Decides which heartbeats count.
///
/// A heartbeat counts once, in the latest boot of its agent (each of a region's has its own boots and sequences), and only if it cannot be from before the receiver's
/// start. For the last, a controller draws a `session` at its start and tells it in every reply; a heartbeat that does
/// not name it is answered but not counted. Agents among each other do without (`session` nil): what a replay to an
/// agent that has just started can do is to make it report that it hears a peer, with a sequence which the controller
/// already knows to be old.
package struct HeartbeatReceiver: Sendable {
  /// What became of one datagram.
  package struct Verdict: Sendable {
    package var heartbeat: Result<Heartbeat, HeartbeatError>
    /// To be sent to where the datagram came from.
    package var reply: HeartbeatReply?
  }

  /// An agent that has nothing to learn from an answer gets one this often, to know that it is heard: a fifth of what it
  /// waits before it takes a controller to be gone.
  package static let replyInterval = Duration.seconds(1)

  /// The agents that share a region's key.
  private struct Senders: Sendable {
    var key: HeartbeatKey
    /// At most `AgentInstance.limit`.
    private var known: [Sender] = []
    /// Above the boots of those that had to go for others: what is not known begins there, so that nothing of theirs
    /// counts again.
    private var floor: UInt64 = 0

    init(key: HeartbeatKey) { self.key = key }

    /// - Parameter name: nil: the region's only agent.
    subscript(name: InstanceName?) -> Sender {
      get { self.known.first { $0.name == name } ?? Sender(name: name, boot: self.floor) }
      set {
        if let index = self.known.firstIndex(where: { $0.name == name }) { return self.known[index] = newValue }
        if self.known.count == AgentInstance.limit,
          let oldest = self.known.indices.min(by: { self.known[$0].turn < self.known[$1].turn })
        {
          let boot = self.known.remove(at: oldest).boot
          self.floor = max(self.floor, boot < .max ? boot + 1 : boot)
        }
        self.known.append(newValue)
      }
    }
  }

  private struct Sender: Sendable {
    let name: InstanceName?
    /// The highest boot of which a heartbeat counted, or that is too low for one; 0: any counts.
    var boot: UInt64
    var window = ReplayWindow()
    var repliedAt: Instant?
    /// What had been accepted of everybody when one of its own was last.
    var turn: UInt64 = 0
  }

  /// Nil: the receiver is an agent.
  package let session: UInt64?
  /// Also of regions that are no longer listened to: what was heard of them must not count again if they return.
  private var senders: [RegionName: Senders] = [:]
  private var listened: Set<RegionName> = []
  private var rejections: [HeartbeatError.Reason: UInt64] = [:]
  /// Heartbeats that counted since the receiver's start.
  package private(set) var accepted: UInt64 = 0

  package init(session: UInt64?) {
    self.session = session
  }

  /// Whose heartbeats are listened to. What is known of a region stays unless its key changes.
  package mutating func listen(to keys: [RegionName: HeartbeatKey]) {
    self.listened = Set(keys.keys)
    for (region, key) in keys where self.senders[region]?.key != key { self.senders[region] = Senders(key: key) }
  }

  /// Datagrams that were not counted for that reason since the receiver's start.
  package func rejected(for reason: HeartbeatError.Reason) -> UInt64 { self.rejections[reason] ?? 0 }

  /// - Parameter assignment: the revision that the agent of a region should hold; goes into the reply.
  package mutating func receive(
    _ datagram: ByteBuffer, at now: Instant, assignment: (RegionName) -> UInt64 = { _ in 0 }
  ) -> Verdict {
    do throws(HeartbeatError) {
      let header = try HeartbeatDatagram.header(of: datagram)
      guard self.listened.contains(header.region), let senders = self.senders[header.region] else {
        throw .unknownRegion(header.region)
      }
      let heartbeat = try Heartbeat(datagram, header, key: senders.key)
      return self.judge(heartbeat, at: now, assignment: assignment(heartbeat.region))
    } catch {
      self.rejections[error.reason, default: 0] += 1
      return Verdict(heartbeat: .failure(error), reply: nil)
    }
  }

  /// The rules for an authentic heartbeat of a region that is listened to.
  private mutating func judge(_ heartbeat: Heartbeat, at now: Instant, assignment: UInt64) -> Verdict {
    var reply = self.session.map { session in
      HeartbeatReply(
        region: heartbeat.region, boot: heartbeat.boot, sequence: heartbeat.sequence, session: session,
        assignment: assignment)
    }
    do throws(HeartbeatError) {
      try self.admit(heartbeat)
      self.accepted += 1
      if !self.owesReply(to: heartbeat, at: now, assignment: assignment) { reply = nil }
      return Verdict(heartbeat: .success(heartbeat), reply: reply)
    } catch {
      self.rejections[error.reason, default: 0] += 1
      switch error {
      case .staleBoot(_, let floor): reply?.bootFloor = floor
      case .staleSession: break
      default: reply = nil
      }
      return Verdict(heartbeat: .failure(error), reply: reply)
    }
  }

  private mutating func owesReply(to heartbeat: Heartbeat, at now: Instant, assignment: UInt64) -> Bool {
    let repliedAt = self.senders[heartbeat.region]?[heartbeat.instance?.name].repliedAt
    if heartbeat.assignment == assignment, let repliedAt, now - repliedAt < Self.replyInterval { return false }
    self.senders[heartbeat.region]?[heartbeat.instance?.name].repliedAt = now
    return true
  }

  private mutating func admit(_ heartbeat: Heartbeat) throws(HeartbeatError) {
    guard let senders = self.senders[heartbeat.region] else { throw .unknownRegion(heartbeat.region) }
    var sender = senders[heartbeat.instance?.name]
    guard heartbeat.boot >= sender.boot else { throw .staleBoot(heartbeat.boot, floor: sender.boot) }
    if heartbeat.boot > sender.boot {
      sender.boot = heartbeat.boot
      sender.window = ReplayWindow()
    }
    guard sender.window.admit(heartbeat.sequence) else { throw .replayed(sequence: heartbeat.sequence) }
    if let session = self.session, !heartbeat.sessions.contains(session) { throw .staleSession }
    sender.turn = self.accepted
    self.senders[heartbeat.region]?[heartbeat.instance?.name] = sender
  }
}
