// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel
import SharedDocuments

/// What the log says of the store and of what is in it. Nothing that moves traffic waits for it.
enum StoreDecision: RecordedDecision {
  /// What is done without the store at the start.
  enum Substitute: Equatable {
    /// What the store held when this controller heard from it last.
    case copy(ConfigurationRecord)
    case file(String)
  }

  case away(String, hasElection: Bool)
  case back
  case startedWithout(Substitute, because: String)
  /// The controller acts by the store's configuration now.
  case applied(ConfigurationRecord, revision: UInt64)
  /// The own file says something else than what is configured, and is left alone.
  case fileLeft(String, FileVerdict, configured: ConfigurationRecord?)
  /// The own file has changed, and is applied when the store takes it.
  case fileWaits(String, because: String)
  /// The store was empty, and has now what this controller kept.
  case restored(documents: Int)
  case copyFailed(String)
  /// A document of static entries cannot be read; what was known of them stays.
  case entriesUnreadable(String)

  var kind: String {
    switch self {
    case .away: "store-away"
    case .back: "store-back"
    case .startedWithout: "started-without-store"
    case .applied: "configuration-applied"
    case .fileLeft: "file-not-applied"
    case .fileWaits: "file-waits"
    case .restored: "store-restored"
    case .copyFailed: "store-copy-failed"
    case .entriesUnreadable: "entries-unreadable"
    }
  }

  var severity: Severity {
    switch self {
    case .applied: .info
    case .back: .notice
    case .fileLeft(_, .unchanged, _): .notice
    case .away, .fileLeft, .fileWaits, .restored, .copyFailed: .warning
    case .startedWithout, .entriesUnreadable: .alarm
    }
  }

  var message: String {
    switch self {
    case .away(let why, hasElection: true):
      "the store cannot be reached: who leads goes on leading, nobody else can begin to, and nothing can be configured: "
        + why
    case .away(let why, hasElection: false):
      "the store cannot be used: failover goes on, and nothing can be configured: \(why)"
    case .back: "the store can be reached again"
    case .startedWithout(.copy(let record), let why):
      "the store cannot be reached; this controller begins with the copy that it kept of it, of \(record.file): \(why)"
    case .startedWithout(.file(let path), let why):
      "the store cannot be reached, and there is no copy of it; this controller begins with \(path), which may be older "
        + "than what is configured: \(why)"
    case .applied(let record, let revision):
      "configured as revision \(revision) of the store says: \(record.file), \(record.source)"
    case .fileLeft(let path, let verdict, let record): "\(path) is not applied: \(reason(verdict, record))"
    case .fileWaits(let path, let why):
      "\(path) has changed, and is applied when the store takes it; what runs stays: \(why)"
    case .restored(let count):
      "the store had no configuration; it has the \(count) documents now that this controller had kept"
    case .entriesUnreadable(let why): "static entries of the store cannot be read, and stay as they are: \(why)"
    case .copyFailed(let why): "what the store holds cannot be kept on this machine: \(why)"
    }
  }

  var attributes: [(key: String, value: String)] {
    switch self {
    case .applied(let record, let revision):
      [
        ("revision", "\(revision)"), ("file", record.file), ("origin", record.origin.rawValue),
        ("controller", record.controller),
      ]
    case .fileLeft(let path, _, _), .fileWaits(let path, _), .startedWithout(.file(let path), _): [("file", path)]
    case .away, .back, .startedWithout, .restored, .copyFailed, .entriesUnreadable: []
    }
  }
}

extension ConfigurationRecord {
  /// Who put it into the store.
  fileprivate var source: String {
    switch self.origin {
    case .file: "the file of controller \(self.controller)"
    case .operator: "applied through controller \(self.controller)"
    case .copy: "the copy of controller \(self.controller)"
    }
  }
}

private func reason(_ verdict: FileVerdict, _ record: ConfigurationRecord?) -> String {
  let there = record.map { "\($0.file), \($0.source)" } ?? "another one"
  switch verdict {
  case .unchanged: return "it has not changed since it was, and \(there), came later; that stays"
  case .older: return "it says what was configured before, and \(there), came later; 'isthmus apply' takes it back"
  case .foreign:
    return "there is a configuration already: \(there); 'isthmus apply' puts this file in its place"
  case .apply, .same: return "it says what is configured"
  }
}
