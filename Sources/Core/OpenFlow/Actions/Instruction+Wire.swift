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
    while reader.remaining > 0 {
      let instruction = try Instruction(reading: &reader, version: version)
      if instruction.doesNothing { continue }
      var index = instructions.endIndex
      while index > 0, instruction.rank < instructions[index - 1].rank { index -= 1 }
      instructions.insert(instruction, at: index)
    }
    return instructions
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
    case InstructionType.meter: self = .meter(try body.read(UInt32.self, "meter"))
    default: self = .unknown(type: type, body: body.readRest())
    }
    try body.expectEnd("instruction")
  }

  /// Writes `instructions` without those that do nothing.
  static func write(
    _ instructions: [Instruction], to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    for instruction in instructions where !instruction.doesNothing {
      try instruction.write(to: &writer, version: version)
    }
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
      writer.write(UInt32(InstructionType.writeActions) << 16)
      writer.writeZeros(4)
      try Action.write(actions, to: &writer, version: version)
      try writer.patchLength(at: start + 2, since: start, "write_actions")
    case .applyActions(let actions):
      writer.write(UInt32(InstructionType.applyActions) << 16)
      writer.writeZeros(4)
      try Action.write(actions, to: &writer, version: version)
      try writer.patchLength(at: start + 2, since: start, "apply_actions")
    case .clearActions:
      writer.write(UInt32(InstructionType.clearActions) << 16 | 8)
      writer.writeZeros(4)
    case .meter(let meter):
      guard version == .v1_3 else { throw .unsupported(what: "meter instruction", version: version) }
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

  private var doesNothing: Bool {
    switch self {
    case .writeActions(let actions), .applyActions(let actions): actions.isEmpty
    default: false
    }
  }

  /// The order in which a switch does the instructions, whatever the order in which they stand
  /// (OpenFlow 1.3.5, 5.9).
  private var rank: Int {
    switch self {
    case .meter: 0
    case .applyActions: 1
    case .clearActions: 2
    case .writeActions: 3
    case .writeMetadata: 4
    case .gotoTable: 5
    case .unknown: 6
    }
  }
}
