// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// NXAST_LEARN where it suffices, NXAST_LEARN2 with a limit or a result. A list of specifications follows, which a 0
/// may end, and padding.
extension LearnAction {
  private static let knownFlags: Flags = [.sendFlowRemoved, .deleteLearned]
  /// NX_LEARN_F_WRITE_RESULT
  private static let resultFlag = Flags(rawValue: 1 << 2)
  private static let noTable: UInt8 = 0xff

  init(reading body: inout WireReader, subtype: UInt16) throws(OpenFlowDecodingError) {
    self.init(tableID: 0, specifications: [])
    self.idleTimeout = try body.read(UInt16.self, "learn's idle timeout")
    self.hardTimeout = try body.read(UInt16.self, "learn's hard timeout")
    self.priority = try body.read(UInt16.self, "learn's priority")
    self.cookie = try body.read(UInt64.self, "learn's cookie")
    let offset = body.offset
    var flags = Flags(rawValue: try body.read(UInt16.self, "learn's flags"))
    self.tableID = try body.read(UInt8.self, "learn's table")
    try body.skip(1)
    self.finIdleTimeout = try body.read(UInt16.self, "learn's idle timeout after FIN")
    self.finHardTimeout = try body.read(UInt16.self, "learn's hard timeout after FIN")
    if subtype == NiciraActionType.learn2 {
      self.limit = try body.read(UInt32.self, "learn's limit")
      let bit = try body.read(UInt16.self, "learn's result bit")
      try body.skip(2)
      if flags.remove(Self.resultFlag) != nil {
        let slice = FieldSlice(try OXMHeader(reading: &body).field(), offset: bit, bitCount: 1)
        try slice.check(at: offset)
        self.result = slice
      }
    }
    guard flags.isSubset(of: Self.knownFlags) else {
      throw .badValue(
        what: "learn's flags", offset: offset, value: UInt64(flags.rawValue),
        accepted: subtype == NiciraActionType.learn2 ? "0 to 7" : "0 to 3")
    }
    self.flags = flags
    while body.remaining >= 2, let specification = try Specification(reading: &body) {
      self.specifications.append(specification)
    }
    _ = body.readRest()
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard self.tableID != Self.noTable else {
      throw .invalid(what: "learn", problem: "names table 255, but there are tables 0 to 254 only")
    }
    guard self.flags.isSubset(of: Self.knownFlags) else {
      throw .invalid(what: "learn", problem: "has the flags \(self.flags.rawValue), but has flags 0 to 3 only")
    }
    let start = writer.count
    let isLong = self.limit != 0 || self.result != nil
    Action.writeNiciraHeader(to: &writer, subtype: isLong ? NiciraActionType.learn2 : NiciraActionType.learn)
    writer.write(self.idleTimeout)
    writer.write(self.hardTimeout)
    writer.write(self.priority)
    writer.write(self.cookie)
    writer.write(self.flags.union(self.result == nil ? [] : Self.resultFlag).rawValue)
    writer.write(self.tableID)
    writer.writeZeros(1)
    writer.write(self.finIdleTimeout)
    writer.write(self.finHardTimeout)
    if isLong {
      writer.write(self.limit)
      writer.write(self.result?.offset ?? 0)
      writer.writeZeros(2)
      if let result = self.result {
        try result.checkIsOneBit("learn's result")
        try result.field.writeHeader(to: &writer, hasMask: false, version: version)
      }
    }
    for specification in self.specifications { try specification.write(to: &writer) }
    writer.writePadding(since: start)
    try writer.patchLength(at: start + 2, since: start, "learn")
  }
}

/// A specification begins with 16 bits: what its source is, what its destination is, and the number of its bits. Then
/// follow source and destination, each a field's header and an offset, or the source's bits in whole words.
extension LearnAction.Specification {
  private static let bitCountMask: UInt16 = 0x3ff
  private static let valueFlag: UInt16 = 1 << 13
  private static let destinationMask: UInt16 = 3 << 11
  private static let loadFlag: UInt16 = 1 << 11
  private static let outputFlag: UInt16 = 2 << 11

