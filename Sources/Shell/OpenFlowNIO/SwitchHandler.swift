// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Logging
import NIOCore
import FlowPipeline
import OpenFlow
import Reconciliation

/// One connection to a switch: handshake, liveness, and requests matched with their answers.
///
/// Frames come in from `FrameDecoder`, `SwitchCommand`s go out, and what the switch has to say is reported on the
/// channel's event loop, in order, each report before the next byte is read.
final class SwitchHandler: ChannelInboundHandler, ChannelOutboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = SwitchCommand
  typealias OutboundOut = ByteBuffer

  private let timing: ConnectionTiming
  private let report: (SwitchReport) -> Void
  private let logger: Logger
  private var handshake = Handshake()
  private var isConnected = false
  private var version = ProtocolVersion.v1_3
  private var nextXID: UInt32 = 1
  private var requests = PendingRequests()
  private var lastHeard = NIODeadline.now()
  private var since = NIODeadline.now()
  private var watch: Scheduled<Void>?
  private var closeReason: String?

  init(timing: ConnectionTiming, logger: Logger, report: @escaping (SwitchReport) -> Void) {
    self.timing = timing
    self.logger = logger
    self.report = report
  }

  func channelActive(context: ChannelHandlerContext) {
    self.lastHeard = .now()
    self.since = self.lastHeard
    // A HELLO carries the highest version that its sender has (6.3.1).
    self.send([.hello(Handshake.offer)], version: .v1_5, context: context)
    self.scheduleCheck(context: context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard self.closeReason == nil else { return }
    let frame = Self.unwrapInboundIn(data)
    self.lastHeard = .now()
    do {
      let message = try Message.decode(from: frame, version: self.version)
      self.received(message, frame, context: context)
    } catch {
      self.refuse(error, frame, context: context)
    }
  }

  private func received(_ message: Message, _ frame: ByteBuffer, context: ChannelHandlerContext) {
    switch message.body {
    case .echoRequest(let payload):
      self.send([.echoReply(payload)], xid: message.xid, context: context)
    case .echoReply: break
    case .error(let error):
      if self.isConnected {
        self.requests.cancel(message.xid)
        self.report(.refused(error))
      } else {
        self.close("the switch refused the handshake: \(error)", context: context)
      }
    case let body where self.isConnected: self.received(body, xid: message.xid, context: context)
    case let body: self.greet(body, frame, context: context)
    }
  }

  private func greet(_ body: MessageBody, _ frame: ByteBuffer, context: ChannelHandlerContext) {
    switch self.handshake.received(body) {
    case .ask(let version):
      self.version = version
      self.send(
        [
          .featuresRequest, .setConfig(SwitchConfiguration(missSendLength: 128)),
          .multipartRequest(MultipartRequest(.description)), .multipartRequest(MultipartRequest(.portDescriptions())),
        ], context: context)
    case .refuse(let theirs):
      let text = "OpenFlow 1.3 or 1.5 is needed; version \(theirs) was offered"
      self.send([.error(.incompatible(text))], context: context)
      self.close(text, context: context)
    case .wait: break
    case .done(let datapath, let description, let ports):
      self.isConnected = true
      self.report(
        .connected(datapath, SwitchReport.Greeting(version: self.version, description: description, ports: ports)))
    case .misplaced:
      self.send([.error(.badType(frame))], context: context)
      self.close("a message that has no place in a handshake", context: context)
    case .tooMuch:
      self.close("more than \(Handshake.maximumPorts) ports", context: context)
    }
  }

  private func received(_ body: MessageBody, xid: UInt32, context: ChannelHandlerContext) {
    switch body {
    case .packetIn(let packet): self.report(.packetIn(packet))
    case .portStatus(let status): self.report(.portStatus(status))
    case .flowRemoved(let removed): self.report(.flowRemoved(removed))
    case .barrierReply:
      if let ticket = self.requests.barrier(xid) { self.report(.confirmed(ticket: ticket)) }
    case .multipartReply(let reply):
      if let (ticket, readBack) = self.requests.reply(reply, xid: xid) { self.report(.read(ticket: ticket, readBack)) }
    // Everything else is an answer to nothing we asked, and harmless.
    default: break
    }
  }

  /// Bytes that are no message: the switch is told which, and the connection ends, for nothing after them is certain.
  private func refuse(_ error: OpenFlowDecodingError, _ frame: ByteBuffer, context: ChannelHandlerContext) {
    self.send([.error(.badRequest(error, frame))], context: context)
    self.close("not OpenFlow: \(error)", context: context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? OpenFlowDecodingError {
      self.refuse(error, ByteBuffer(), context: context)
    } else {
      self.close("\(error)", context: context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.watch?.cancel()
    let reason = self.closeReason ?? "the switch closed the connection"
    if self.isConnected {
      self.report(.closed(reason: reason))
    } else {
      self.logger.warning("no switch: connection ended", metadata: ["reason": "\(reason)"])
    }
    context.fireChannelInactive()
  }

  /// A switch that does not read what it is sent costs at most the high-water mark of memory.
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if !context.channel.isWritable { self.close("the switch reads too slowly", context: context) }
    context.fireChannelWritabilityChanged()
  }

  // MARK: Out

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    promise?.succeed()
    switch Self.unwrapOutboundIn(data) {
    case .send(let bodies): self.send(bodies, context: context)
    case .change(let bodies, let ticket):
      let last = self.send(bodies + [.barrierRequest], context: context)
      self.requests.expectBarrier(last, ticket: ticket)
    case .read(let ticket):
      let last = self.send(
        [
          // Only ours: what others have written may be long, and need not be understood.
          .multipartRequest(
            MultipartRequest(.flows(FlowRequest(cookie: Cookie.base.rawValue, cookieMask: Cookie.mask)))),
          .multipartRequest(MultipartRequest(.groupDescriptions())),
        ], context: context)
      self.requests.expectRead(flows: last &- 1, groups: last, ticket: ticket)
    case .close(let reason): self.close(reason, context: context)
    }
  }

  /// Encodes into one buffer and flushes once.
  /// - Returns: the last message's xid.
  @discardableResult
  private func send(
    _ bodies: [MessageBody], version: ProtocolVersion? = nil, xid: UInt32? = nil, context: ChannelHandlerContext
  ) -> UInt32 {
    var buffer = context.channel.allocator.buffer(capacity: 256 * bodies.count)
    var last: UInt32 = 0
    for body in bodies {
      last = xid ?? self.nextXID
      if xid == nil { self.nextXID = self.nextXID == .max ? 1 : self.nextXID + 1 }
      let start = buffer.writerIndex
      do {
        try Message(xid: last, body).encode(into: &buffer, version: version ?? self.version)
      } catch {
        // Ours to fix, not the switch's: leave the message out and say which.
        buffer.moveWriterIndex(to: start)
        self.logger.error("a message cannot be encoded", metadata: ["error": "\(error)", "message": "\(body)"])
      }
    }
    context.writeAndFlush(Self.wrapOutboundOut(buffer), promise: nil)
    return last
  }

  private func close(_ reason: String, context: ChannelHandlerContext) {
    guard self.closeReason == nil else { return }
    self.closeReason = reason
    context.close(promise: nil)
  }

  // MARK: Liveness

  /// Asks a silent switch whether it is there, and gives up on one that does not say (6.3.3, 6.4).
  private func check(context: ChannelHandlerContext) {
    let silence = NIODeadline.now() - self.lastHeard
    // Noise is no progress: this clock runs from the beginning.
    if !self.isConnected, NIODeadline.now() - self.since >= .nanoseconds(self.timing.handshakeTimeout.nanosecondCount) {
      return self.close("no handshake within \(self.timing.handshakeTimeout)", context: context)
    }
    if silence >= .nanoseconds(self.timing.deadAfter.nanosecondCount) {
      return self.close("the switch has been silent for \(self.timing.deadAfter)", context: context)
    }
    if self.isConnected, silence >= .nanoseconds(self.timing.echoInterval.nanosecondCount) {
      self.send([.echoRequest([])], context: context)
    }
    self.scheduleCheck(context: context)
  }

  private func scheduleCheck(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    self.watch = context.eventLoop.scheduleTask(in: .nanoseconds(self.timing.echoInterval.nanosecondCount)) {
      let (handler, context) = bound.value
      handler.check(context: context)
    }
  }
}

@available(*, unavailable)
extension SwitchHandler: Sendable {}
