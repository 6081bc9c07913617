// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

/// What was sent lately, so that an OFPT_ERROR can be shown with the message that it is about.
///
/// It keeps the buffers as they were written, without a copy: those behind which a barrier was sent until the barrier
/// is answered, for then no error about them can come any more; all others as long as there is room.
struct SentMessages {
  fileprivate struct Batch {
    var bytes: ByteBuffer
    var last: UInt32
    /// Where a search went last: errors come in the order of the messages, so the next one is behind.
    var hint: (xid: UInt32, offset: Int)
  }

  private var batches = CircularBuffer<Batch>()
  private var byteCount = 0
  private var lastBarrier: UInt32?
  private let limit: Int
  private let limitBeforeBarrier: Int

  init(limits: ConnectionLimits) {
    self.limit = limits.keptBytes
    self.limitBeforeBarrier = limits.keptBytesBeforeBarrier
  }

  /// - Parameters:
  ///   - bytes: whole messages.
  ///   - first, last: the xids of ours among them.
  mutating func append(_ bytes: ByteBuffer, first: UInt32, last: UInt32) {
    self.batches.append(Batch(bytes: bytes, last: last, hint: (first, bytes.readerIndex)))
    self.byteCount += bytes.storageCapacity
    self.trim()
  }

  mutating func expectBarrier(_ xid: UInt32) { self.lastBarrier = xid }

  /// What was sent up to this barrier cannot be refused any more.
  mutating func confirmed(through xid: UInt32) {
    while let first = self.batches.first, !isLater(first.last, than: xid) { self.removeFirst() }
    if let last = self.lastBarrier, !isLater(last, than: xid) { self.lastBarrier = nil }
    self.trim()
  }

  /// The message with this xid; nil if it is not kept any more.
  mutating func message(_ xid: UInt32, version: ProtocolVersion) -> MessageBody? {
    guard let index = self.batches.firstIndex(where: { !isLater(xid, than: $0.last) }) else { return nil }
    let hint = self.batches[index].hint
    guard !isLater(hint.xid, than: xid), let offset = self.batches[index].find(xid, from: hint.offset) else {
      return nil
    }
    self.batches[index].hint = (xid, offset)
    return self.batches[index].message(at: offset, version: version)
  }

  private mutating func trim() {
    let limit = self.lastBarrier == nil ? self.limit : self.limitBeforeBarrier
    while self.byteCount > limit, self.batches.count > 1 { self.removeFirst() }
  }

  private mutating func removeFirst() { self.byteCount -= self.batches.removeFirst().bytes.storageCapacity }
}

extension SentMessages.Batch {
  private static let echoReply: UInt8 = 3

  /// Passes over echo replies, whose xid is the switch's.
  func find(_ xid: UInt32, from offset: Int) -> Int? {
    var offset = offset
    while let header: UInt64 = self.bytes.getInteger(at: offset), offset < self.bytes.writerIndex {
      let length = Int(header >> 32 & 0xffff)
      if UInt32(truncatingIfNeeded: header) == xid, UInt8(truncatingIfNeeded: header >> 48) != Self.echoReply {
        return offset
      }
      guard length >= OpenFlowFrame.headerLength else { return nil }
      offset += length
    }
    return nil
  }

  func message(at offset: Int, version: ProtocolVersion) -> MessageBody? {
    guard let length: UInt16 = self.bytes.getInteger(at: offset + 2),
      let frame = self.bytes.getSlice(at: offset, length: Int(length)),
      let message = try? Message.decode(from: frame, version: version)
    else { return nil }
    // Of what is in a bundle the message itself is wanted.
    if case .bundleAddMessage(let adding) = message.body { return adding.body }
    return message.body
  }
}

/// Whether `a` was given out after `b`. The numbers begin anew after 4 thousand million.
private func isLater(_ a: UInt32, than b: UInt32) -> Bool { Int32(bitPattern: a &- b) > 0 }
