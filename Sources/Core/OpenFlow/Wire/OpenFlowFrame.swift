// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// The border of messages in a stream of bytes (OpenFlow 1.3.5, 7.1).
public enum OpenFlowFrame {
  /// Length in bytes of the header that every message begins with; the least length of a message.
  public static let headerLength = 8
  /// The greatest length of a message.
  public static let maximumLength = 65_535

  /// How long the message is that begins at the buffer's first readable byte; nil if fewer than 4 bytes of it are
  /// there. Nothing is consumed.
  ///
  /// - Throws: `OpenFlowDecodingError.badLength` if it says that it is shorter than its header: there is no way to
  ///   find the next message in such a stream.
  public static func length(of buffer: ByteBuffer) throws(OpenFlowDecodingError) -> Int? {
    guard let length: UInt16 = buffer.getInteger(at: buffer.readerIndex + 2) else { return nil }
    guard length >= headerLength else {
      throw .badLength(what: "message", offset: 2, length: Int(length), accepted: "\(headerLength) or more")
    }
    return Int(length)
  }
}
