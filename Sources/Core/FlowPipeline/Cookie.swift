// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Steering

/// Marks a flow as ours and says what it is for: `0x49535448 4d5553 xx`, "ISTHMUS" and a byte.
package enum Cookie: UInt64, Sendable, CaseIterable {
  case base = 0x4953_5448_4d55_5301
  case virtualIP = 0x4953_5448_4d55_5302
  case region = 0x4953_5448_4d55_5303
  case service = 0x4953_5448_4d55_5304
  /// Answers to the controller's own probes.
  case probe = 0x4953_5448_4d55_5305
  /// The same, of a region that carries no traffic, and of one that is drained: on a switch without groups.
  case probeOut = 0x4953_5448_4d55_5306
  case probeDraining = 0x4953_5448_4d55_5307
  /// Ends of connections, of which the controller is told.
  case end = 0x4953_5448_4d55_5308
  /// ICMP errors, of which the controller translates what they quote.
  case error = 0x4953_5448_4d55_5309
  /// Questions for MAC addresses, which the controller answers.
  case question = 0x4953_5448_4d55_530a
  /// Closes a switch while another one of its group forwards.
  case gate = 0x4953_5448_4d55_530b

  /// The bits that all of ours have in common.
  package static let mask: UInt64 = 0xffff_ffff_ffff_ff00

  package static func isOurs(_ cookie: UInt64) -> Bool { cookie & Self.mask == Cookie.base.rawValue & Self.mask }
}

extension Cookie {
  /// Of answers to probes of a region that is used like that.
  init(probing use: SteeringPlan.Use) {
    self =
      switch use {
      case .carrying: .probe
      case .out: .probeOut
      case .draining: .probeDraining
      }
  }
}

/// Tells of a rule for sources whose slot it is, whoever gets its connections now, and of a flow that asks the controller
/// who is served first: its last byte is from 0x40 on, by the place of the region among the service's.
struct SlotCookie: Sendable, Equatable {
  private static let first: UInt64 = 0x4953_5448_4d55_5340

  let rawValue: UInt64

  /// Nil: there is no place for so many regions.
  init?(owner index: Int) {
    guard (0..<192).contains(index) else { return nil }
    self.rawValue = Self.first + UInt64(index)
  }

  /// Nil: it is another cookie.
  static func owner(in cookie: UInt64) -> Int? {
    Cookie.isOurs(cookie) && cookie >= Self.first ? Int(cookie - Self.first) : nil
  }
}
