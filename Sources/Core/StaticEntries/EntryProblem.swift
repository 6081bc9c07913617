// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow

/// Why an entry is not taken. Says what is accepted, and what to do.
package enum EntryProblem: Error, Sendable, Hashable {
  case badName(String)
  case unknownSwitch(DatapathID)
  case unknownEntry
  case namedTwice
  case badTable(UInt8)
  case badGroup(GroupNumber)
  /// The message cannot be said, or lacks what it needs.
  case invalid(String)
  /// Another entry matches the same packets with the same priority in the same table.
  case sameFlow(String)
  case sameGroup(String)
  /// It would take packets that are a service's.
  case shadows(ServiceClaims.Shadow)
  case tooMany(Int)
}

extension EntryProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badName(let name):
      "the name '\(name.prefix(StaticEntry.nameLimit))' must have 1 to \(StaticEntry.nameLimit) bytes and no control "
        + "characters"
    case .unknownSwitch(let datapath):
      "no switch \(datapath) is configured: add it to 'switches', or give the name or datapath of one that is there"
    case .unknownEntry: "there is no entry of this name"
    case .namedTwice: "the name is there twice in one request"
    case .badTable(let table):
      "table \(table) is not for entries: 1 to 5 are the services'; accepted: 0, and 6 to 254"
    case .badGroup(let group):
      "group \(group) is not for entries: 0x49000000 to 0x4904ffff are the services'; accepted: any other number up to "
        + "0xffffff00"
    case .invalid(let reason): reason
    case .sameFlow(let name):
      "entry '\(name)' has the same switch, table, priority and match already: delete it first, or use its name"
    case .sameGroup(let name):
      "entry '\(name)' has the same switch and group number already: delete it first, or use its name"
    case .shadows(let shadow): "\(shadow)"
    case .tooMany(let count):
      "there would be \(count) entries; at most \(StaticEntry.limit) are kept: delete some first"
    }
  }
}
