// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
import OpenFlow

/// Cuts a stream into OpenFlow frames, however it was fragmented or coalesced (OpenFlow 1.3.5, 7.1.1).
///
/// A frame is at most 65,535 bytes, so that is as much as is ever kept. A length that no frame can have ends the
/// connection: there is no way to tell where the next one would begin.
package struct FrameDecoder: ByteToMessageDecoder {
  package typealias InboundOut = ByteBuffer

  package init() {}

  package mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let length = try OpenFlowFrame.length(of: buffer), let frame = buffer.readSlice(length: length) else {
      return .needMoreData
    }
    context.fireChannelRead(Self.wrapInboundOut(frame))
    return .continue
  }

  package mutating func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) throws -> DecodingState {
    try self.decode(context: context, buffer: &buffer)
  }
}
