// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
package import OpenFlow

/// What a flow of ours is called in Floodlight's static entry pusher, which makes cookies of its own of names:
/// `isthmus.COOKIE.KEY`, the cookie that it shall have and a digest of what makes it this flow (table, priority and
/// match), both in 16 hexadecimal digits.
package struct FlowName: Sendable, Hashable {
  package static let prefix = "isthmus."

  package var cookie: UInt64
  package var key: UInt64

  package init(_ mod: FlowMod) {
    self.cookie = mod.cookie
    // FNV-1a: the same in every process.
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(mod.tableID)/\(mod.priority)/\(mod.match)".utf8 {
      digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    self.key = digest
  }

  /// Nil: it is another's.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "isthmus", parts[1].utf8.count == 16, parts[2].utf8.count == 16,
      let cookie = UInt64(parts[1], radix: 16), let key = UInt64(parts[2], radix: 16)
    else { return nil }
    self.cookie = cookie
    self.key = key
  }

  package var text: String { "\(Self.prefix)\(Self.digits(self.cookie)).\(Self.digits(self.key))" }

  /// What Floodlight's cookie ends in (`StaticEntries.computeEntryCookie`).
  package var number: UInt32 { EntryCookie.number(of: self.text) }

  private static func digits(_ value: UInt64) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}
