// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow
import OpenFlowNIO
import Testing

struct FrameBufferTests {
  /// Frames of 8, 9, …, and one as long as can be.
  private static let frames: [ByteBuffer] = ((8...40).map { $0 } + [65_535]).map { length in
    var frame = ByteBuffer(integer: UInt32(0x0402_0000) | UInt32(length))
    frame.writeInteger(UInt32(length))
    frame.writeRepeatingByte(UInt8(length & 0xff), count: length - 8)
    return frame
  }

  @Test(arguments: [1, 2, 3, 5, 7, 11, 64, 1000, 16_384, 1 << 20]) func findsFramesHoweverTheStreamIsCut(chunkSize: Int)
    throws
  {
    var stream = Self.frames.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) }
    var buffer = FrameBuffer()
    var found: [ByteBuffer] = []
    while stream.readableBytes > 0 {
      guard let chunk = stream.readSlice(length: min(chunkSize, stream.readableBytes)) else { break }
      buffer.append(chunk)
      while let frame = try buffer.next() { found.append(frame) }
    }
    #expect(found == Self.frames)
  }

  @Test(arguments: 0..<8) func refusesALengthThatNoFrameHas(length: UInt16) throws {
    var buffer = FrameBuffer()
    buffer.append(ByteBuffer(bytes: [4, 0, 0, UInt8(length)]))
    #expect(throws: OpenFlowDecodingError.self) { try buffer.next() }
  }

  @Test func refusesSuchALengthAcrossChunks() throws {
    var buffer = FrameBuffer()
    buffer.append(ByteBuffer(bytes: [4, 0, 0]))
    #expect(try buffer.next() == nil)
    buffer.append(ByteBuffer(bytes: [7, 9]))
    #expect(throws: OpenFlowDecodingError.self) { try buffer.next() }
  }
}
