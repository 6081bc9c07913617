// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

/// What comes from the switch.
extension SwitchHandler {
  private static let packetInType: UInt8 = 10
  /// A switch that has taken nothing for this long would not take the answers to its PACKET_INs either.
  private static let stuckAfter = TimeAmount.seconds(1)
  /// What a TLS connection begins with: a handshake record.
  private static let tlsRecord: UInt8 = 22

  func receive(_ frame: ByteBuffer) {
    if self.queue.isCongested, self.isUnwanted(frame) { return }
    let message: Message
    do { message = try Message.decode(from: frame, version: self.version) } catch { return self.refuse(error, frame) }
    switch message.body {
    case .echoRequest: self.answerEcho(message)
    case .echoReply: self.echoed(message.xid)
    case let body:
      switch self.phase {
      case .admitted: self.received(body, xid: message.xid, byteCount: frame.readableBytes)
      case .waiting, .handshake: self.greet(message, frame)
      }
    }
  }

  private func isUnwanted(_ frame: ByteBuffer) -> Bool {
    guard self.queue.stuck(at: self.now) >= Self.stuckAfter,
      frame.getInteger(at: frame.readerIndex + 1, as: UInt8.self) == Self.packetInType
    else { return false }
    self.counters.packetInsDropped += 1
    return true
  }

  private func answerEcho(_ message: Message) {
    guard case .echoRequest(let payload) = message.body else { return }
    self.answer(Message(xid: message.xid, .echoReply(payload)))
  }

  private func echoed(_ xid: UInt32) {
    self.liveness.answered(xid, at: self.now)
    guard self.presenceCheck == xid else { return }
    self.presenceCheck = nil
    self.showPresence()
  }

  func showPresence() {
    guard case .admitted(let datapath) = self.phase, let number = self.number else { return }
    self.registry.answered(self, number, datapath)
  }

  /// Whether the switch takes what it is sent, but has much to take.
  var isBusyReading: Bool {
    self.queue.isCongested && self.queue.stuck(at: self.registry.now) < Self.stuckAfter
  }

  private func received(_ body: MessageBody, xid: UInt32, byteCount: Int) {
    switch body {
    case .packetIn(let packet):
      self.counters.packetIns += 1
      self.report(.packetIn(packet))
    case .portStatus(let status): self.report(.portStatus(status))
    case .flowRemoved(let removed): self.report(.flowRemoved(removed))
    case .error(let error): self.refused(error, xid)
    case .roleStatus(let status):
      self.role = status.role
      self.report(.roleChanged(status))
    case .multipartReply(let reply) where self.reading?.concerns(xid) == true: self.read(reply, xid)
    default:
      let outcome = self.requests.received(body, xid: xid, byteCount: byteCount, at: self.now)
      if case .barrierReply = body { self.forget(through: xid, outcome) }
      // Everything else is an answer to nothing we asked, and harmless.
      if let outcome { self.conclude(outcome) }
    }
  }

  /// What was sent before a barrier cannot be refused behind it, unless it waits in a bundle.
  private func forget(through xid: UInt32, _ outcome: RequestTable.Outcome?) {
    if case .commit = outcome { return }
    self.sent.confirmed(through: xid)
  }

  private func refused(_ error: ErrorMessage, _ xid: UInt32) {
    if var reading = self.reading, reading.concerns(xid), let step = reading.refused(xid) {
      self.reading = nil
      return self.go(on: reading, step)
    }
    self.counters.refusals += 1
    let refusal = RefusedMessage(error: error, xid: xid, message: self.sent.message(xid, version: self.version))
    if refusal.message != nil || self.strayErrors.take(at: self.now) != nil { self.report(.refused(refusal)) }
    if let reading = self.reading, reading.concerns(xid) {
      self.reading = nil
      self.report(.unanswered(ticket: reading.ticket, .refused(refusal)))
    } else if let outcome = self.requests.refused(refusal) {
      self.conclude(outcome)
    }
  }

  private func read(_ reply: MultipartReply, _ xid: UInt32) {
    guard var reading = self.reading else { return }
    // Not two references to what was read: each part would copy it.
    self.reading = nil
    let step = reading.received(reply, xid: xid, at: self.now)
    self.go(on: reading, step)
  }

  private func go(on reading: consuming TableReading, _ step: TableReading.Step) {
    switch step {
    case .wait: self.reading = reading
    case .done(let readBack): self.report(.read(ticket: reading.ticket, readBack))
    case .tooMany:
      self.report(.unanswered(ticket: reading.ticket, .answerTooLong(limit: self.registry.limits.answerBytes)))
    }
  }

