// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension MatchEntry {
  /// Why a condition cannot be read, in words that say what is accepted.
  package struct TextProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
  }

  /// Reads a condition from the name of its field, the specification's or that of `ovs-ofctl`, and `VALUE` or
  /// `VALUE/MASK`, as in the JSON form of a match.
  package init(named name: String, text: String) throws(TextProblem) {
    guard let field = MatchField.named(name) else {
      throw TextProblem(
        description: "there is no field '\(name)'; known are the specification's names and those of ovs-ofctl, such as "
          + "in_port, eth_type, ipv4_dst and tcp_dst")
    }
    guard let entry = MatchEntry(field, text: text) else {
      throw TextProblem(
        description:
          "'\(text)' is no value of \(field), which takes \(field.format.accepted), of \(field.bitCount) bits"
          + (field.maskable ? "" : " and without a mask"))
    }
    self = entry
  }

  /// The value, and the mask if there is one, as people write them.
  package var text: String { self.valueText }

  /// Whether the value is written as a number in JSON.
  package var isDecimal: Bool { self.field.format == .decimal && self.mask == nil && !self.field.isWide }

  /// Whether the value is a port.
  package var isPort: Bool { self.field.format == .port }
}

extension PortNumber {
  /// The reserved port's name in lower case; nil: it has a number only.
  package var reservedName: String? { Self.names.first { $0.0 == self }?.1 }

  /// Reads a number, or the name of a reserved port in any case; nil: it is neither.
  package init?(text: String) {
    if let number = UInt32(text) {
      self.init(number)
    } else if let port = Self.named(text.lowercased()) {
      self = port
    } else {
      return nil
    }
  }
}
