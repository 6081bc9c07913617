// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import OpenFlow

/// Cuts a stream into OpenFlow frames, however it was fragmented or coalesced (OpenFlow 1.3.5, 7.1.1).
///
/// A frame that lies in one chunk is a slice of it; only one that lies across two is copied. A frame has at most
/// 65,535 bytes, so that is as much as is ever kept between chunks.
package struct FrameBuffer {
  /// What was read last, from the first frame that was not taken yet.
  private var chunk = ByteBuffer()
  /// The beginning of a frame whose rest has not come.
  private var partial = ByteBuffer()

  package init() {}

  /// Takes over what was read. All frames of the chunk before it must have been taken.
  package mutating func append(_ chunk: ByteBuffer) { self.chunk = chunk }

  /// The next whole frame; nil if there is none yet, and then nothing of the chunk is held any more.
  ///
  /// - Throws: `OpenFlowDecodingError.badLength` for a length that no frame can have: there is no way to tell where
  ///   the next one would begin.
  package mutating func next() throws(OpenFlowDecodingError) -> ByteBuffer? {
    guard self.partial.readableBytes == 0 else { return try self.completed() }
    if let length = try OpenFlowFrame.length(of: self.chunk), let frame = self.chunk.readSlice(length: length) {
      return frame
    }
    self.partial.writeBuffer(&self.chunk)
    self.chunk = ByteBuffer()
    return nil
  }

  /// The frame that began in an earlier chunk.
  private mutating func completed() throws(OpenFlowDecodingError) -> ByteBuffer? {
    self.fill(to: 4)
    if let length = try OpenFlowFrame.length(of: self.partial) {
      self.fill(to: length)
      if self.partial.readableBytes == length {
        let frame = self.partial
        self.partial = ByteBuffer()
        return frame
      }
    }
    self.chunk = ByteBuffer()
    return nil
  }

  private mutating func fill(to count: Int) {
    let missing = min(count - self.partial.readableBytes, self.chunk.readableBytes)
    guard missing > 0, var bytes = self.chunk.readSlice(length: missing) else { return }
    self.partial.writeBuffer(&bytes)
  }
}
