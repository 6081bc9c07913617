// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The number of a port's queue (OpenFlow 1.3.5, 7.2.2).
public struct QueueNumber: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// 0 … 0xfffffffe for queues that can exist.
  public let rawValue: UInt32

  /// Takes any number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// Takes any number.
  public init(integerLiteral value: UInt32) { self.rawValue = value }

  /// OFPQ_ALL: every queue; for asking.
  public static let all = QueueNumber(0xffff_ffff)

  /// The number, or `ALL`.
  public var description: String { self == .all ? "ALL" : "\(self.rawValue)" }

  /// The order of the numbers.
  public static func < (a: QueueNumber, b: QueueNumber) -> Bool { a.rawValue < b.rawValue }
}

extension QueueNumber: NamedNumber {
  static let names = [(all, "all")]

  init?(number: UInt32) { self.init(number) }
  var number: UInt32 { self.rawValue }
}
