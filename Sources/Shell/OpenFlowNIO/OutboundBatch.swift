// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

/// Messages on their way to one switch: encoded, numbered, and collected until they are written together.
struct OutboundBatch {
  /// Encoded messages with the xids of ours among them.
  struct Chunk {
    var bytes: ByteBuffer
    var first: UInt32
    var last: UInt32
    /// Whether it holds anything but answers to echo requests.
    var hasOwn: Bool
  }

  /// A place to come back to if what follows cannot be encoded.
  struct Mark {
    fileprivate var chunks: Int
    fileprivate var writerIndex: Int
    fileprivate var xid: UInt32
    fileprivate var hasOwn: Bool
  }

  /// At this size a chunk is full: a long program is not copied again and again while its buffer grows.
  private static let fullSize = 16 << 10

  private let allocator: ByteBufferAllocator
  private var full: [Chunk] = []
  private var bytes = ByteBuffer()
  private var firstXID: UInt32 = 1
  private var hasOwn = false
  private var expectedSize = 256
  /// The next message's number. 0 is never given: some switches use it for what they send unasked.
  private(set) var nextXID: UInt32 = 1

  /// The number that was given last.
  var lastXID: UInt32 { self.nextXID == 1 ? .max : self.nextXID - 1 }

  init(allocator: ByteBufferAllocator) { self.allocator = allocator }

  var isEmpty: Bool { self.bytes.readableBytes == 0 && self.full.isEmpty }

  var mark: Mark {
    Mark(chunks: self.full.count, writerIndex: self.bytes.writerIndex, xid: self.nextXID, hasOwn: self.hasOwn)
  }

  /// Removes everything since `mark`; the numbers are given again.
  mutating func rollBack(to mark: Mark) {
    if self.full.count > mark.chunks {
      self.bytes = self.full[mark.chunks].bytes
      self.firstXID = self.full[mark.chunks].first
      self.full.removeSubrange(mark.chunks...)
    }
    self.bytes.moveWriterIndex(to: mark.writerIndex)
    self.nextXID = mark.xid
    self.hasOwn = mark.hasOwn
  }

  /// Encodes a message of ours.
  /// - Returns: its xid.
  /// - Throws: if it cannot be said; then nothing was added.
  @discardableResult
  mutating func append(
    _ body: MessageBody, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) -> UInt32 {
    self.prepare()
    let xid = self.nextXID
    try Message(xid: xid, body).encode(into: &self.bytes, version: version)
    self.appended(xid)
    return xid
  }

  /// Encodes an answer, which has the xid of the question.
  mutating func answer(_ message: Message, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    self.prepare()
    try message.encode(into: &self.bytes, version: version)
  }

  /// An error to a peer with whom no version is common: in its version, so that it can be read.
  mutating func refuse(_ error: ErrorMessage, xid: UInt32, headerVersion: UInt8) {
    self.prepare()
    let start = self.bytes.writerIndex
    // An error has the same form in all versions, and this one is short.
    try? Message(xid: xid, .error(error)).encode(into: &self.bytes, version: .v1_3)
    if self.bytes.writerIndex > start {
      self.bytes.setInteger(min(headerVersion, Handshake.offer.headerVersion), at: start)
    }
  }

  /// Everything that was collected; the batch is empty then.
  mutating func take() -> [Chunk] {
    self.expectedSize = min(max(self.bytes.readableBytes, 256), Self.fullSize)
    if self.bytes.readableBytes > 0 { self.finishChunk() }
    let chunks = self.full
    self.full = []
    return chunks
  }

  private mutating func prepare() {
    if self.bytes.readableBytes >= Self.fullSize { self.finishChunk() }
    if self.bytes.readableBytes == 0 {
      self.bytes = self.allocator.buffer(capacity: self.expectedSize)
      self.firstXID = self.nextXID
      self.hasOwn = false
    }
  }

  private mutating func appended(_ xid: UInt32) {
    self.hasOwn = true
    self.nextXID = xid == .max ? 1 : xid + 1
  }

  private mutating func finishChunk() {
    self.full.append(Chunk(bytes: self.bytes, first: self.firstXID, last: self.lastXID, hasOwn: self.hasOwn))
    self.bytes = ByteBuffer()
  }
}