  /// Nil at the 0 that ends the list.
  fileprivate init?(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    let offset = body.offset
    let word = try body.read(UInt16.self, "learn's specification")
    guard word != 0 else { return nil }
    let count = word & Self.bitCountMask
    let hasValue = word & Self.valueFlag != 0
    let known = Self.bitCountMask | Self.valueFlag | Self.destinationMask
    let kind = word & Self.destinationMask
    guard word & ~known == 0, kind != Self.destinationMask, !(hasValue && kind == Self.outputFlag), count > 0 else {
      throw .badValue(
        what: "learn's specification", offset: offset, value: UInt64(word),
        accepted: "one with 1 to 1023 bits, "
          + "matching or loading bits of a field or a value, or output to a field")
    }
    self.source =
      hasValue ? .value(try Self.value(reading: &body, bitCount: count)) : .field(try Self.slice(&body, count))
    switch kind {
    case 0: self.destination = .match(try Self.slice(&body, count))
    case Self.loadFlag: self.destination = .load(try Self.slice(&body, count))
    default: self.destination = .output
    }
  }

  private static func slice(
    _ body: inout WireReader, _ bitCount: UInt16
  ) throws(OpenFlowDecodingError) -> FieldSlice {
    let offset = body.offset
    let field = try OXMHeader.short(&body)
    let slice = FieldSlice(field, offset: try body.read(UInt16.self, "learn's offset"), bitCount: bitCount)
    try slice.check(at: offset)
    return slice
  }

  private static func value(
    reading body: inout WireReader, bitCount: UInt16
  ) throws(OpenFlowDecodingError) -> [UInt8] {
    if (Int(bitCount) + 7) / 8 % 2 == 1 {
      let offset = body.offset
      let padding = try body.read(UInt8.self, "learn's value")
      guard padding == 0 else {
        throw .badValue(
          what: "learn's value", offset: offset, value: UInt64(padding), accepted: "one of \(bitCount) bits")
      }
    }
    return try body.readBytes((Int(bitCount) + 7) / 8, "learn's value")
  }

  fileprivate func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let (kind, destination) = self.wireDestination
    guard let bitCount = destination?.bitCount ?? self.sourceSlice?.bitCount else {
      throw .invalid(what: "learn", problem: "outputs to a constant, but the port must come from a field")
    }
    guard (1...Self.bitCountMask).contains(bitCount) else {
      throw .invalid(what: "learn", problem: "copies \(bitCount) bits, but can copy 1 to \(Self.bitCountMask)")
    }
    switch self.source {
    case .field(let slice):
      guard slice.bitCount == bitCount else {
        throw .invalid(what: "learn", problem: "takes \(slice), but puts it in \(bitCount) bits")
      }
      writer.write(kind | bitCount)
      try Self.write(slice, to: &writer)
    case .value(let bytes):
      guard bytes.count == (Int(bitCount) + 7) / 8 else {
        throw .invalid(what: "learn", problem: "has a value of \(bytes.count) bytes for \(bitCount) bits")
      }
      writer.write(kind | Self.valueFlag | bitCount)
      writer.writeZeros(bytes.count % 2)
      writer.writeBytes(bytes)
    }
    if let destination { try Self.write(destination, to: &writer) }
  }

  private static func write(_ slice: FieldSlice, to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    try slice.check()
    try slice.field.writeShortHeader(to: &writer)
    writer.write(slice.offset)
  }

  private var wireDestination: (UInt16, FieldSlice?) {
    switch self.destination {
    case .match(let slice): (0, slice)
    case .load(let slice): (Self.loadFlag, slice)
    case .output: (Self.outputFlag, nil)
    }
  }

  private var sourceSlice: FieldSlice? {
    if case .field(let slice) = self.source { slice } else { nil }
  }
}
