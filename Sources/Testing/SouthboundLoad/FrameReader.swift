// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlowNIO

/// Passes a stream on as OpenFlow frames.
final class FrameReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private var frames = FrameBuffer()

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    self.frames.append(Self.unwrapInboundIn(data))
    do {
      while let frame = try self.frames.next() { context.fireChannelRead(Self.wrapInboundOut(frame)) }
    } catch {
      context.fireErrorCaught(error)
    }
  }
}

@available(*, unavailable)
extension FrameReader: Sendable {}
