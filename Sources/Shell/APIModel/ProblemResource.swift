// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What every error of the API looks like (RFC 9457, `application/problem+json`).
package struct ProblemResource: Codable, Sendable, Equatable {
  /// `urn:isthmus:problem:CODE`; the code never changes its meaning.
  package var type: String
  package var title: String
  package var status: Int
  /// What exactly was wrong, and what is accepted.
  package var detail: String
  /// Of many entries, what is wrong with which: a hundred at most.
  package var entries: [EntryProblemResource]?

  package static let contentType = "application/problem+json"
  private static let prefix = "urn:isthmus:problem:"

  package init(
    code: String, title: String, status: Int, detail: String, entries: [EntryProblemResource]? = nil
  ) {
    self.entries = entries
    self.type = Self.prefix + code
    self.title = title
    self.status = status
    self.detail = detail
  }

  /// The last part of `type`.
  package var code: String {
    self.type.hasPrefix(Self.prefix) ? String(self.type.dropFirst(Self.prefix.count)) : self.type
  }
}
