// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentLink
import Crypto
import FoundationEssentials
import NIOCore
import ServiceModel

/// Makes authentic datagrams that this version's encoder would not make.
enum LaterVersion {
  /// A heartbeat with one more field at its end.
  static func heartbeat(
    _ heartbeat: Heartbeat, extraType: UInt16, extra: [UInt8], key: RegionKey
  ) throws -> ByteBuffer {
    let known = try heartbeat.encoded(key: key.heartbeatKey)
    var content = ByteBuffer(bytes: known.readableBytesView.dropLast(HeartbeatKey.tagSize))
    content.writeInteger(extraType)
    content.writeInteger(UInt16(extra.count))
    content.writeBytes(extra)
    return sealed(Array(content.readableBytesView), key: key)
  }

  /// Any content at all with the right tag.
  static func sealed(_ content: [UInt8], key: RegionKey) -> ByteBuffer {
    let derived = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: key.bytes), info: Array("isthmus v1 heartbeat to controllers".utf8),
      outputByteCount: 32)
    let tag = HMAC<SHA256>.authenticationCode(for: content, using: derived)
    return ByteBuffer(bytes: content + Array(tag.prefix(16)))
  }
}
