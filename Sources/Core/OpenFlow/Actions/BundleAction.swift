// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Chooses one of several ports, and sends a packet out of it or writes its number in a field (ovs-actions(7),
/// "bundle").
public struct BundleAction: Sendable, Hashable {
  /// How a port is chosen.
  public var algorithm: Algorithm
  /// What is hashed.
  public var fields: HashFields
  /// Mixed into the hash.
  public var basis: UInt16
  /// The ports, in order of preference; each at most 65,279, or a reserved one.
  public var members: [PortNumber]
  /// Where the port's number goes, 16 to 64 bits; nil: the packet goes out of it.
  public var destination: FieldSlice?

  /// Chooses among `members`.
  public init(
    algorithm: Algorithm, fields: HashFields = .ethernetSource, basis: UInt16 = 0, members: [PortNumber],
    destination: FieldSlice? = nil
  ) {
    self.algorithm = algorithm
    self.fields = fields
    self.basis = basis
    self.members = members
    self.destination = destination
  }

  /// NX_BD_ALG_*
  public struct Algorithm: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The first port that is live.
    public static let activeBackup = Algorithm(rawValue: 0)
    /// Highest random weight.
    public static let highestRandomWeight = Algorithm(rawValue: 1)
  }
}

extension BundleAction {
  /// NXM_OF_IN_PORT: members are ports, with 16 bits each.
  private static let memberType: UInt32 = 0x0000_0002

  init(reading body: inout WireReader, subtype: UInt16) throws(OpenFlowDecodingError) {
    self.algorithm = Algorithm(rawValue: try body.read(UInt16.self, "bundle's algorithm"))
    self.fields = HashFields(rawValue: try body.read(UInt16.self, "bundle's fields"))
    self.basis = try body.read(UInt16.self, "bundle's basis")
    let offset = body.offset
    let memberType = try body.read(UInt32.self, "type of bundle's members")
    guard memberType == Self.memberType else {
      throw .badValue(
        what: "type of bundle's members", offset: offset, value: UInt64(memberType), accepted: "2 (ports)")
    }
    let count = Int(try body.read(UInt16.self, "bundle's members"))
    if subtype == NiciraActionType.bundleLoad {
      let bits = try body.read(UInt16.self, "bundle's bits")
      self.destination = try FieldSlice(offsetAndCount: bits, field: OXMHeader.short(&body), at: offset)
    } else {
      try body.skip(6)
    }
    try body.skip(4)
    var members = try body.slice(2 * count, "bundle's members")
    self.members = []
    while members.remaining > 0 {
      self.members.append(PortNumber(legacy: try members.read(UInt16.self, "bundle's member")))
    }
    body.skipPadding(after: 2 * count)
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard let count = UInt16(exactly: self.members.count) else {
      throw .tooLong(what: "bundle", length: 2 * self.members.count, maximum: 2 * Int(UInt16.max))
    }
    let start = writer.count
    Action.writeNiciraHeader(
      to: &writer, subtype: self.destination == nil ? NiciraActionType.bundle : NiciraActionType.bundleLoad)
    writer.write(self.algorithm.rawValue)
    writer.write(self.fields.rawValue)
    writer.write(self.basis)
    writer.write(Self.memberType)
    writer.write(count)
    if let destination {
      writer.write(try destination.checkedOffsetAndCount("bundle"))
      try destination.field.writeShortHeader(to: &writer)
    } else {
      writer.writeZeros(6)
    }
    writer.writeZeros(4)
    for member in self.members { writer.write(try member.legacy("bundle")) }
    writer.writePadding(since: start)
    try writer.patchLength(at: start + 2, since: start, "bundle")
  }
}

extension BundleAction.Algorithm: NamedNumber {
  static let names = [(activeBackup, "active_backup"), (highestRandomWeight, "hrw")]
}
