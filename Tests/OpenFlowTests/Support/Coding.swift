// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

extension Message {
  func bytes(_ version: ProtocolVersion) throws -> [UInt8] {
    var buffer = ByteBuffer()
    try self.encode(into: &buffer, version: version)
    return Array(buffer.readableBytesView)
  }

  init(bytes: [UInt8], _ version: ProtocolVersion) throws {
    self = try Message.decode(from: ByteBuffer(bytes: bytes), version: version)
  }
}
