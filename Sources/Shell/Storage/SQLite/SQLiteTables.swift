// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB

/// What is done within one transaction.
enum SQLiteTables {
  static func snapshot(_ database: Database, file: String) throws -> Snapshot {
    var documents: [Document] = []
    let rows = try Row.fetchCursor(database, sql: "SELECT key, value, revision FROM documents ORDER BY key")
    while let row = try rows.next() {
      guard let key = String.fromDatabaseValue(row[0]), DocumentKey.isValid(key),
        let bytes = Data.fromDatabaseValue(row[1]), bytes.count <= StoreLimits.valueBytes,
        let value = String(validating: bytes, as: UTF8.self), let revision = UInt64.fromDatabaseValue(row[2])
      else {
        throw StoreError.damaged(place: file, reason: "a document that cannot be read, after \(documents.count) others")
      }
      documents.append(Document(key: key, value: value, revision: revision))
    }
    return Snapshot(revision: try self.revision(database), documents: documents)
  }

  /// - Returns: the new revision; the old one if nothing changed.
  static func commit(
    _ changes: [Change], expecting expectations: [Expectation], to database: Database
  ) throws -> UInt64 {
    for expectation in expectations {
      let found = try UInt64.fetchOne(
        database.cachedStatement(sql: "SELECT revision FROM documents WHERE key = ?"), arguments: [expectation.key])
      guard found == expectation.revision else {
        throw StoreError.conflict(key: expectation.key, expected: expectation.revision, found: found)
      }
    }
    let revision = try self.revision(database) + 1
    let before = database.totalChangesCount
    for change in changes { try self.apply(change, at: revision, to: database) }
    guard database.totalChangesCount > before else { return revision - 1 }
    try self.checkSize(database)
    try database.cachedStatement(sql: "UPDATE store SET revision = ?").execute(arguments: [Int64(clamping: revision)])
    return revision
  }

  private static func apply(_ change: Change, at revision: UInt64, to database: Database) throws {
    switch change {
    case .put(let key, let value):
      // Bytes: SQLite's texts end at the first zero.
      try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO documents (key, value, revision) VALUES (?, ?, ?)"
      ).execute(arguments: [key, Data(value.utf8), Int64(clamping: revision)])
    case .delete(let key):
      try database.cachedStatement(sql: "DELETE FROM documents WHERE key = ?").execute(arguments: [key])
    }
  }

  private static func checkSize(_ database: Database) throws {
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT count(*), coalesce(sum(length(value)), 0) FROM documents"))
    let documents: Int = row?[0] ?? 0
    let bytes: Int = row?[1] ?? 0
    if let problem = StoreLimits.problem(documents: documents, bytes: bytes) { throw StoreError.badCommit(problem) }
  }

  private static func revision(_ database: Database) throws -> UInt64 {
    try UInt64.fetchOne(database.cachedStatement(sql: "SELECT revision FROM store")) ?? 0
  }
}
