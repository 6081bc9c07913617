// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Where a list of actions stands: `clone` and `ct` have actions of their own.
struct ActionNesting {
  /// More than any program has; so no input can make the decoder call itself without end.
  static let maximumDepth = 16

  /// How many actions the list is within.
  private(set) var depth = 0
  /// Whether the innermost of them is a `ct`, where no other `ct` may stand.
  private(set) var isInConntrack = false

  /// Not within another action.
  static let none = ActionNesting()

  /// Within a `ct`.
  var conntrack: ActionNesting { ActionNesting(depth: self.depth + 1, isInConntrack: true) }
  /// Within a `clone`.
  var clone: ActionNesting { ActionNesting(depth: self.depth + 1, isInConntrack: false) }

  /// Refuses a list that stands too deep.
  func check(at offset: Int) throws(OpenFlowDecodingError) {
    guard self.depth <= Self.maximumDepth else {
      throw .badValue(
        what: "depth of actions within actions", offset: offset, value: UInt64(self.depth),
        accepted: "at most \(Self.maximumDepth)")
    }
  }

  /// Refuses a list that stands too deep.
  func check() throws(OpenFlowEncodingError) {
    guard self.depth <= Self.maximumDepth else {
      throw .invalid(what: "clone", problem: "stands within more than \(Self.maximumDepth) others")
    }
  }
}

extension PortNumber {
  private static let firstReserved: UInt16 = 0xff00

  /// The port that some of Nicira's actions name with the 16 bits of OpenFlow 1.0, where 0xff00 and what follows is
  /// reserved.
  init(legacy number: UInt16) {
    self.init(number < Self.firstReserved ? UInt32(number) : 0xffff_0000 | UInt32(number))
  }

  /// The port's number in 16 bits.
  func legacy(_ what: String) throws(OpenFlowEncodingError) -> UInt16 {
    let number = UInt16(truncatingIfNeeded: self.rawValue)
    guard PortNumber(legacy: number) == self else {
      throw .invalid(what: what, problem: "names port \(self), but has 16 bits for ports up to 65279")
    }
    return number
  }
}
