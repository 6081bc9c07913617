// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Hashes a packet, chooses one of several links by it, and writes the link's number in a field (ovs-actions(7),
/// "multipath").
public struct MultipathAction: Sendable, Hashable {
  /// What is hashed.
  public var fields: HashFields
  /// Mixed into the hash.
  public var basis: UInt16
  /// How a link is chosen.
  public var algorithm: Algorithm
  /// How many links there are. 1 … 65,536
  public var linkCount: Int
  /// A parameter of the algorithm; only `.iterativeHash` has one.
  public var argument: UInt32
  /// Where the link's number goes, counted from 0; at most 64 bits.
  public var destination: FieldSlice

  /// Chooses among `linkCount` links.
  public init(
    fields: HashFields, basis: UInt16 = 0, algorithm: Algorithm, linkCount: Int, argument: UInt32 = 0,
    destination: FieldSlice
  ) {
    self.fields = fields
    self.basis = basis
    self.algorithm = algorithm
    self.linkCount = linkCount
    self.argument = argument
    self.destination = destination
  }

  /// NX_MP_ALG_* (RFC 2992)
  public struct Algorithm: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The hash modulo the number of links.
    public static let moduloN = Algorithm(rawValue: 0)
    /// Each link has a part of the hash's range.
    public static let hashThreshold = Algorithm(rawValue: 1)
    /// Highest random weight.
    public static let highestRandomWeight = Algorithm(rawValue: 2)
    /// Hashes modulo `argument` until one is a link.
    public static let iterativeHash = Algorithm(rawValue: 3)
  }
}

extension MultipathAction {
  init(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    self.fields = HashFields(rawValue: try body.read(UInt16.self, "multipath's fields"))
    self.basis = try body.read(UInt16.self, "multipath's basis")
    try body.skip(2)
    self.algorithm = Algorithm(rawValue: try body.read(UInt16.self, "multipath's algorithm"))
    self.linkCount = Int(try body.read(UInt16.self, "multipath's links")) + 1
    self.argument = try body.read(UInt32.self, "multipath's argument")
    try body.skip(2)
    let offset = body.offset
    let bits = try body.read(UInt16.self, "multipath's bits")
    self.destination = try FieldSlice(offsetAndCount: bits, field: OXMHeader.short(&body), at: offset)
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard let greatestLink = UInt16(exactly: self.linkCount - 1) else {
      throw .invalid(what: "multipath", problem: "has \(self.linkCount) links, but can have 1 to 65536")
    }
    Action.writeNiciraHeader(to: &writer, subtype: NiciraActionType.multipath, length: 32)
    writer.write(self.fields.rawValue)
    writer.write(self.basis)
    writer.writeZeros(2)
    writer.write(self.algorithm.rawValue)
    writer.write(greatestLink)
    writer.write(self.argument)
    writer.writeZeros(2)
    writer.write(try self.destination.checkedOffsetAndCount("multipath"))
    try self.destination.field.writeShortHeader(to: &writer)
  }
}

extension MultipathAction.Algorithm: NamedNumber {
  static let names = [
    (moduloN, "modulo_n"), (hashThreshold, "hash_threshold"), (highestRandomWeight, "hrw"),
    (iterativeHash, "iter_hash"),
  ]
}
