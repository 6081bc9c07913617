// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Scratch registers of Open vSwitch, which live as long as a packet's way through the tables. The wider ones are
/// names for two or four of the narrow ones, the first of which is the highest.
extension MatchField {
  private static let firstWide: UInt8 = 111

  /// A register of 32 bits.
  ///
  /// - Precondition: `number` is 0 … 15.
  public static func register(_ number: UInt8) -> MatchField {
    precondition(number < 16, "registers are 0 to 15, not \(number)")
    return nicira(number, bits: 32, .hexadecimal)
  }

  /// A register of 64 bits: `register(2 * number)` and the one after it; a packet register of OpenFlow 1.5.1
  /// (7.2.3.10).
  ///
  /// - Precondition: `number` is 0 … 7.
  public static func register64(_ number: UInt8) -> MatchField {
    precondition(number < 8, "registers of 64 bits are 0 to 7, not \(number)")
    return MatchField(
      oxmClass: OXMClass.packetRegisters, number: number, bitCount: 64, maskable: true, format: .hexadecimal)
  }

  /// A register of 128 bits: `register(4 * number)` and the three after it.
  ///
  /// - Precondition: `number` is 0 … 3.
  public static func register128(_ number: UInt8) -> MatchField {
    precondition(number < 4, "registers of 128 bits are 0 to 3, not \(number)")
    return nicira(Self.firstWide + number, bits: 128, .hexadecimal)
  }

  /// The registers that a wider one is made of, the highest first: the number of the first and how many; nil if this
  /// is no wider register.
  var registers: (first: UInt8, count: UInt8)? {
    switch self.oxmClass {
    case OXMClass.packetRegisters where self.number < 8: (2 * self.number, 2)
    case OXMClass.nicira1 where (Self.firstWide..<Self.firstWide + 4).contains(self.number):
      (4 * (self.number - Self.firstWide), 4)
    default: nil
    }
  }

  /// The registers with the names that `ovs-ofctl` uses.
  static let registerFields: [NamedField] =
    (0..<16).map { NamedField(register($0), "reg\($0)") } + (0..<8).map { NamedField(register64($0), "xreg\($0)") }
    + (0..<4).map { NamedField(register128($0), "xxreg\($0)") }
}
