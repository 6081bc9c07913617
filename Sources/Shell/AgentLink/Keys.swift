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
  /// Has read the key, which costs more than a heartbeat does.
  private let keyed: HMAC<SHA256>

  /// - Parameter bytes: 32 bytes; what `RegionKey.peerKey` gives, or a region's own derived key.
  package init(bytes: [UInt8]) {
    self.init(SymmetricKey(data: bytes))
  }

  fileprivate init(_ key: SymmetricKey) {
    self.key = key
    self.keyed = HMAC(key: key)
  }

  package static func == (a: HeartbeatKey, b: HeartbeatKey) -> Bool { a.key == b.key }

  /// Writes the tag over the readable bytes behind them.
  func seal(_ content: inout ByteBuffer) {
    let code = content.withUnsafeReadableBytes { self.code(of: $0) }
    code.withUnsafeBytes { _ = content.writeBytes($0.prefix(Self.tagSize)) }
  }

  /// Whether the last bytes are the tag over those before them. Takes the same time wherever they differ.
  func verifies(_ sealed: ByteBuffer) -> Bool {
    sealed.withUnsafeReadableBytes { bytes in
      guard bytes.count >= Self.tagSize else { return false }
      let code = self.code(of: UnsafeRawBufferPointer(rebasing: bytes.dropLast(Self.tagSize)))
      let tag = UnsafeRawBufferPointer(rebasing: bytes.suffix(Self.tagSize))
      return code.withUnsafeBytes { right in
        var difference: UInt8 = 0
        for index in 0..<Self.tagSize { difference |= right[index] ^ tag[index] }
        return difference == 0
      }
    }
  }

  private func code(of content: UnsafeRawBufferPointer) -> HMAC<SHA256>.MAC {
    var code = self.keyed
    code.update(data: content)
    return code.finalize()
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
