// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A field that a flow can match or an action can write: an OXM or NXM type (OpenFlow 1.3.5, 7.2.3.2).
///
/// The static members are the fields that this module knows by name. Any other field is carried by its class and
/// number with the width that the wire gave it.
public struct MatchField: Sendable {
  /// The OXM class: 0x8000 for OpenFlow's own fields, 0x0001 for Nicira's, 0xffff for experimenters'.
  public let oxmClass: UInt16
  /// The number within the class. 0 … 127
  public let number: UInt8
  /// Whether a match may leave bits of it open.
  public let maskable: Bool
  /// The experimenter of a field whose class is 0xffff; 0 for all others.
  public let experimenter: UInt32
  /// Significant bits of the value. 1 … 2040; more than 128 only for tunnel metadata and fields without a name.
  public let bitCount: UInt16
  private let octets: UInt8
  /// Whether an action may write it.
  public let isSettable: Bool
  /// What must be known of a packet for it to have the field.
  let prerequisite: Prerequisite
  /// How people write its values.
  let format: ValueFormat

  /// Bytes of a value on the wire; some fields have more than their bits would need. 1 … 255
  public var byteCount: Int { Int(self.octets) }

  /// Every bit that a value may have, or the low 128 of them.
  public var fullMask: UInt128 { .max &>> UInt128(128 - min(self.bitCount, 128)) }

  /// Whether a value has more than the 128 bits that `MatchEntry.value` has.
  var isWide: Bool { self.bitCount > 128 }

  /// - Parameter byteCount: nil: as many as the bits need.
  init(
    oxmClass: UInt16, number: UInt8, experimenter: UInt32 = 0, bitCount: UInt16, byteCount: UInt8? = nil,
    maskable: Bool, settable: Bool = true, needs prerequisite: Prerequisite = .nothing, format: ValueFormat
  ) {
    self.oxmClass = oxmClass
    self.number = number
    self.maskable = maskable
    self.experimenter = experimenter
    self.bitCount = bitCount
    self.octets = byteCount ?? UInt8((bitCount + 7) / 8)
    self.isSettable = settable
    self.prerequisite = prerequisite
    self.format = format
  }

  /// The field that the wire names so; one that has no name here can be matched in part and written.
  ///
  /// - Parameters:
  ///   - oxmClass: the class.
  ///   - number: within the class. 0 … 127
  ///   - experimenter: counts if the class is 0xffff.
  ///   - byteCount: 1 … 255, for an experimenter's field 1 … 251. Nil is returned for any other width, and for one
  ///     that a field with a name does not have.
  public init?(oxmClass: UInt16, number: UInt8, experimenter: UInt32 = 0, byteCount: Int) {
    let isExperimenter = oxmClass == OXMClass.experimenter
    guard (1...(isExperimenter ? 251 : 255)).contains(byteCount), number < 128 else { return nil }
    let experimenter = isExperimenter ? experimenter : 0
    if let known = Self.known(oxmClass: oxmClass, number: number, experimenter: experimenter) {
      guard let field = known.with(byteCount: byteCount) else { return nil }
      self = field
    } else {
      self.init(
        oxmClass: oxmClass, number: number, experimenter: experimenter, bitCount: UInt16(byteCount * 8),
        maskable: true, format: .bytes)
    }
  }

  /// The field itself, or, if its width is the switch's to choose, the field with this width; nil if it cannot have
  /// it.
  func with(byteCount: Int) -> MatchField? {
    if byteCount == self.byteCount { return self }
    guard self.hasVariableWidth, (1...Self.tunnelMetadataBytes).contains(byteCount) else { return nil }
    return MatchField(
      oxmClass: self.oxmClass, number: self.number, bitCount: UInt16(byteCount * 8), maskable: self.maskable,
      settable: self.isSettable, needs: self.prerequisite, format: self.format)
  }

  /// Whether both name the same field, be it with different widths.
  func isSameType(as other: MatchField) -> Bool {
    self.oxmClass == other.oxmClass && self.number == other.number && self.experimenter == other.experimenter
  }
}

extension MatchField: Hashable {
  /// Two fields are the same if the wire says the same of them.
  public static func == (a: MatchField, b: MatchField) -> Bool {
    a.oxmClass == b.oxmClass && a.number == b.number && a.experimenter == b.experimenter && a.bitCount == b.bitCount
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(self.oxmClass)
    hasher.combine(self.number)
    hasher.combine(self.experimenter)
    hasher.combine(self.bitCount)
  }
}

/// The OXM classes that this module tells apart.
enum OXMClass {
  static let nicira0: UInt16 = 0x0000
  static let nicira1: UInt16 = 0x0001
  /// Ericsson's, for two fields of neighbour discovery.
  static let ericsson: UInt16 = 0x1000
  static let openflowBasic: UInt16 = 0x8000
  static let packetRegisters: UInt16 = 0x8001
  static let statistics: UInt16 = 0x8002
  static let experimenter: UInt16 = 0xffff
}

extension MatchField: Comparable {
  /// The order in which a switch wants the fields of a match: `packet_type` first, then OpenFlow's own in the order of
  /// their numbers, which puts every prerequisite (`eth_type`, then `ip_proto`) before the fields that need it.
  public static func < (a: MatchField, b: MatchField) -> Bool { a.sortKey < b.sortKey }

  private var sortKey: UInt64 {
    let rank: UInt64
    if self.oxmClass == OXMClass.openflowBasic {
      rank = self.number == Self.packetType.number ? 0 : 1
    } else {
      rank = 2
    }
    return rank << 56 | UInt64(self.oxmClass) << 40 | UInt64(self.number) << 32 | UInt64(self.experimenter)
  }
}
