// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a switch tells a controller that monitors its flows (OpenFlow 1.5.1, 7.3.5).
public enum FlowUpdate: Sendable, Hashable {
  /// A flow that was there, came, went or changed.
  case flow(Change)
  /// OFPFME_ABBREV: what the controller's own request with this transaction id did.
  case abbreviated(xid: UInt32)
  /// OFPFME_PAUSED: from here on changes are not told, because the controller reads too slowly.
  case paused
  /// OFPFME_RESUMED: changes are told again.
  case resumed
  /// An event that this module does not read; `body` follows length and event and has a length of 8·n + 4 bytes.
  case unknown(event: UInt16, body: [UInt8])

  /// A flow and what happened to it.
  public struct Change: Sendable, Hashable {
    /// What happened.
    public var event: Event
    /// The flow's table.
    public var tableID: UInt8
    /// Why it went, if it did.
    public var reason: FlowRemoved.Reason
    /// Its idle timeout in seconds; 0: none.
    public var idleTimeout: UInt16
    /// Its hard timeout in seconds; 0: none.
    public var hardTimeout: UInt16
    /// Its priority.
    public var priority: UInt16
    /// Its cookie.
    public var cookie: UInt64
    /// What packets it is for.
    public var match: Match
    /// What is done with them, if the monitor asks for it and the flow is still there.
    public var instructions: [Instruction]

    /// A flow and what happened to it.
    public init(
      event: Event, tableID: UInt8, reason: FlowRemoved.Reason = .idleTimeout, idleTimeout: UInt16 = 0,
      hardTimeout: UInt16 = 0, priority: UInt16, cookie: UInt64 = 0, match: Match, instructions: [Instruction] = []
    ) {
      self.event = event
      self.tableID = tableID
      self.reason = reason
      self.idleTimeout = idleTimeout
      self.hardTimeout = hardTimeout
      self.priority = priority
      self.cookie = cookie
      self.match = match
      self.instructions = instructions
    }
  }

  /// OFPFME_*, as far as they are about a flow.
  public enum Event: UInt16, Sendable, Hashable, CaseIterable {
    /// OFPFME_INITIAL: it was there when the monitor was added.
    case initial = 0
    /// OFPFME_ADDED
    case added = 1
    /// OFPFME_REMOVED
    case removed = 2
    /// OFPFME_MODIFIED
    case modified = 3
  }
}

extension FlowUpdate {
  private enum Number {
    static let abbreviated: UInt16 = 4
    static let paused: UInt16 = 5
    static let resumed: UInt16 = 6
  }

  /// Reads updates until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [FlowUpdate] {
    try reader.readEntries(minimum: 8, "flow update") { (body) throws(OpenFlowDecodingError) in
      try FlowUpdate(reading: &body, version: version)
    }
  }

  private init(reading body: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let number = try body.read(UInt16.self, "flow update's event")
    switch number {
    case Number.abbreviated: self = .abbreviated(xid: try body.read(UInt32.self, "transaction id"))
    case Number.paused:
      try body.skip(4)
      self = .paused
    case Number.resumed:
      try body.skip(4)
      self = .resumed
    default:
      if let event = Event(rawValue: number) {
        self = .flow(try Change(event: event, reading: &body, version: version))
      } else {
        self = .unknown(event: number, body: body.readRest())
      }
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(2)
    switch self {
    case .flow(let change): try change.write(to: &writer, version: version)
    case .abbreviated(let xid):
      writer.write(Number.abbreviated)
      writer.write(xid)
    case .paused:
      writer.write(Number.paused)
      writer.writeZeros(4)
    case .resumed:
      writer.write(Number.resumed)
      writer.writeZeros(4)
    case .unknown(let event, let body):
      guard body.count % 8 == 4 else {
        throw .invalid(what: "flow update \(event)", problem: "has a body of \(body.count) bytes, not of 8·n + 4")
      }
      writer.write(event)
      writer.writeBytes(body)
    }
    try writer.patchLength(at: start, since: start, "flow update")
  }
}

/// ofp_flow_update_full
extension FlowUpdate.Change {
  fileprivate init(
    event: FlowUpdate.Event, reading body: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) {
    self.event = event
    self.tableID = try body.read(UInt8.self, "table")
    self.reason = FlowRemoved.Reason(rawValue: try body.read(UInt8.self, "reason"))
    self.idleTimeout = try body.read(UInt16.self, "idle timeout")
    self.hardTimeout = try body.read(UInt16.self, "hard timeout")
    self.priority = try body.read(UInt16.self, "priority")
    try body.skip(4)
    self.cookie = try body.read(UInt64.self, "cookie")
    self.match = try Match(reading: &body)
    self.instructions = try Instruction.list(reading: &body, version: version)
  }

  fileprivate func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.event.rawValue)
    writer.write(self.tableID)
    writer.write(self.reason.rawValue)
    writer.write(self.idleTimeout)
    writer.write(self.hardTimeout)
    writer.write(self.priority)
    writer.writeZeros(4)
    writer.write(self.cookie)
    try self.match.write(to: &writer, version: version)
    try Instruction.write(self.instructions, to: &writer, version: version)
  }
}
