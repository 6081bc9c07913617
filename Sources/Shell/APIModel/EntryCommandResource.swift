// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What came of `POST` or `DELETE` of `/v1/flows`.
package struct EntryCommandResource: Codable, Sendable, Equatable {
  package struct Refusal: Codable, Sendable, Equatable {
    package var name: String
    /// What the switch said.
    package var error: String

    package init(name: String, error: String) {
      self.name = name
      self.error = error
    }
  }

  /// Added, or put in another's place.
  package var put: Int
  package var deleted: Int
  /// The switch does not take them; they are kept, and tried again when it connects the next time.
  package var refused: [Refusal]
  /// So many are not on their switch yet, because it is not connected or is being read; names of the first hundred.
  package var waitingCount: Int
  package var waiting: [String]

  package init(put: Int, deleted: Int, refused: [Refusal], waiting: [String]) {
    self.put = put
    self.deleted = deleted
    self.refused = refused
    self.waitingCount = waiting.count
    self.waiting = Array(waiting.prefix(100))
  }
}

/// What is wrong with one entry of many.
package struct EntryProblemResource: Codable, Sendable, Equatable {
  /// The place in the request, from 0.
  package var index: Int
  package var name: String
  package var problem: String

  package init(index: Int, name: String, problem: String) {
    self.index = index
    self.name = name
    self.problem = problem
  }
}
