// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The number of a packet that a switch keeps. On the wire OFP_NO_BUFFER (0xffffffff) stands for none.
enum BufferID {
  private static let none: UInt32 = 0xffff_ffff

  static func read(_ wire: UInt32) -> UInt32? { wire == none ? nil : wire }

  static func wire(_ id: UInt32?) throws(OpenFlowEncodingError) -> UInt32 {
    guard id != none else { throw .invalid(what: "buffer id", problem: "is 0xffffffff, which stands for none") }
    return id ?? none
  }
}
