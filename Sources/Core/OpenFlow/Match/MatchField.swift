// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A field that a flow can match or an action can write: an OXM or NXM type (OpenFlow 1.3.5, 7.2.3.2).
///
/// The static members are the fields that this module knows by name. Any other field, up to 16 bytes wide, is
/// carried by its class and number with the width that the wire gave it.
public struct MatchField: Sendable, Hashable {
  /// The OXM class: 0x8000 for OpenFlow's own fields, 0x0001 for Nicira's, 0xffff for experimenters'.
  public let oxmClass: UInt16
  /// The number within the class. 0 … 127
  public let number: UInt8
  /// The experimenter of a field whose class is 0xffff; 0 for all others.
  public let experimenter: UInt32
  /// Significant bits of the value. 1 … 128
  public let bitCount: UInt8
  /// Whether a match may leave bits of it open.
  public let maskable: Bool

  /// Bytes of a value on the wire. 1 … 16
  public var byteCount: Int { (Int(self.bitCount) + 7) / 8 }

  /// Every bit that a value may have.
  public var fullMask: UInt128 { self.bitCount >= 128 ? .max : (1 << UInt128(self.bitCount)) - 1 }

  init(oxmClass: UInt16, number: UInt8, experimenter: UInt32 = 0, bitCount: UInt8, maskable: Bool) {
    self.oxmClass = oxmClass
    self.number = number
    self.experimenter = experimenter
    self.bitCount = bitCount
    self.maskable = maskable
  }

  /// A field that has no name here.
  ///
  /// - Parameter byteCount: 1 … 16; nil is returned for any other width.
  public init?(oxmClass: UInt16, number: UInt8, experimenter: UInt32 = 0, byteCount: Int) {
    guard (1...16).contains(byteCount), number < 128 else { return nil }
    self.init(
      oxmClass: oxmClass, number: number, experimenter: oxmClass == OXMClass.experimenter ? experimenter : 0,
      bitCount: UInt8(byteCount * 8), maskable: true)
  }

  /// Two fields are the same if the wire says the same of them.
  public static func == (a: MatchField, b: MatchField) -> Bool {
    a.oxmClass == b.oxmClass && a.number == b.number && a.experimenter == b.experimenter && a.bitCount == b.bitCount
  }

  /// Whether both name the same field, be it with different widths.
  func isSameType(as other: MatchField) -> Bool {
    self.oxmClass == other.oxmClass && self.number == other.number && self.experimenter == other.experimenter
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
  static let openflowBasic: UInt16 = 0x8000
  static let packetRegisters: UInt16 = 0x8001
  static let statistics: UInt16 = 0x8002
  static let experimenter: UInt16 = 0xffff
}

extension MatchField: Comparable {
  /// The order in which a switch wants the fields of a match: OpenFlow's own first, in the order of their numbers,
  /// which puts every prerequisite (`eth_type`, then `ip_proto`) before the fields that need it.
  public static func < (a: MatchField, b: MatchField) -> Bool { a.sortKey < b.sortKey }

  private var sortKey: UInt64 {
    let rank: UInt64 = self.oxmClass == OXMClass.openflowBasic ? 0 : 1
    return rank << 56 | UInt64(self.oxmClass) << 40 | UInt64(self.number) << 32 | UInt64(self.experimenter)
  }
}
