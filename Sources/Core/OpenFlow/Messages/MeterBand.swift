// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a meter does with packets above a rate (OpenFlow 1.3.5, 7.3.4.4.1). Of several bands whose rate is exceeded,
/// the one with the highest rate counts.
public struct MeterBand: Sendable, Hashable {
  /// The rate from which the band applies: kbit/s, or packets/s with `MeterFlags.packetsPerSecond`.
  public var rate: UInt32
  /// How much may come at once: kbit, or packets; counts with `MeterFlags.burst` only.
  public var burstSize: UInt32
  /// What is done.
  public var kind: Kind

  /// A band; it drops, unless said otherwise.
  public init(rate: UInt32, burstSize: UInt32 = 0, kind: Kind = .drop) {
    self.rate = rate
    self.burstSize = burstSize
    self.kind = kind
  }

  /// OFPMBT_*
  public enum Kind: Sendable, Hashable {
    /// OFPMBT_DROP: the packet is dropped.
    case drop
    /// OFPMBT_DSCP_REMARK: the drop precedence in the packet's DSCP grows by this many levels.
    case dscpRemark(precedenceLevel: UInt8)
    /// OFPMBT_EXPERIMENTER: an extension; `body` follows the experimenter's id and has a length of 8·n bytes.
    case experimenter(id: UInt32, body: [UInt8])
    /// A band that this module does not read; `body` follows the burst size and has a length of 8·n + 4 bytes.
    case unknown(type: UInt16, body: [UInt8])
  }
}

extension MeterBand {
  private enum Number {
    static let drop: UInt16 = 1
    static let dscpRemark: UInt16 = 2
    static let experimenter: UInt16 = 0xffff
  }

  /// Reads bands until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [MeterBand] {
    var bands: [MeterBand] = []
    while reader.remaining > 0 { bands.append(try MeterBand(reading: &reader)) }
    return bands
  }

  private init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let type = try reader.read(UInt16.self, "meter band's type")
    let length = Int(try reader.read(UInt16.self, "meter band's length"))
    guard length >= 16, length % 8 == 0 else {
      throw .badLength(what: "meter band", offset: offset, length: length, accepted: "a multiple of 8, at least 16")
    }
    var body = try reader.slice(length - 4, "meter band")
    self.rate = try body.read(UInt32.self, "rate")
    self.burstSize = try body.read(UInt32.self, "burst size")
    switch type {
    case Number.drop:
      try body.skip(4)
      self.kind = .drop
    case Number.dscpRemark:
      self.kind = .dscpRemark(precedenceLevel: try body.read(UInt8.self, "drop precedence"))
      try body.skip(3)
    case Number.experimenter:
      self.kind = .experimenter(id: try body.read(UInt32.self, "band's experimenter"), body: body.readRest())
    default: self.kind = .unknown(type: type, body: body.readRest())
    }
    try body.expectEnd("meter band")
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.write(UInt32(self.type) << 16)
    writer.write(self.rate)
    writer.write(self.burstSize)
    switch self.kind {
    case .drop: writer.writeZeros(4)
    case .dscpRemark(let level): writer.write(UInt32(level) << 24)
    case .experimenter(let id, let body):
      try Self.checkBody(body, remainder: 0)
      writer.write(id)
      writer.writeBytes(body)
    case .unknown(_, let body):
      try Self.checkBody(body, remainder: 4)
      writer.writeBytes(body)
    }
    try writer.patchLength(at: start + 2, since: start, "meter band")
  }

  var type: UInt16 {
    switch self.kind {
    case .drop: Number.drop
    case .dscpRemark: Number.dscpRemark
    case .experimenter: Number.experimenter
    case .unknown(let type, _): type
    }
  }

  private static func checkBody(_ body: [UInt8], remainder: Int) throws(OpenFlowEncodingError) {
    guard body.count % 8 == remainder else {
      throw .invalid(what: "meter band", problem: "has a body of \(body.count) bytes, not of 8·n + \(remainder)")
    }
  }
}
