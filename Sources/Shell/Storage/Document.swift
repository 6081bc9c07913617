// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One text that an operator configured, under its key.
package struct Document: Sendable, Equatable {
  /// As `DocumentKey` describes.
  package var key: String
  /// At most `StoreLimits.valueBytes` of UTF-8.
  package var value: String
  /// The store's revision of its last change.
  package var revision: UInt64

  package init(key: String, value: String, revision: UInt64) {
    self.key = key
    self.value = value
    self.revision = revision
  }
}

/// Everything in a store at one revision.
package struct Snapshot: Sendable, Equatable {
  /// Grows with each change; not always by one.
  package var revision: UInt64
  /// In the order of their keys.
  package var documents: [Document]

  package init(revision: UInt64, documents: [Document]) {
    self.revision = revision
    self.documents = documents
  }

  package subscript(key: String) -> Document? {
    self.documents.first { $0.key == key }
  }
}

/// What a commit does to one document.
package enum Change: Sendable, Equatable {
  case put(key: String, value: String)
  /// Of one that does not exist: changes nothing, and is no error.
  case delete(key: String)

  package var key: String {
    switch self {
    case .put(let key, _), .delete(let key): key
    }
  }
}

/// What a commit relies on: without it, nothing is changed.
package struct Expectation: Sendable, Equatable {
  package var key: String
  /// Of the document's last change; nil: there is no such document.
  package var revision: UInt64?

  package init(key: String, revision: UInt64?) {
    self.key = key
    self.revision = revision
  }
}