  /// Reports what became of a request, or goes on with it.
  private func conclude(_ outcome: RequestTable.Outcome) {
    switch outcome {
    case .report(let report):
      if case .role(_, .granted(let granted)) = report { self.role = granted.role }
      self.report(report)
    case .commit(let bundle, let added, let rest, let ticket):
      self.commit(bundle, added: added, rest: rest, ticket: ticket)
    case .discard(let bundle, let ticket, let failure):
      self.send(bundle.control(.discardRequest))
      self.flush()
      self.report(.unanswered(ticket: ticket, failure))
    }
  }

  func expireRequests(at now: NIODeadline) {
    if let reading = self.reading, reading.deadline <= now {
      self.reading = nil
      self.report(.unanswered(ticket: reading.ticket, .timedOut(after: self.registry.timing.requestTimeout)))
    }
    for outcome in self.requests.expired(at: now) { self.conclude(outcome) }
  }

  // MARK: Handshake

  private func greet(_ message: Message, _ frame: ByteBuffer) {
    if case .error(let error) = message.body {
      guard case .handshake = self.phase else { return }
      return self.close("the switch refused the handshake: \(error)")
    }
    switch self.handshake.received(message.body) {
    case .ask(let version):
      self.version = version
      self.send(.featuresRequest)
      self.send(.setConfig(SwitchConfiguration(missSendLength: 128)))
      self.send(.multipartRequest(MultipartRequest(.description)))
      self.send(.multipartRequest(MultipartRequest(.portDescriptions())))
      self.flush()
    case .refuse(let theirs):
      let text = "OpenFlow 1.3 or 1.5 is needed; version 0x\(String(theirs, radix: 16)) was offered"
      self.batch.refuse(.incompatible(text), xid: message.xid, headerVersion: theirs)
      self.close(text)
    case .auxiliary(let id):
      self.turnAway("this is auxiliary connection \(id); the main connection is all that is used")
    case .wait: break
    case .done(let features, let description): self.greeted(features, description)
    case .misplaced:
      self.answer(Message(xid: message.xid, .error(.badType(frame))))
      self.close("\(message.body.summary) has no place in a handshake")
    case .tooMuch: self.close("more than \(Handshake.maximumPorts) ports")
    }
  }

  private func greeted(_ features: FeaturesReply, _ description: String) {
    guard let number = self.number else { return }
    self.hasBundles = self.version >= .v1_5 && features.capabilities.contains(.bundles)
    let greeting = SwitchReport.Greeting(
      version: self.version, features: features, description: description, ports: [], peer: self.peer)
    self.phase = .waiting(features.datapathID, greeting)
    self.registry.greeted(self, number, features.datapathID)
  }

  /// The registry has decided: this is the switch.
  func admit() {
    guard self.closeReason == nil, case .waiting(let datapath, var greeting) = self.phase else { return }
    greeting.ports = self.handshake.ports
    self.phase = .admitted(datapath)
    self.registry.report(.connected(greeting), from: datapath)
  }

  /// The registry, or the handshake, has decided: not this one. The switch is told why.
  func turnAway(_ reason: String) {
    self.answer(Message(xid: 0, .error(.notPermitted(reason))))
    self.close(reason)
  }

  /// Bytes that are no message: the switch is told which, and the connection ends, for nothing after them is certain.
  func refuse(_ error: OpenFlowDecodingError, _ frame: ByteBuffer) {
    if case .handshake = self.phase, frame.getInteger(at: frame.readerIndex, as: UInt8.self) == Self.tlsRecord {
      return self.close("the switch speaks TLS, but this port does not")
    }
    let xid: UInt32 = frame.getInteger(at: frame.readerIndex + 4) ?? 0
    self.answer(Message(xid: xid, .error(.badRequest(error, frame))))
    self.close("not OpenFlow: \(error)")
  }

  /// Puts an answer into the batch. It leaves at the end of the turn, or with the end of the connection.
  private func answer(_ message: Message) {
    do { try self.batch.answer(message, version: self.version) } catch {
      self.registry.cannotSend(.cannotBeSaid(message: message.body.summary, error), to: self.peer)
    }
  }

  func report(_ report: SwitchReport) {
    guard case .admitted(let datapath) = self.phase else { return }
    // Mostly so, and then without a closure.
    guard self.isInCommand else { return self.registry.report(report, from: datapath) }
    self.afterCommand { $0.registry.report(report, from: datapath) }
  }
}
