// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow
import PacketCapture

/// What is written of one message, or of bytes that are none: a line of JSON.
///
/// Its members are in this order, each only if there is something to say: `time`, `source`, `destination`; `version`,
/// `xid`, `type`, `body`; `error`, `field`, `offset`, `stream_offset`, `lost`; `bytes`.
struct MessageLine {
  private(set) var members: [JSONValue.Member] = []
  /// Whether the line is about something that is no message.
  private(set) var isError = false

  init(_ sighting: CaptureDecoder.Sighting) {
    if let time = sighting.time { self.members.append(.init("time", .number(time.description))) }
    self.members.append(.init("source", .string(sighting.direction.source.description)))
    self.members.append(.init("destination", .string(sighting.direction.destination.description)))
    self.add(sighting.item)
  }

  init(_ item: MessageStream.Item) { self.add(item) }

  var value: JSONValue { .object(self.members) }

  private mutating func add(_ item: MessageStream.Item) {
    switch item {
    case .message(let bytes, let offset): self.addMessage(bytes, offset)
    case .broken(let bytes, let offset, let at, let field, let problem):
      // What is no OpenFlow has no such header.
      if let version = bytes.first, (1...6).contains(version) { self.addHeader(bytes) }
      self.addError(problem, field: field, at: at, in: offset)
      self.addBytes(bytes)
    case .lost(let count, let offset, let problem):
      self.isError = true
      self.members.append(.init("error", .string(problem)))
      self.members.append(.init("stream_offset", .integer(offset)))
      self.members.append(.init("lost", .integer(count)))
    }
  }

  private mutating func addMessage(_ bytes: [UInt8], _ offset: Int) {
    do {
      let message = try MessageCoding.decode(bytes)
      self.members += try MessageCoding.members(of: message, version: bytes[0])
      if (try? MessageCoding.bytes(of: message, version: bytes[0])) != bytes { self.addBytes(bytes) }
    } catch {
      self.addHeader(bytes)
      let place = (error as? MessageProblem)?.place
      self.addError("\(error)", field: place?.field, at: place?.offset, in: offset)
      self.addBytes(bytes)
    }
  }

  /// What can be said of a message that cannot be read.
  private mutating func addHeader(_ bytes: [UInt8]) {
    guard let header = MessageHeader(bytes[...]) else { return }
    self.members.append(.init("version", .string(VersionName.text(header.version))))
    if let xid = header.xid { self.members.append(.init("xid", .integer(xid))) }
    self.members.append(.init("type", MessageTypeName.value(header)))
  }

  private mutating func addError(_ problem: String, field: String?, at offset: Int?, in streamOffset: Int) {
    self.isError = true
    self.members.append(.init("error", .string(problem)))
    if let field { self.members.append(.init("field", .string(field))) }
    if let offset { self.members.append(.init("offset", .integer(offset))) }
    self.members.append(.init("stream_offset", .integer(streamOffset)))
  }

  private mutating func addBytes(_ bytes: [UInt8]) {
    self.members.append(.init("bytes", .string(Hex.text(bytes))))
  }
}
