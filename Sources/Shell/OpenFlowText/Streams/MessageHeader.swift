// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What every message begins with (OpenFlow 1.3.5, 7.1), whatever its version.
struct MessageHeader {
  var version: UInt8
  var type: UInt8
  var length: Int
  /// Nil if the header is not all there.
  var xid: UInt32?

  /// Nil: there are fewer than 4 bytes.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= 4 else { return nil }
    let start = bytes.startIndex
    self.version = bytes[start]
    self.type = bytes[start + 1]
    self.length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
    if bytes.count >= 8 { self.xid = bytes[(start + 4)..<(start + 8)].reduce(0) { $0 << 8 | UInt32($1) } }
  }

  /// What a stream that begins with these bytes clearly is instead of OpenFlow; nil: it may be OpenFlow.
  func foreignProtocol(_ bytes: [UInt8]) -> String? {
    if self.version == 0x16, self.type == 3 {
      return "this is TLS, not OpenFlow: the connection is encrypted"
    }
    if bytes.starts(with: [0x1f, 0x8b]) { return "this is compressed with gzip: put 'zcat FILE |' before the command" }
    if self.version > 0x20 || self.version == 0x0a, bytes.prefix(16).allSatisfy(Self.isText) {
      return "this is text, not OpenFlow: --hex reads hexadecimal digits, and 'encode' reads JSON"
    }
    return nil
  }

  private static func isText(_ byte: UInt8) -> Bool { (0x20..<0x7f).contains(byte) || (0x09...0x0d).contains(byte) }
}
