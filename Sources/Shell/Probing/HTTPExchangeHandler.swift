// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Sends the request when the connection is open, and keeps the answer's promise.
final class HTTPExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let request: HTTPExchange
  private let promise: EventLoopPromise<HTTPExchange.Answer>
  private var answer: HTTPExchange.Answer?

  init(_ request: HTTPExchange, _ promise: EventLoopPromise<HTTPExchange.Answer>) {
    self.request = request
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: self.request.path,
      headers: ["host": self.request.host, "connection": "close", "accept": "*/*"])
    context.write(self.wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch self.unwrapInboundIn(data) {
    case .head(let head):
      let answer = HTTPExchange.Answer(status: Int(head.status.code), body: ByteBuffer())
      self.answer = answer
      if self.request.reading == .head { self.promise.succeed(answer) }
    case .body(var part):
      guard case .body(let limit) = self.request.reading, var answer = self.answer else { return }
      guard answer.body.readableBytes + part.readableBytes <= limit else {
        self.promise.fail(HTTPExchangeError.tooLarge(limit: limit))
        return
      }
      self.answer = nil
      answer.body.writeBuffer(&part)
      self.answer = answer
    case .end:
      if let answer = self.answer { self.promise.succeed(answer) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.promise.fail(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.promise.fail(HTTPExchangeError.closed)
  }
}

@available(*, unavailable)
extension HTTPExchangeHandler: Sendable {}
