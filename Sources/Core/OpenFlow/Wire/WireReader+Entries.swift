// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension WireReader {
  /// Reads entries until nothing is left. Each begins with its length in two bytes, these included.
  ///
  /// - Parameters:
  ///   - minimum: the least length of an entry, in bytes.
  ///   - read: reads what follows the length.
  mutating func readEntries<Entry>(
    minimum: Int, _ what: StaticString,
    _ read: (inout WireReader) throws(OpenFlowDecodingError) -> Entry
  ) throws(OpenFlowDecodingError) -> [Entry] {
    var entries: [Entry] = []
    while self.remaining > 0 {
      let offset = self.offset
      let length = Int(try self.read(UInt16.self, what))
      guard length >= minimum else {
        throw .badLength(what: "\(what)", offset: offset, length: length, accepted: "\(minimum) or more")
      }
      var body = try self.slice(length - 2, what)
      entries.append(try read(&body))
      try body.expectEnd(what)
    }
    return entries
  }
}
