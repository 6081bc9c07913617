// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The number of a switch's port, or one of the reserved numbers (OpenFlow 1.3.5, 7.2.1).
public struct PortNumber: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// 1 … 0xffffff00 for ports that exist; above: reserved.
  public let rawValue: UInt32

  /// Takes any number; whether a switch has such a port, only the switch knows.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// Takes any number.
  public init(integerLiteral value: UInt32) { self.rawValue = value }

  /// OFPP_IN_PORT: back out of the port by which the packet came; the only way to send it there.
  public static let inPort = PortNumber(0xffff_fff8)
  /// OFPP_TABLE: through the flow tables; for PACKET_OUT only.
  public static let table = PortNumber(0xffff_fff9)
  /// OFPP_NORMAL: as a learning switch would.
  public static let normal = PortNumber(0xffff_fffa)
  /// OFPP_FLOOD: all ports but the input port and those that are blocked.
  public static let flood = PortNumber(0xffff_fffb)
  /// OFPP_ALL: all ports but the input port.
  public static let all = PortNumber(0xffff_fffc)
  /// OFPP_CONTROLLER: in a PACKET_IN to the controller; as an input port: from the controller.
  public static let controller = PortNumber(0xffff_fffd)
  /// OFPP_LOCAL: the switch's own network stack.
  public static let local = PortNumber(0xffff_fffe)
  /// OFPP_ANY: a wildcard in requests, "none" in buckets.
  public static let any = PortNumber(0xffff_ffff)

  /// True for 1 … 0xffffff00 (OFPP_MAX): numbers that a real port may have.
  public var isPhysicalOrLogical: Bool { (1...0xffff_ff00).contains(self.rawValue) }

  /// The number, or the reserved port's name as the specification writes it.
  public var description: String {
    switch self {
    case .inPort: "IN_PORT"
    case .table: "TABLE"
    case .normal: "NORMAL"
    case .flood: "FLOOD"
    case .all: "ALL"
    case .controller: "CONTROLLER"
    case .local: "LOCAL"
    case .any: "ANY"
    default: "\(self.rawValue)"
    }
  }

  /// The order of the numbers.
  public static func < (a: PortNumber, b: PortNumber) -> Bool { a.rawValue < b.rawValue }
}

extension PortNumber: NamedNumber {
  static let names = [
    (inPort, "in_port"), (table, "table"), (normal, "normal"), (flood, "flood"), (all, "all"),
    (controller, "controller"), (local, "local"), (any, "any"),
  ]

  init?(number: UInt32) { self.init(number) }
  var number: UInt32 { self.rawValue }
}
