// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The number of a meter (OpenFlow 1.3.5, 7.3.4.4).
public struct MeterNumber: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// 1 … 0xffff0000 for meters that can exist; above: reserved.
  public let rawValue: UInt32

  /// Takes any number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// Takes any number.
  public init(integerLiteral value: UInt32) { self.rawValue = value }

  /// OFPM_SLOWPATH: for packets that the switch handles in its slow path.
  public static let slowPath = MeterNumber(0xffff_fffd)
  /// OFPM_CONTROLLER: for PACKET_INs.
  public static let controller = MeterNumber(0xffff_fffe)
  /// OFPM_ALL: every meter; for deleting and asking.
  public static let all = MeterNumber(0xffff_ffff)

  /// The number, or the reserved meter's name.
  public var description: String { self.name?.uppercased() ?? "\(self.rawValue)" }

  /// The order of the numbers.
  public static func < (a: MeterNumber, b: MeterNumber) -> Bool { a.rawValue < b.rawValue }
}

extension MeterNumber: NamedNumber {
  static let names = [(slowPath, "slowpath"), (controller, "controller"), (all, "all")]

  init?(number: UInt32) { self.init(number) }
  var number: UInt32 { self.rawValue }
}
