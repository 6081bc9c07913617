// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a flow does with a packet that it matches (OpenFlow 1.3.5, 7.2.4).
///
/// A switch does them in an order of its own, whatever the order in which they stand: `meter`, `applyActions`,
/// `clearActions`, `writeActions`, `writeMetadata`, `gotoTable`. They are read in that order; so give them in that
/// order too where they will be compared. An empty list of actions does nothing and is neither sent nor read.
public enum Instruction: Sendable, Hashable {
  /// Goes on in a later table.
  case gotoTable(UInt8)
  /// Writes the bits of `mask` in the metadata.
  case writeMetadata(value: UInt64, mask: UInt64)
  /// Adds to the action set, which is done at the end of the tables.
  case writeActions([Action])
  /// Does the actions at once, in their order.
  case applyActions([Action])
  /// Empties the action set.
  case clearActions
  /// Sends the packet through a meter, before anything else. In 1.5 that is the first of the actions that are applied;
  /// it is written and read so.
  case meter(UInt32)
  /// An instruction that this module does not read, an experimenter's (type 0xffff) included; `body` follows type and
  /// length and has a length of 8·n + 4 bytes.
  case unknown(type: UInt16, body: [UInt8])
}
