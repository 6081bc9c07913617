// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// Finds the messages in one direction of a connection: each begins where the one before it ends.
///
/// If the border is lost (a length that cannot be, bytes that are not in the capture), it looks for the next run of
/// bytes that begins like a message: senders write whole messages, so segments often begin with one.
struct MessageStream {
  enum Item: Equatable {
    /// A message, and where in the stream it begins.
    case message([UInt8], offset: Int)
    /// Bytes that are no whole message, and why. `field` is at byte `at` of them.
    case broken([UInt8], offset: Int, at: Int, field: String, problem: String)
    /// Bytes that are not shown, and why.
    case lost(Int, offset: Int, problem: String)
  }

  private enum State { case aligned, searching, ended }

  /// Whether the bytes arrive in runs of which some begin with a message; a file is all one run.
  private let hasRuns: Bool
  private var state: State
  private var buffer: [UInt8] = []
  /// Where in the stream the buffer begins.
  private var offset = 0
  /// Bytes passed over since the border was lost.
  private var skipped = 0

  /// - Parameter inTheMiddle: the stream may begin in the middle of a message.
  init(hasRuns: Bool, inTheMiddle: Bool = false) {
    self.hasRuns = hasRuns
    self.state = inTheMiddle ? .searching : .aligned
  }

  /// What becomes known by the next run of bytes.
  mutating func add(_ bytes: ArraySlice<UInt8>) -> [Item] {
    var items: [Item] = []
    if self.state == .searching, MessageBorder.isLikely(at: bytes) {
      self.endSearch(&items)
      self.state = .aligned
    }
    switch self.state {
    case .aligned:
      self.buffer += bytes
      self.takeMessages(&items)
    case .searching, .ended:
      self.skipped += bytes.count
      self.offset += bytes.count
    }
    return items
  }

  /// `count` bytes are not there.
  mutating func addGap(_ count: Int) -> [Item] {
    guard self.state != .ended else { return [] }
    var items: [Item] = []
    self.endSearch(&items)
    self.breakOff("the rest of the message is not in the capture", &items)
    items.append(.lost(count, offset: self.offset, problem: "\(count) bytes are not in the capture"))
    self.offset += count
    self.state = .searching
    return items
  }

  /// Nothing more comes.
  mutating func finish() -> [Item] {
    var items: [Item] = []
    self.endSearch(&items)
    self.breakOff("the stream ends within the message", &items)
    self.state = .ended
    return items
  }

  private mutating func takeMessages(_ items: inout [Item]) {
    var start = 0
    while let header = MessageHeader(self.buffer[start...]) {
      if start == 0, self.offset == 0, let problem = header.foreignProtocol(self.buffer) {
        return self.lose(from: start, field: "message version", at: 0, problem, &items)
      }
      guard header.length >= OpenFlowFrame.headerLength else {
        let problem =
          "message length at byte 2 is \(header.length), but it must be \(OpenFlowFrame.headerLength) or more: "
          + "where the next message begins is not known"
        return self.lose(from: start, field: "message length", at: 2, problem, &items)
      }
      guard self.buffer.count - start >= header.length else { break }
      items.append(.message(Array(self.buffer[start..<(start + header.length)]), offset: self.offset + start))
      start += header.length
    }
    self.buffer.removeSubrange(..<start)
    self.offset += start
  }

  /// The border of messages is lost at byte `start` of the buffer.
  private mutating func lose(from start: Int, field: String, at: Int, _ problem: String, _ items: inout [Item]) {
    let bytes = self.buffer[start...]
    let shown = Array(bytes.prefix(64))
    items.append(.broken(shown, offset: self.offset + start, at: at, field: field, problem: problem))
    self.skipped = bytes.count - shown.count
    self.offset += self.buffer.count
    self.buffer = []
    self.state = self.hasRuns ? .searching : .ended
  }

  /// What is in the buffer is all that there is of its message.
  private mutating func breakOff(_ problem: String, _ items: inout [Item]) {
    guard !self.buffer.isEmpty else { return }
    let whole = MessageHeader(self.buffer[...]).map { ": \(self.buffer.count) of \($0.length) bytes are there" } ?? ""
    items.append(
      .broken(
        self.buffer, offset: self.offset, at: self.buffer.count, field: "message", problem: problem + whole))
    self.offset += self.buffer.count
    self.buffer = []
  }

  private mutating func endSearch(_ items: inout [Item]) {
    guard self.skipped > 0 else { return }
    let problem = "\(self.skipped) bytes were passed over: where in them a message begins is not known"
    items.append(.lost(self.skipped, offset: self.offset - self.skipped, problem: problem))
    self.skipped = 0
  }
}
