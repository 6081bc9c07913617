// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import NIOCore
package import ServiceModel

/// Authenticates heartbeats and their replies: HMAC-SHA256, cut to 16 bytes (RFC 2104, section 5).
package struct HeartbeatKey: Sendable, Equatable {
  package static let tagSize = 16
  private let key: SymmetricKey

  /// - Parameter bytes: 32 bytes; what `RegionKey.peerKey` gives, or a region's own derived key.
  package init(bytes: [UInt8]) {
    self.key = SymmetricKey(data: bytes)
  }

  fileprivate init(_ key: SymmetricKey) {
    self.key = key
  }

  /// The tag over the readable bytes of `content`.
  func tag(of content: ByteBuffer) -> [UInt8] {
    content.withUnsafeReadableBytes { bytes in
      Array(HMAC<SHA256>.authenticationCode(for: bytes, using: self.key).prefix(Self.tagSize))
    }
  }

  /// Whether `tag` is right for `content`. Takes the same time wherever they differ.
  func verifies(_ tag: ByteBufferView, of content: ByteBuffer) -> Bool {
    guard tag.count == Self.tagSize else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(tag, self.tag(of: content)) { difference |= a ^ b }
    return difference == 0
  }
}

/// Seals a region's assignment: ChaCha20-Poly1305 (RFC 8439).
package struct AssignmentKey: Sendable, Equatable {
  let key: SymmetricKey
}

/// A region's key is never used itself: each use has a key of its own (HKDF-SHA256, RFC 5869), so that what is
/// given to other agents opens nothing else.
extension RegionKey {
  /// Authenticates heartbeats to the controllers and their replies.
  package var heartbeatKey: HeartbeatKey { HeartbeatKey(self.derived(for: "isthmus v1 heartbeat to controllers")) }

  /// Authenticates heartbeats to the other agents, which all hold it: it proves nothing to a controller. 32 bytes.
  package var peerKey: [UInt8] {
    self.derived(for: "isthmus v1 heartbeat to agents").withUnsafeBytes { Array($0) }
  }

  /// Seals the assignment that the controller gives to the region's agent.
  package var assignmentKey: AssignmentKey { AssignmentKey(key: self.derived(for: "isthmus v1 assignment")) }

  private func derived(for purpose: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: self.bytes), info: Array(purpose.utf8), outputByteCount: Self.length)
  }
}
