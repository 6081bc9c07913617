// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One event of a stream (WHATWG HTML, 9.2.6).
package struct ServerSentEvent: Sendable, Equatable {
  /// Of this event or the last one before it that had one; nil: none had.
  package var id: String?
  /// `message` if the server names none.
  package var event: String
  package var data: String

  package init(id: String?, event: String, data: String) {
    self.id = id
    self.event = event
    self.data = data
  }
}

/// Bytes into events, however they are cut. Comments and unknown fields are skipped.
package struct ServerSentEventParser: Sendable {
  /// Bytes of one line, and of one event's data.
  package static let limit = 1 << 20

  package struct TooLong: Error, Sendable, Equatable {}

  private var line: [UInt8] = []
  /// The last byte was CR: an LF that follows belongs to the same end of line.
  private var wasCarriageReturn = false
  private var id: String?
  private var event = ""
  private var data: [UInt8] = []
  private var hasData = false

  package init() {}

  /// - Returns: the events that these bytes complete.
  package mutating func read(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for byte in bytes {
      let isAfterCarriageReturn = self.wasCarriageReturn
      self.wasCarriageReturn = byte == 0x0d
      switch byte {
      case 0x0a where isAfterCarriageReturn: break
      case 0x0a, 0x0d:
        if let event = try self.endLine() { events.append(event) }
      default:
        guard self.line.count < Self.limit else { throw TooLong() }
        self.line.append(byte)
      }
    }
    return events
  }

  private mutating func endLine() throws(TooLong) -> ServerSentEvent? {
    defer { self.line.removeAll(keepingCapacity: true) }
    guard !self.line.isEmpty else { return self.dispatch() }
    let colon = self.line.firstIndex(of: 0x3a)
    let field = String(decoding: self.line[..<(colon ?? self.line.endIndex)], as: UTF8.self)
    var value = colon.map { self.line[($0 + 1)...] } ?? []
    if value.first == 0x20 { value = value.dropFirst() }
    switch field {
    case "data":
      guard self.data.count + value.count < Self.limit else { throw TooLong() }
      if self.hasData { self.data.append(0x0a) }
      self.data.append(contentsOf: value)
      self.hasData = true
    case "event": self.event = String(decoding: value, as: UTF8.self)
    case "id" where !value.contains(0): self.id = String(decoding: value, as: UTF8.self)
    default: break
    }
    return nil
  }

  private mutating func dispatch() -> ServerSentEvent? {
    defer {
      self.event = ""
      self.data.removeAll(keepingCapacity: true)
      self.hasData = false
    }
    guard self.hasData else { return nil }
    return ServerSentEvent(
      id: self.id, event: self.event.isEmpty ? "message" : self.event, data: String(decoding: self.data, as: UTF8.self))
  }
}
