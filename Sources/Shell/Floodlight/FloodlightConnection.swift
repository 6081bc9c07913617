// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import NIOCore
import NIOHTTP1

/// One connection of a client: requests are answered in their order, and entries that are sent one behind the other,
/// without waiting, are worked on together.
///
/// So a client that keeps its connection full is not held up by the way to the disk for each entry; one that waits for
/// every answer gets each as soon as it is confirmed.
final class FloodlightConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// Bytes of a request's body: a group with a few hundred buckets.
  static let bodyLimit = 1 << 20
  /// Requests of one connection that are not answered yet; until then no more is read.
  static let depth = 256

  private struct Slot {
    var number: UInt64
    var reply: FloodlightReply?
    var closes: Bool
  }

  private let service: FloodlightService
  private var head: HTTPRequestHead?
  private var body: ByteBuffer?
  private var isTooLarge = false
  /// Of entries, already ordered; of what else, the first one only.
  private var slots = CircularBuffer<Slot>()
  private var nextSlot: UInt64 = 0
  /// What waits for the end of what is being read, or because something else must be answered before it; nil: a request
  /// that is too large.
  private var waiting = CircularBuffer<(request: FloodlightRequest?, closes: Bool)>()
  private var isOrdering = false
  private var isAlone = false
  private var isReadPending = false
  private var isClosing = false
  private var isFlushDue = false

  init(service: FloodlightService) { self.service = service }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !self.isClosing else { return }
    switch self.unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      self.body = nil
      self.isTooLarge = false
    case .body(var part):
      guard !self.isTooLarge else { return }
      if (self.body?.readableBytes ?? 0) + part.readableBytes > Self.bodyLimit {
        self.isTooLarge = true
        self.body = nil
      } else if self.body == nil {
        self.body = part
      } else {
        self.body?.writeBuffer(&part)
      }
    case .end:
      guard let head = self.head else { return }
      self.head = nil
      let request = FloodlightRequest(head, body: self.body.map { Array($0.readableBytesView) } ?? [])
      self.body = nil
      if self.isTooLarge { self.isClosing = true }
      self.waiting.append((self.isTooLarge ? nil : request, closes: !head.isKeepAlive || self.isTooLarge))
    }
  }

  func read(context: ChannelHandlerContext) {
    if self.slots.count + self.waiting.count >= Self.depth { self.isReadPending = true } else { context.read() }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    self.pump(context)
    context.flush()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Orders as much as may be ordered now, together.
  private func pump(_ context: ChannelHandlerContext) {
    // What is answered on the spot is not in the way: the loop goes on behind it.
    guard !self.isOrdering else { return }
    self.isOrdering = true
    defer { self.isOrdering = false }
    var orders: [EntryOrder] = []
    while !self.isAlone, let first = self.waiting.first {
      let kind = first.request.flatMap { self.service.orderKind(of: $0) }
      guard kind != nil || self.slots.isEmpty else { break }
      _ = self.waiting.removeFirst()
      let number = self.takeNumber()
      self.slots.append(Slot(number: number, reply: nil, closes: first.closes))
      self.isAlone = kind == nil
      guard let request = first.request else {
        self.answered(number, .tooLarge, context)
        continue
      }
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      let eventLoop = context.eventLoop
      let reply: @Sendable (FloodlightReply) -> Void = { reply in
        if eventLoop.inEventLoop {
          let (handler, context) = bound.value
          handler.answered(number, reply, context)
        } else {
          eventLoop.execute {
            let (handler, context) = bound.value
            handler.answered(number, reply, context)
          }
        }
      }
      if let kind {
        if let order = self.service.order(kind, request, reply) { orders.append(order) }
      } else {
        let service = self.service
        Task { reply(await service.answer(request)) }
      }
    }
    if !orders.isEmpty { self.service.surface.order(orders) }
  }

  private func takeNumber() -> UInt64 {
    self.nextSlot += 1
    return self.nextSlot
  }

  private func answered(_ number: UInt64, _ reply: FloodlightReply, _ context: ChannelHandlerContext) {
    guard let first = self.slots.first, number >= first.number else { return }
    let index = self.slots.index(self.slots.startIndex, offsetBy: Int(number - first.number))
    guard index < self.slots.endIndex else { return }
    self.slots[index].reply = reply
    self.write(context)
  }

  /// Writes what is answered up to the first that is not.
  private func write(_ context: ChannelHandlerContext) {
    var hasWritten = false
    while let slot = self.slots.first, let reply = slot.reply {
      self.slots.removeFirst()
      hasWritten = true
      self.write(reply, closes: slot.closes, context)
      self.isAlone = false
      if slot.closes {
        self.isClosing = true
        context.flush()
        context.close(promise: nil)
        return
      }
    }
    self.pump(context)
    if hasWritten { self.flushSoon(context) }
    if self.isReadPending, self.slots.count + self.waiting.count < Self.depth {
      self.isReadPending = false
      context.read()
    }
  }

  /// Answers of one turn of the event loop leave together.
  private func flushSoon(_ context: ChannelHandlerContext) {
    guard !self.isFlushDue else { return }
    self.isFlushDue = true
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.execute {
      let (handler, context) = bound.value
      handler.isFlushDue = false
      context.flush()
    }
  }

  private func write(_ reply: FloodlightReply, closes: Bool, _ context: ChannelHandlerContext) {
    var headers = HTTPHeaders()
    headers.reserveCapacity(8)
    headers.add(name: "Content-Type", value: reply.contentType)
    headers.add(name: "Content-Length", value: "\(reply.body.count)")
    for (name, value) in Self.crossOrigin { headers.add(name: name, value: value) }
    if closes { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers)
    context.write(self.wrapOutboundOut(.head(head)), promise: nil)
    if !reply.body.isEmpty {
      context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
    }
    context.write(self.wrapOutboundOut(.end(nil)), promise: nil)
  }

  /// What Floodlight says with every answer.
  private static let crossOrigin = [
    ("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Allow-Methods", "DELETE, POST, GET, PUT"),
    ("Access-Control-Expose-Headers", "Authorization, Link"),
  ]
}

extension FloodlightConnection: ChannelOutboundHandler {
  typealias OutboundIn = HTTPServerResponsePart
}

extension FloodlightRequest {
  fileprivate init(_ head: HTTPRequestHead, body: [UInt8]) {
    let path = head.uri.prefix { $0 != "?" }
    self.init(
      method: head.method, path: path.split(separator: "/").map { $0.percentDecoded },
      target: head.uri,
      token: head.headers.first(name: "Authorization").flatMap { value in
        value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst(7)) : nil
      },
      isFromPage: head.headers.contains(name: "Origin"), body: body)
  }
}
