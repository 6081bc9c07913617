// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import NIOCore
import OpenFlow

/// One connection to a switch: framing, handshake, liveness, and requests matched with their answers.
///
/// Bytes come in from the socket, commands from the registry. What the switch has to say is reported on the event
/// loop, in order, each report before the next frame is looked at. What is sent while frames are looked at leaves in
/// one write at the end of the turn.
package final class SwitchHandler: ChannelInboundHandler {
  package typealias InboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  enum Phase {
    case handshake
    /// The handshake is done; the registry decides whether this is the switch.
    case waiting(DatapathID, SwitchReport.Greeting)
    case admitted(DatapathID)
  }

  let peer: String
  let registry: SwitchRegistry
  private let isEncrypted: Bool
  private let since: NIODeadline

  var phase = Phase.handshake
  var handshake = Handshake()
  var version = ProtocolVersion.v1_3
  var hasBundles = false
  var role: RoleMessage.Role?
  var liveness: Liveness
  var requests: RequestTable
  var reading: TableReading?
  var nextBundle: UInt32 = 1
  /// The echo request by which the registry wants to know whether this connection is alive.
  var presenceCheck: UInt32?
  var counters = SwitchStatus.Counters()
  /// For errors that are about nothing we know: a switch could send them without end.
  var strayErrors = ComplaintQuota()
  /// When the bytes that are looked at were read.
  var now: NIODeadline

  private(set) var number: ConnectionNumber?
  private(set) var context: ChannelHandlerContext?
  private(set) var closeReason: String?
  private var frames = FrameBuffer()
  var batch = OutboundBatch(allocator: ByteBufferAllocator())
  var sent: SentMessages
  private(set) var queue: SendQueue
  private var isReading = false
  var isInCommand = false
  private var timer: Scheduled<Void>?
  private var timerDeadline: NIODeadline?

  package init(peer: String, isEncrypted: Bool, registry: SwitchRegistry) {
    self.peer = peer
    self.isEncrypted = isEncrypted
    self.registry = registry
    self.since = registry.now
    self.now = self.since
    self.liveness = Liveness(timing: registry.timing, at: self.since)
    self.requests = RequestTable(limits: registry.limits, timing: registry.timing)
    self.sent = SentMessages(limits: registry.limits)
    self.queue = SendQueue(at: self.since)
  }

  // MARK: From the channel

  package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  package func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  package func channelActive(context: ChannelHandlerContext) {
    self.number = self.registry.opened(self, at: self.since)
    if self.number == nil {
      self.close("\(self.registry.limits.unfinishedHandshakes) handshakes are under way already")
    } else {
      // A HELLO carries the highest version that its sender has (6.3.1).
      self.send(.hello(Handshake.offer), version: .v1_5)
      self.flushBatch()
      self.check()
    }
    context.fireChannelActive()
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard self.closeReason == nil else { return }
    self.isReading = true
    self.now = self.registry.now
    self.liveness.heard(at: self.now)
    if self.queue.isCongested { self.observeQueue() }
    self.frames.append(Self.unwrapInboundIn(data))
    do { while self.closeReason == nil, let frame = try self.frames.next() { self.receive(frame) } } catch {
      self.refuse(error, ByteBuffer())
    }
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    self.isReading = false
    self.flushBatch()
    context.fireChannelReadComplete()
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    self.queue.becameCongested(!context.channel.isWritable, unsent: self.unsentBytes, at: self.registry.now)
    context.fireChannelWritabilityChanged()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) { self.close(TLSFailure.describe(error)) }

  package func channelInactive(context: ChannelHandlerContext) {
    self.close("the switch closed the connection")
    context.fireChannelInactive()
  }

  // MARK: To the channel

  /// Puts a message into the batch.
  @discardableResult
  func send(_ body: MessageBody, version: ProtocolVersion? = nil) -> UInt32? {
    do { return try self.batch.append(body, version: version ?? self.version) } catch {
      self.registry.cannotSend(.cannotBeSaid(message: body.summary, error), to: self.peer)
      return nil
    }
  }

  /// Writes the batch, unless the turn in which frames are looked at will do it.
  func flush() { if !self.isReading && !self.registry.isCollecting { self.flushBatch() } }

  private func flushBatch() {
    guard !self.batch.isEmpty, let context = self.context else { return }
    for chunk in self.batch.take() {
      self.queue.wrote(chunk.bytes.readableBytes)
      if chunk.hasOwn { self.sent.append(chunk.bytes, first: chunk.first, last: chunk.last) }
      context.write(Self.wrapOutboundOut(chunk.bytes), promise: nil)
    }
    context.flush()
    if self.queue.isCongested { self.observeQueue() }
  }

  /// Gives up a switch that costs too much memory.
  private func observeQueue() {
    let unsent = self.unsentBytes
    self.queue.observe(unsent: unsent, at: self.registry.now)
    let limit = self.registry.limits.maximumUnsent
    if unsent > limit { self.close("the switch reads too slowly: \(unsent) bytes are unsent, \(limit) are allowed") }
  }

  private var unsentBytes: Int {
    guard let options = self.context?.channel.syncOptions else { return 0 }
    return (try? options.getOption(.bufferedWritableBytes)) ?? 0
  }

  /// Ends the connection. What is reported of it, is reported first.
  func close(_ reason: String) {
    guard self.closeReason == nil else { return }
    self.closeReason = reason
    self.timer?.cancel()
    self.afterCommand { $0.ended(reason) }
    self.flushBatch()
    self.context?.close(promise: nil)
  }

  private func ended(_ reason: String) {
    let (datapath, admitted): (DatapathID?, Bool) =
      switch self.phase {
      case .handshake: (nil, false)
      case .waiting(let datapath, _): (datapath, false)
      case .admitted(let datapath): (datapath, true)
      }
    self.registry.closed(self.number, peer: self.peer, datapath, admitted: admitted, reason: reason)
  }

  /// Who gives a command must not be told of its outcome before the command has returned.
  func afterCommand(_ body: @escaping (SwitchHandler) -> Void) {
    guard self.isInCommand else { return body(self) }
    let bound = NIOLoopBound((self, body), eventLoop: self.registry.eventLoop)
    self.registry.eventLoop.execute {
      let (handler, body) = bound.value
      body(handler)
    }
  }

  // MARK: Time

  /// Whatever is due.
  private func check() {
    guard self.closeReason == nil else { return }
    let now = self.registry.now
    let late = self.timerDeadline.map { now - $0 } ?? .zero
    self.timerDeadline = nil
    self.now = now
    let timing = self.registry.timing
    // If it is us who were busy for long, what the switch has sent meanwhile is read first.
    guard late < timing.toleratedLateness else { return self.armTimer(at: now + .milliseconds(10)) }
    if case .handshake = self.phase, now - self.since >= TimeAmount(timing.handshakeTimeout) {
      // Noise is no progress: this clock runs from the beginning.
      return self.close("no handshake within \(timing.handshakeTimeout)")
    }
    if self.queue.isCongested {
      self.observeQueue()
      if self.queue.stuck(at: now) >= TimeAmount(timing.deadAfter) {
        let unsent = self.unsentBytes
        return self.close(
          "the switch reads too slowly: \(unsent) bytes are unsent, and it took none for \(timing.deadAfter)")
      }
    }
    switch self.liveness.verdict(at: now) {
    case .dead(let reason): return self.close(reason)
    case .ask: self.ask(at: now)
    case .fine: break
    }
    self.expireRequests(at: now)
    self.armTimer(at: self.nextDeadline(after: now))
  }

  /// Asks a switch whether it is there, if the answer would say so: not behind megabytes that it has not taken.
  private func ask(at now: NIODeadline) {
    guard case .admitted = self.phase, !self.queue.isCongested, let xid = self.send(.echoRequest([])) else { return }
    self.liveness.asked(xid, at: now)
    self.flushBatch()
  }

  private func nextDeadline(after now: NIODeadline) -> NIODeadline {
    let timing = self.registry.timing
    var next = self.liveness.nextDeadline
    if case .handshake = self.phase { next = min(next, self.since + TimeAmount(timing.handshakeTimeout)) }
    if let deadline = self.requests.nextDeadline { next = min(next, deadline) }
    if let deadline = self.reading?.deadline { next = min(next, deadline) }
    // What is due and could not be done waits for the next round.
    return next > now ? next : now + max(TimeAmount(timing.echoInterval), .milliseconds(10))
  }

  /// One timer, never late for the earliest deadline; one that turns out early finds nothing to do.
  func armTimer(at deadline: NIODeadline) {
    if let armed = self.timerDeadline, armed <= deadline { return }
    self.timer?.cancel()
    self.timerDeadline = deadline
    let bound = NIOLoopBound(self, eventLoop: self.registry.eventLoop)
    self.timer = self.registry.eventLoop.scheduleTask(deadline: deadline) { bound.value.check() }
  }

  func status(_ datapath: DatapathID, at now: NIODeadline) -> SwitchStatus {
    SwitchStatus(
      datapath: datapath, peer: self.peer, version: self.version, isEncrypted: self.isEncrypted, role: self.role,
      connectedFor: Duration(now - self.since), roundTrip: self.liveness.roundTrip.map(Duration.init),
      unsentBytes: self.unsentBytes, requests: self.requests.count + (self.reading == nil ? 0 : 1),
      counters: self.counters)
  }
}

@available(*, unavailable) extension SwitchHandler: Sendable {}
