// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Marks a flow as an operator's static entry: `0x49535345 xxxxxxxx`, "ISSE" and a number that its name gives. So what
/// services wrote and what operators wrote is told apart on the switch itself, and neither is ever taken for the other.
package enum EntryCookie {
  package static let base: UInt64 = 0x4953_5345_0000_0000
  /// The bits that all entries have in common.
  package static let mask: UInt64 = 0xffff_ffff_0000_0000

  package static func isOurs(_ cookie: UInt64) -> Bool { cookie & Self.mask == Self.base }

  package static func of(_ name: String) -> UInt64 { Self.base | UInt64(Self.number(of: name)) }

  /// The number that Floodlight gives an entry of this name (`StaticEntries.computeEntryCookie`), so that its API can
  /// show the cookie that its users know.
  package static func number(of name: String) -> UInt32 {
    var number: UInt32 = 2311
    for unit in name.utf16 { number = number &* 211 &+ UInt32(unit) }
    return number
  }
}
