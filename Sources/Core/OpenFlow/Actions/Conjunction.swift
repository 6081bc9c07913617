// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Says that a flow is one of several conditions that must all hold (ovs-fields(7), "Conjunctive Match Fields"): a
/// packet for which each of the clauses has a flow that it matches gets to the flow that matches `conj_id`.
public struct Conjunction: Sendable, Hashable {
  /// The value that `conj_id` then has.
  public var id: UInt32
  /// Which of the clauses the flow belongs to. 1 … `clauseCount`
  public var clause: UInt8
  /// How many clauses there are. 2 … 64
  public var clauseCount: UInt8

  /// The flow is in clause `clause` of `clauseCount`.
  public init(id: UInt32, clause: UInt8, of clauseCount: UInt8) {
    self.id = id
    self.clause = clause
    self.clauseCount = clauseCount
  }
}

/// The clause counts from 0 on the wire.
extension Conjunction {
  private static let clauseCounts: ClosedRange<UInt8> = 2...64

  init(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    let offset = body.offset
    let clause = try body.read(UInt8.self, "conjunction's clause")
    let count = try body.read(UInt8.self, "conjunction's clauses")
    guard Self.clauseCounts.contains(count) else {
      throw .badValue(what: "conjunction's clauses", offset: offset + 1, value: UInt64(count), accepted: "2 to 64")
    }
    guard clause < count else {
      throw .badValue(
        what: "conjunction's clause", offset: offset, value: UInt64(clause), accepted: "less than \(count)")
    }
    self.init(id: try body.read(UInt32.self, "conjunction's id"), clause: clause + 1, of: count)
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard Self.clauseCounts.contains(self.clauseCount), (1...self.clauseCount).contains(self.clause) else {
      throw .invalid(
        what: "conjunction",
        problem: "is clause \(self.clause) of \(self.clauseCount); there must be 2 to 64, counted from 1")
    }
    Action.writeNiciraHeader(to: &writer, subtype: NiciraActionType.conjunction, length: 16)
    writer.write(self.clause - 1)
    writer.write(self.clauseCount)
    writer.write(self.id)
  }
}
