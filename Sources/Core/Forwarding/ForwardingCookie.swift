// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// Marks flows as forwarding's, and learnt ones with where they lead, so that one message removes all that lead there.
///
///     63 … 40  39      38 … 32     31 … 16                      15 … 0
///     "ISF"    learnt  generation  hash of the host's switch    the host's port, low bits
///
/// The class is another than that of `Cookie`: the reconciler sees neither kind of these flows. Two switches whose
/// hashes, or two ports whose low bits are the same only lose a few flows more than they had to.
package enum ForwardingCookie {
  /// Flows that are there as long as the switch forwards.
  package static let base: UInt64 = 0x4953_4600_0000_0000
  package static let mask: UInt64 = 0xffff_ff00_0000_0000

  package static func isOurs(_ cookie: UInt64) -> Bool { cookie & Self.mask == Self.base }

  /// All flows that were learnt, whenever and to wherever.
  static let learnt: UInt64 = Self.base | 1 << 39
  static let learntMask: UInt64 = Self.mask | 1 << 39
  static let switchMask: UInt64 = Self.learntMask | 0xffff_0000
  static let portMask: UInt64 = Self.learntMask | 0xffff_ffff

  /// Bits of a cookie's generation.
  static let generationBits: UInt64 = 7
  static let generationShift: UInt64 = 32

  static func learnt(toSwitch datapath: DatapathID) -> UInt64 {
    // Multiplied by 2⁶⁴ divided by the golden ratio, the high bits depend on all bits (Knuth, 6.4).
    Self.learnt | ((datapath.rawValue &* 0x9e37_79b9_7f4a_7c15) >> 48) << 16
  }

  static func learnt(to address: PortAddress) -> UInt64 {
    Self.learnt(toSwitch: address.datapath) | UInt64(address.port.rawValue & 0xffff)
  }

  static func generation(_ number: UInt64) -> UInt64 {
    (number & (1 << Self.generationBits - 1)) << Self.generationShift
  }
}
