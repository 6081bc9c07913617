// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

/// The xids of messages that were sent together; they may begin anew in between.
struct XIDRange: Equatable {
  var first: UInt32
  var last: UInt32

  func contains(_ xid: UInt32) -> Bool { xid &- self.first <= self.last &- self.first }
}

/// Requests that a switch has not answered yet, matched with their answers by xid (OpenFlow 1.3.5, 7.1).
struct RequestTable {
  /// What an answer, or its absence, leads to.
  enum Outcome {
    case report(SwitchReport)
    /// Everything was added to the bundle: commit it, and send the rest behind it.
    case commit(Bundle, added: XIDRange, rest: [MessageBody], ticket: UInt64)
    /// Not everything could be added to the bundle: discard it, and say why.
    case discard(Bundle, ticket: UInt64, RequestFailure)
  }

  enum Kind {
    case answer(ReplyKind)
    case role
    /// The barrier behind a change.
    case change
    /// The barrier behind the messages of a bundle.
    case bundle(Bundle, rest: [MessageBody])
    /// The barrier behind the commit of a bundle, whose messages can still be refused: then nothing was done.
    case commit(XIDRange)
  }

  fileprivate struct Entry {
    /// The xids that belong to it; the last one is in the answer.
    var xids: XIDRange
    var ticket: UInt64
    var kind: Kind
    var deadline: NIODeadline
    var parts: [MessageBody] = []
    var byteCount = 0
    var refusal: RefusedMessage?
  }

  /// Oldest first. Switches answer in order, mostly.
  private var entries: [Entry] = []
  private let limits: ConnectionLimits
  private let timeout: TimeAmount

  init(limits: ConnectionLimits, timing: ConnectionTiming) {
    self.limits = limits
    self.timeout = TimeAmount(timing.requestTimeout)
  }

  var count: Int { self.entries.count }
  var isFull: Bool { self.entries.count >= self.limits.requests }

  /// - Returns: when it will have timed out.
  mutating func expect(_ kind: Kind, _ xids: XIDRange, ticket: UInt64, at now: NIODeadline) -> NIODeadline {
    let deadline = now + self.timeout
    self.entries.append(Entry(xids: xids, ticket: ticket, kind: kind, deadline: deadline))
    return deadline
  }

  /// - Parameter byteCount: of the whole message.
  /// - Returns: nil if nobody waits for it, or if more parts follow.
  mutating func received(_ body: MessageBody, xid: UInt32, byteCount: Int, at now: NIODeadline) -> Outcome? {
    guard let index = self.entries.firstIndex(where: { $0.xids.last == xid && $0.kind.accepts(body) }) else {
      return nil
    }
    if case .answer = self.entries[index].kind {
      self.entries[index].parts.append(body)
      self.entries[index].byteCount += byteCount
      if self.entries[index].byteCount > self.limits.answerBytes {
        let ticket = self.entries.remove(at: index).ticket
        return .report(.unanswered(ticket: ticket, .answerTooLong(limit: self.limits.answerBytes)))
      }
      if case .multipartReply(let reply) = body, reply.more {
        self.entries[index].deadline = now + self.timeout
        return nil
      }
    }
    return self.entries.remove(at: index).outcome(of: body)
  }

  /// An OFPT_ERROR came.
  /// - Returns: the end of the request that it is about. A change goes on: its barrier tells when it is done.
  mutating func refused(_ refusal: RefusedMessage) -> Outcome? {
    guard let index = self.entries.firstIndex(where: { $0.contains(refusal.xid) }) else { return nil }
    switch self.entries[index].kind {
    case .change, .bundle, .commit:
      if self.entries[index].refusal == nil { self.entries[index].refusal = refusal }
      return nil
    case .role where refusal.error.type == RoleMessage.failedType && refusal.error.code == RoleMessage.staleCode:
      return .report(.role(ticket: self.entries.remove(at: index).ticket, .stale))
    case .role, .answer: return .report(.unanswered(ticket: self.entries.remove(at: index).ticket, .refused(refusal)))
    }
  }

  /// Removes what was not answered in time.
  mutating func expired(at now: NIODeadline) -> [Outcome] {
    guard self.entries.contains(where: { $0.deadline <= now }) else { return [] }
    let failure = RequestFailure.timedOut(after: Duration(self.timeout))
    let late = self.entries.filter { $0.deadline <= now }
    self.entries.removeAll { $0.deadline <= now }
    return late.map { entry in
      if case .bundle(let bundle, _) = entry.kind { return .discard(bundle, ticket: entry.ticket, failure) }
      return .report(.unanswered(ticket: entry.ticket, failure))
    }
  }

  /// When the first request will have timed out.
  var nextDeadline: NIODeadline? { self.entries.map(\.deadline).min() }
}

extension RequestTable.Entry {
  func contains(_ xid: UInt32) -> Bool {
    if case .commit(let added) = self.kind, added.contains(xid) { return true }
    return self.xids.contains(xid)
  }

  func outcome(of body: MessageBody) -> RequestTable.Outcome {
    switch self.kind {
    case .answer: return .report(.answered(ticket: self.ticket, self.parts))
    case .role:
      guard case .roleReply(let role) = body else { return .report(.answered(ticket: self.ticket, [body])) }
      return .report(.role(ticket: self.ticket, .granted(role)))
    case .change: return .report(.confirmed(ticket: self.ticket))
    case .commit:
      guard let refusal = self.refusal else { return .report(.confirmed(ticket: self.ticket)) }
      return .report(.unanswered(ticket: self.ticket, .refused(refusal)))
    case .bundle(let bundle, let rest):
      guard let refusal = self.refusal else {
        return .commit(bundle, added: self.xids, rest: rest, ticket: self.ticket)
      }
      return .discard(bundle, ticket: self.ticket, .refused(refusal))
    }
  }
}

extension RequestTable.Kind {
  func accepts(_ reply: MessageBody) -> Bool {
    switch self {
    case .answer(let kind): kind == ReplyKind(reply: reply)
    case .role: ReplyKind(reply: reply) == .role
    case .change, .bundle, .commit: ReplyKind(reply: reply) == .barrier
    }
  }
}

extension RoleMessage {
  /// OFPET_ROLE_REQUEST_FAILED
  fileprivate static let failedType: UInt16 = 11
  /// OFPRRFC_STALE
  fileprivate static let staleCode: UInt16 = 0
}
