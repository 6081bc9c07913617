// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The number of a group (OpenFlow 1.3.5, 7.3.4.3).
public struct GroupNumber: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// 0 … 0xffffff00 for groups that can exist; above: reserved.
  public let rawValue: UInt32

  /// Takes any number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// Takes any number.
  public init(integerLiteral value: UInt32) { self.rawValue = value }

  /// OFPG_ALL: every group; for deleting and asking.
  public static let all = GroupNumber(0xffff_fffc)
  /// OFPG_ANY: a wildcard in requests, "none" in buckets.
  public static let any = GroupNumber(0xffff_ffff)

  /// The number, `ALL` or `ANY`.
  public var description: String {
    switch self {
    case .all: "ALL"
    case .any: "ANY"
    default: "\(self.rawValue)"
    }
  }

  /// The order of the numbers.
  public static func < (a: GroupNumber, b: GroupNumber) -> Bool { a.rawValue < b.rawValue }
}

extension GroupNumber: NamedNumber {
  static let names = [(all, "all"), (any, "any")]

  init?(number: UInt32) { self.init(number) }
  var number: UInt32 { self.rawValue }
}
