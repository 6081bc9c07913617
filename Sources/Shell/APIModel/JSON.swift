// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The one way in which the API's values become JSON and come back.
package enum JSON {
  package enum Layout: Sendable {
    /// Several lines, for people and their terminals.
    case readable
    /// One line, for events in a stream.
    case compact
  }

  /// Keys in alphabetical order, so that equal values are equal bytes.
  package static func encode(_ value: some Encodable, as layout: Layout) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if layout == .readable { encoder.outputFormatting.insert(.prettyPrinted) }
    return Array(try encoder.encode(value))
  }

  /// Unknown keys are skipped: a newer controller may say more.
  package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }
}
