// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// Tells whether a run of bytes from the middle of a stream begins with a message.
///
/// A header alone is a weak sign: lists of table numbers have many that look like one. So every message that is whole in
/// the run must be readable, and the last one, which may go on behind it, must be of a kind that can be so long.
enum MessageBorder {
  /// Types (OFPT_*) whose messages have one length only.
  private static let lengths: [UInt8: Int] = [
    5: 8, 6: 32, 7: 8, 8: 12, 9: 12, 20: 8, 21: 8, 22: 16, 24: 24, 25: 24, 26: 8,
  ]
  private static let lastType: UInt8 = 35

  static func isLikely(at bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = MessageHeader(bytes), bytes.count >= OpenFlowFrame.headerLength else { return false }
    var rest = bytes
    while let header = MessageHeader(rest) {
      guard ProtocolVersion(rawValue: header.version) != nil, header.version == first.version,
        // HELLO is 0: it stands at the beginning of a stream, not in the middle.
        (1...self.lastType).contains(header.type), header.length >= OpenFlowFrame.headerLength,
        header.length == self.lengths[header.type] ?? header.length
      else { return false }
      if header.length <= rest.count, (try? MessageCoding.decode(Array(rest.prefix(header.length)))) == nil {
        return false
      }
      rest = rest.dropFirst(header.length)
    }
    return true
  }
}
