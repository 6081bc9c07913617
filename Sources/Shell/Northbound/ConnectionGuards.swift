// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client takes nothing of what is written to it (see `IdleStateHandler`).
final class StalledClientHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case IdleStateHandler.IdleStateEvent.write? = event as? IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }
}

@available(*, unavailable)
extension StalledClientHandler: Sendable {}

/// Closes a connection whose client sends much more body than any request needs: the rest of a request would be read
/// to its end, however long, after the answer.
final class BodyLimitHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  /// A declared length above `limit` is answered with 413; these bytes more let the client read that answer.
  private static let grace = 64 << 10
  private let limit: Int
  private var size = 0

  init(limit: Int) {
    self.limit = limit
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head, .end: self.size = 0
    case .body(let bytes): self.size += bytes.readableBytes
    }
    if self.size > self.limit + Self.grace {
      context.close(promise: nil)
    } else {
      context.fireChannelRead(data)
    }
  }
}

@available(*, unavailable)
extension BodyLimitHandler: Sendable {}
