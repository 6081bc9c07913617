// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow
import Reconciliation

/// What goes to the switch.
extension SwitchHandler {
  func perform(_ command: SwitchCommand) {
    guard self.closeReason == nil else { return }
    self.isInCommand = true
    defer { self.isInCommand = false }
    switch command {
    case .send(let bodies): self.send(bodies)
    case .change(let bodies, let ticket, let delivery): self.change(bodies, ticket, delivery)
    case .read(let ticket, let scope): self.read(ticket, scope)
    case .ask(let body, let ticket): self.ask(body, ticket)
    case .requestRole(let role, let generationID, let ticket): self.requestRole(role, generationID, ticket)
    case .close(let reason): return self.close(reason)
    }
    self.flush()
  }

  private func send(_ bodies: [MessageBody]) {
    if self.role == .slave {
      for body in bodies where body.isWrite { self.counters.writesWithheld += 1 }
      for body in bodies where !body.isWrite { self.send(body) }
    } else {
      for body in bodies { self.send(body) }
    }
  }

  private func change(_ bodies: [MessageBody], _ ticket: UInt64, _ delivery: SwitchCommand.Delivery) {
    guard self.role != .slave else {
      self.counters.writesWithheld += UInt64(bodies.count { $0.isWrite })
      return self.report(.unanswered(ticket: ticket, .slave))
    }
    if delivery == .bundle, self.hasBundles, bodies.count(where: \.isBundlable) > 1 {
      self.prepareBundle(bodies, ticket)
    } else {
      self.request(.change, bodies + [.barrierRequest], ticket)
    }
  }

  private func read(_ ticket: UInt64, _ scope: ReadBack.Scope) {
    if let superseded = self.reading {
      self.reading = nil
      self.report(.unanswered(ticket: superseded.ticket, .superseded))
    }
    var parts: [UInt32: TableReading.Part] = [:]
    for part in TableReading.Part.needed(for: scope) {
      guard let xid = self.send(part.request) else { return self.report(.unanswered(ticket: ticket, .closed)) }
      parts[xid] = part
    }
    let reading = TableReading(
      ticket: ticket, parts: parts, timing: self.registry.timing, at: self.registry.now)
    self.reading = reading
    self.armTimer(at: reading.deadline)
  }

  private func ask(_ body: MessageBody, _ ticket: UInt64) {
    guard let kind = ReplyKind(to: body) else {
      let error = OpenFlowEncodingError.invalid(what: body.summary, problem: "is no request that has an answer")
      return self.report(.unanswered(ticket: ticket, .cannotBeSaid(message: body.summary, error)))
    }
    guard self.role != .slave || !body.isWrite else { return self.report(.unanswered(ticket: ticket, .slave)) }
    self.request(.answer(kind), [body], ticket)
  }

  private func requestRole(_ role: RoleMessage.Role, _ generationID: UInt64, _ ticket: UInt64) {
    self.request(.role, [.roleRequest(RoleMessage(role: role, generationID: generationID))], ticket)
    // Whatever the switch says: who wants to be slave does not write any more.
    if role == .slave { self.role = .slave }
  }

  // MARK: Bundles

  /// Opens a bundle and adds to it; what follows depends on what the switch says to that.
  private func prepareBundle(_ bodies: [MessageBody], _ ticket: UInt64) {
    let bundle = Bundle(id: self.nextBundle)
    self.nextBundle &+= 1
    let members = bodies.filter(\.isBundlable).map(bundle.adding)
    let messages = [bundle.control(.openRequest)] + members + [.barrierRequest]
    self.request(.bundle(bundle, rest: bodies.filter { !$0.isBundlable }), messages, ticket)
  }

  /// Everything was added: commits the bundle and sends the rest behind it, in one write.
  func commit(_ bundle: Bundle, added: XIDRange, rest: [MessageBody], ticket: UInt64) {
    // A role may have changed since.
    guard self.role != .slave else {
      self.send(bundle.control(.discardRequest))
      return self.report(.unanswered(ticket: ticket, .slave))
    }
    self.request(.commit(added), [bundle.control(.commitRequest)] + rest + [.barrierRequest], ticket)
    self.flush()
  }

  // MARK: Requests

  /// Puts messages into the batch, the last of which will be answered: all of them, or none.
  private func request(_ kind: RequestTable.Kind, _ bodies: [MessageBody], _ ticket: UInt64) {
    guard !self.requests.isFull else {
      return self.report(.unanswered(ticket: ticket, .tooManyRequests(limit: self.registry.limits.requests)))
    }
    let mark = self.batch.mark
    let first = self.batch.nextXID
    for body in bodies {
      do {
        try self.batch.append(body, version: self.version)
      } catch {
        self.batch.rollBack(to: mark)
        return self.report(.unanswered(ticket: ticket, .cannotBeSaid(message: body.summary, error)))
      }
    }
    let xids = XIDRange(first: first, last: self.batch.lastXID)
    switch kind {
    case .change, .bundle, .commit: self.sent.expectBarrier(xids.last)
    case .answer, .role: break
    }
    self.armTimer(at: self.requests.expect(kind, xids, ticket: ticket, at: self.registry.now))
  }

  /// Asks for a sign of life at once, whatever was asked before. A switch that is busy with megabytes of ours has
  /// given it already, and could not answer in time.
  func askIfPresent() {
    guard self.closeReason == nil else { return }
    if self.isBusyReading { return self.showPresence() }
    guard let xid = self.send(.echoRequest([])) else { return }
    self.presenceCheck = xid
    self.flush()
  }
}
