// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Looks a packet up in a table, does what is found, and goes on with the next action (ovs-actions(7), "resubmit").
public struct ResubmitAction: Sendable, Hashable {
  /// The port by which the packet shall seem to have come; `.inPort`: by the same as before.
  public var inPort: PortNumber
  /// The table; nil: the one that the flow is in.
  public var table: UInt8?
  /// Whether addresses and ports are those of the connection's first packet in the lookup.
  public var withConntrackTuple: Bool

  /// Looks up in `table`.
  public init(inPort: PortNumber = .inPort, table: UInt8? = nil, withConntrackTuple: Bool = false) {
    self.inPort = inPort
    self.table = table
    self.withConntrackTuple = withConntrackTuple
  }
}

/// The input port in 16 bits and, but for the oldest form, the table; 255 is the current one.
extension ResubmitAction {
  private static let currentTable: UInt8 = 0xff

  init(reading body: inout WireReader, subtype: UInt16) throws(OpenFlowDecodingError) {
    self.inPort = PortNumber(legacy: try body.read(UInt16.self, "resubmit's port"))
    let table = try body.read(UInt8.self, "resubmit's table")
    try body.skip(3)
    self.table = subtype == NiciraActionType.resubmit || table == Self.currentTable ? nil : table
    self.withConntrackTuple = subtype == NiciraActionType.resubmitTableConntrack
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard self.table != Self.currentTable else {
      throw .invalid(what: "resubmit", problem: "names table 255, but there are tables 0 to 254 only")
    }
    let subtype =
      if self.withConntrackTuple { NiciraActionType.resubmitTableConntrack } else if self.table == nil {
        NiciraActionType.resubmit
      } else {
        NiciraActionType.resubmitTable
      }
    Action.writeNiciraHeader(to: &writer, subtype: subtype, length: 16)
    writer.write(try self.inPort.legacy("resubmit"))
    // The oldest form has padding there.
    writer.write(subtype == NiciraActionType.resubmit ? 0 : self.table ?? Self.currentTable)
    writer.writeZeros(3)
  }
}
