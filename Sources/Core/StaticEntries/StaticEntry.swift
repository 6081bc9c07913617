// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import FlowPipeline
package import OpenFlow

/// A flow or a group that an operator wrote, and that stays in a switch until an operator takes it away.
package struct StaticEntry: Sendable, Hashable {
  /// Of no other entry, on any switch.
  package var name: String
  package var datapath: DatapathID
  /// It is to be on the switch; else it is only kept.
  package var isActive: Bool
  /// It has taken the place of one that matched the same packets.
  package var isReplacement: Bool
  package var content: Content

  package enum Content: Sendable, Hashable {
    case flow(StaticFlow)
    case group(StaticGroup)
  }

  package init(
    name: String, datapath: DatapathID, isActive: Bool = true, isReplacement: Bool = false, content: Content
  ) {
    self.name = name
    self.datapath = datapath
    self.isActive = isActive
    self.isReplacement = isReplacement
    self.content = content
  }

  /// What its flow is called on the switch, if it is one.
  package var cookie: UInt64 { EntryCookie.of(self.name) }

  /// Bytes of a name.
  package static let nameLimit = 200
  /// Of all switches together: what a store holds beside a configuration.
  package static let limit = 50_000

  /// 1 to 200 bytes, without control characters.
  package static func isName(_ text: String) -> Bool {
    let bytes = text.utf8
    return (1...Self.nameLimit).contains(bytes.count) && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
  }
}

package struct StaticFlow: Sendable, Hashable {
  package var table: UInt8
  package var priority: UInt16
  /// Seconds without a packet, or in all, after which it goes, from the switch and from here; 0: never.
  package var idleTimeout: UInt16
  package var hardTimeout: UInt16
  package var match: Match
  /// In the order in which a switch does them, and tells them.
  package let instructions: [Instruction]

  package init(
    table: UInt8 = 0, priority: UInt16 = 0x8000, idleTimeout: UInt16 = 0, hardTimeout: UInt16 = 0, match: Match = .any,
    instructions: [Instruction] = []
  ) {
    self.table = table
    self.priority = priority
    self.idleTimeout = idleTimeout
    self.hardTimeout = hardTimeout
    self.match = match
    // Else it would look as if somebody had changed the flow.
    self.instructions = instructions.asTold
  }

  package var key: DatapathProgram.FlowKey {
    DatapathProgram.FlowKey(table: self.table, priority: self.priority, match: self.match)
  }
}

package struct StaticGroup: Sendable, Hashable {
  package var number: GroupNumber
  package var kind: GroupKind
  package var buckets: [Bucket]

  package init(number: GroupNumber, kind: GroupKind, buckets: [Bucket]) {
    self.number = number
    self.kind = kind
    self.buckets = buckets
  }
}
