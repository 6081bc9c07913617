// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One packet of a capture.
package struct CapturedPacket: Sendable, Hashable {
  /// Nil in a simple packet block of pcapng, which has none.
  package var time: CaptureTime?
  package var linkType: LinkType
  /// What was captured, from the first byte of the link's header.
  package var bytes: [UInt8]
  /// How long it was on the wire, bytes; more than `bytes` has if the capture's snapshot length cut it.
  package var originalLength: Int

  package init(time: CaptureTime?, linkType: LinkType, bytes: [UInt8], originalLength: Int) {
    self.time = time
    self.linkType = linkType
    self.bytes = bytes
    self.originalLength = originalLength
  }
}
