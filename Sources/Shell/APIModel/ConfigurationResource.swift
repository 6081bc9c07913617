// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// `GET /v1/configuration`
package struct ConfigurationResource: Codable, Sendable, Equatable {
  /// Grows with each change; 0: what runs is not from the store.
  package var revision: UInt64
  /// YAML without `controller` and without keys.
  package var text: String
  /// What its file was called; absent: what runs is not from the store.
  package var file: String?
  /// `file` (a controller's own), `operator` (`isthmus apply`) or `copy` (a controller's, into an empty store).
  package var origin: String?
  /// That put it into the store.
  package var controller: String?
  package var time: String?
  /// Why nothing can be changed now; absent: it can.
  package var storeProblem: String?
  package var links: [String: String]

  package init(
    revision: UInt64, text: String, file: String?, origin: String?, controller: String?, time: String?,
    storeProblem: String?, links: [String: String]
  ) {
    self.revision = revision
    self.text = text
    self.file = file
    self.origin = origin
    self.controller = controller
    self.time = time
    self.storeProblem = storeProblem
    self.links = links
  }
}

/// `POST /v1/configuration`
package struct ConfigurationCommandResource: Codable, Sendable, Equatable {
  /// The controller acts by it. False: it was only asked what would come of it.
  package var applied: Bool
  /// Of the configuration that is there now; 0: none.
  package var revision: UInt64
  /// Empty: it says what was there before.
  package var changes: [ConfigurationChangeResource]
  package var links: [String: String]

  package init(
    applied: Bool, revision: UInt64, changes: [ConfigurationChangeResource], links: [String: String]
  ) {
    self.applied = applied
    self.revision = revision
    self.changes = changes
    self.links = links
  }
}

/// A thing that comes, goes, or is changed.
package struct ConfigurationChangeResource: Codable, Sendable, Equatable {
  package enum Kind: String, Codable, Sendable, CaseIterable { case added, removed, changed }

  package var kind: Kind
  /// `service web`, `region lisbon`, `switch edge`, `detection` or `order of regions`.
  package var subject: String
  /// Of what is changed: `- ` and a line that goes, `+ ` and one that comes.
  package var lines: [String]

  package init(kind: Kind, subject: String, lines: [String]) {
    self.kind = kind
    self.subject = subject
    self.lines = lines
  }
}
