// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import StaticEntries

/// What came of an order of static entries.
package enum EntryAnswer: Sendable, Equatable {
  /// Nothing was done; by the place of the entry in the change, deletes before puts.
  case rejected([EntryRejection])
  /// Another controller leads; nothing was done.
  case notLeading
  case done(EntryReceipt)
}

package struct EntryRejection: Sendable, Equatable {
  package var index: Int
  package var problem: EntryProblem

  package init(index: Int, problem: EntryProblem) {
    self.index = index
    self.problem = problem
  }
}

/// All is in the switches that is not named here.
package struct EntryReceipt: Sendable, Equatable {
  package struct Refused: Sendable, Equatable {
    package var name: String
    /// What the switch said.
    package var error: String
  }

  /// The switch does not take them. They are kept, and tried again when it connects the next time.
  package var refused: [Refused] = []
  /// Their switches are not connected, or are being read: they are there as soon as these are.
  package var waiting: [String] = []

  package init() {}
}

/// Where an entry is.
package enum EntryState: Sendable, Equatable {
  case installed
  /// It was sent, and not confirmed yet; or its switch is not there, or is being read.
  case waiting
  /// It is not to be on the switch.
  case inactive
  case refused(String)
  /// A configuration that came after it gave what it would take to a service: it is not on the switch.
  case shadowing(ServiceClaims.Shadow)
}

package struct EntryView: Sendable, Equatable {
  package var entry: StaticEntry
  package var state: EntryState

  package init(entry: StaticEntry, state: EntryState) {
    self.entry = entry
    self.state = state
  }
}

/// The same, as whoever ordered it is told: by the switches and by the store.
package enum EntryOutcome: Sendable, Equatable {
  case rejected([EntryRejection])
  case notLeading
  /// The store does not take it, so nothing is there.
  case notKept(String)
  case done(EntryReceipt)
}

/// What somebody orders of static entries, and who is to be told what came of it.
package struct EntryOrder: Sendable {
  package let change: EntryChange
  /// Called once, when the switches that are there and the store have it, or will not.
  package let answer: @Sendable (EntryOutcome) -> Void

  package init(_ change: EntryChange, answer: @escaping @Sendable (EntryOutcome) -> Void) {
    self.change = change
    self.answer = answer
  }
}
