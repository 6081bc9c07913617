// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OFPIT_* (OpenFlow 1.3.5, 7.2.4).
private enum InstructionType {
  static let gotoTable: UInt16 = 1
  static let writeMetadata: UInt16 = 2
  static let writeActions: UInt16 = 3
  static let applyActions: UInt16 = 4
  static let clearActions: UInt16 = 5
  static let meter: UInt16 = 6
}

extension Instruction {
  /// Reads instructions until nothing is left, and puts them in the order in which a switch does them.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [Instruction] {
    var instructions: [Instruction] = []
    if reader.remaining > 0 { instructions.reserveCapacity(2) }
    while reader.remaining > 0 {
      var instruction = try Instruction(reading: &reader, version: version)
      if version >= .v1_5, let meter = instruction.removeMeter() { instructions.insertByRank(.meter(meter)) }
      if !instruction.doesNothing { instructions.insertByRank(instruction) }
    }
    return instructions
  }

  /// Takes the meter out of actions that begin with one: that is the instruction as 1.5 says it.
  private mutating func removeMeter() -> UInt32? {
    guard case .applyActions(let actions) = self, case .meter(let meter)? = actions.first else { return nil }
    self = .applyActions(Array(actions.dropFirst()))
    return meter
  }

  private init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let type = try reader.read(UInt16.self, "instruction type")
    let length = Int(try reader.read(UInt16.self, "instruction length"))
    guard length >= 8, length % 8 == 0 else {
      throw .badLength(
        what: "instruction", offset: offset, length: length, accepted: "a multiple of 8, at least 8")
    }
    var body = try reader.slice(length - 4, "instruction")
    switch type {
    case InstructionType.gotoTable:
      self = .gotoTable(try body.read(UInt8.self, "next table"))
      try body.skip(3)
    case InstructionType.writeMetadata:
      try body.skip(4)
      self = .writeMetadata(value: try body.read(UInt64.self, "metadata"), mask: try body.read(UInt64.self, "mask"))
    case InstructionType.writeActions:
      try body.skip(4)
      self = .writeActions(try Action.list(reading: &body, version: version))
    case InstructionType.applyActions:
      try body.skip(4)
      self = .applyActions(try Action.list(reading: &body, version: version))
    case InstructionType.clearActions:
      try body.skip(4)
      self = .clearActions
    case InstructionType.meter where version == .v1_3: self = .meter(try body.read(UInt32.self, "meter"))
    default: self = .unknown(type: type, body: body.readRest())
    }
    try body.expectEnd("instruction")
  }

  /// Writes `instructions` without those that do nothing.
  static func write(
    _ instructions: [Instruction], to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    var meter = version >= .v1_5 ? try Self.onlyMeter(instructions) : nil
    for instruction in instructions where !instruction.doesNothing {
      switch instruction {
      case .applyActions(let actions):
        try Self.writeActions(InstructionType.applyActions, meter: meter, actions, to: &writer, version: version)
        meter = nil
      case .meter where version >= .v1_5: break
      default: try instruction.write(to: &writer, version: version)
      }
    }
    if meter != nil {
      try Self.writeActions(InstructionType.applyActions, meter: meter, [], to: &writer, version: version)
    }
  }

  /// The meter of a flow in 1.5, which is the first of its actions there; nil if it has none.
  private static func onlyMeter(_ instructions: [Instruction]) throws(OpenFlowEncodingError) -> UInt32? {
    var only: UInt32?
    for case .meter(let meter) in instructions {
      guard only == nil else { throw .invalid(what: "flow", problem: "has two meter instructions") }
      only = meter
    }
    return only
  }

  private static func writeActions(
    _ type: UInt16, meter: UInt32? = nil, _ actions: [Action], to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.write(UInt32(type) << 16)
    writer.writeZeros(4)
    if let meter { try Action.write([.meter(meter)], to: &writer, version: version) }
    try Action.write(actions, to: &writer, version: version)
    try writer.patchLength(at: start + 2, since: start, "actions of an instruction")
  }

  private func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    switch self {
    case .gotoTable(let table):
      writer.write(UInt32(InstructionType.gotoTable) << 16 | 8)
      writer.write(UInt32(table) << 24)
    case .writeMetadata(let value, let mask):
      writer.write(UInt32(InstructionType.writeMetadata) << 16 | 24)
      writer.writeZeros(4)
      writer.write(value)
      writer.write(mask)
    case .writeActions(let actions):
      try Self.writeActions(InstructionType.writeActions, actions, to: &writer, version: version)
    case .applyActions(let actions):
      try Self.writeActions(InstructionType.applyActions, actions, to: &writer, version: version)
    case .clearActions:
      writer.write(UInt32(InstructionType.clearActions) << 16 | 8)
      writer.writeZeros(4)
    case .meter(let meter):
      writer.write(UInt32(InstructionType.meter) << 16 | 8)
      writer.write(meter)
    case .unknown(let type, let body):
      guard body.count % 8 == 4 else {
        throw .invalid(what: "instruction \(type)", problem: "has a body of \(body.count) bytes, not of 8·n + 4")
      }
      writer.write(UInt32(type) << 16)
      writer.writeBytes(body)
      try writer.patchLength(at: start + 2, since: start, "instruction")
    }
  }
}
