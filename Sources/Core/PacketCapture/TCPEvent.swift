// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What became of one direction of a connection.
package struct TCPEvent: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// It begins: with its handshake, or in the middle, since the capture has no handshake of it. Where a message
    /// begins is not known then.
    case began(inTheMiddle: Bool)
    /// The next bytes, in order and each once. The time is that of the packet that completed them.
    case bytes(ArraySlice<UInt8>, at: CaptureTime?)
    /// So many bytes are not in the capture.
    case gap(Int)
    /// Nothing more comes: it was closed, reset, begun anew, or too many others came after it.
    case ended
  }

  package var direction: TCPDirection
  package var kind: Kind

  package init(_ direction: TCPDirection, _ kind: Kind) {
    self.direction = direction
    self.kind = kind
  }
}
