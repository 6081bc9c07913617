// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

/// What is configured, as one controller runs it.
package struct ConfigurationView: Sendable, Equatable {
  /// How a configuration came into the store.
  package struct Arrival: Sendable, Equatable {
    /// What its file was called.
    package var file: String
    package var origin: String
    /// The controller that put it there.
    package var controller: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    package var time: Int64

    package init(file: String, origin: String, controller: String, time: Int64) {
      self.file = file
      self.origin = origin
      self.controller = controller
      self.time = time
    }
  }

  /// Of the store when it was put there; 0: it was not.
  package var revision: UInt64
  /// Without keys.
  package var text: String
  /// Nil: what runs is not from the store.
  package var arrival: Arrival?
  /// Why the store takes no change now; nil: it does.
  package var storeProblem: String?

  package init(revision: UInt64, text: String, arrival: Arrival? = nil, storeProblem: String? = nil) {
    self.revision = revision
    self.text = text
    self.arrival = arrival
    self.storeProblem = storeProblem
  }
}

/// A configuration that an operator sends.
package struct ConfigurationProposal: Sendable, Equatable {
  package var text: String
  /// What messages call it.
  package var file: String
  /// Only if the one that is there has it; 0: only if there is none. Nil: whatever is there.
  package var revision: UInt64?
  /// Only says what would come of it.
  package var isTrial: Bool

  package init(text: String, file: String, revision: UInt64? = nil, isTrial: Bool = false) {
    self.text = text
    self.file = file
    self.revision = revision
    self.isTrial = isTrial
  }
}

/// What came of a proposal.
package enum ConfigurationOutcome: Sendable, Equatable {
  /// Of a trial: what would become different, and the revision of what is there.
  case accepted(revision: UInt64, changes: [ConfigurationChangeResource])
  /// All that is wrong with it.
  case rejected(String)
  /// Somebody else has changed the configuration.
  case conflict(String)
  /// The store does not take it; nothing was changed.
  case notKept(String)
}
