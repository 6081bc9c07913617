// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc

/// How the file is opened, and what is in it.
enum SQLiteFormat {
  /// `user_version` of the file: 1 is the first; 0, a file that is still empty.
  static let version = 1
  /// `application_id` of the file: "Isth".
  static let application = 0x4973_7468

  /// Somebody else's file, or a newer one, is not changed.
  static func configuration(file: String) -> Configuration {
    var configuration = Configuration()
    configuration.label = "isthmus.store"
    configuration.busyMode = .immediateError
    configuration.prepareDatabase { database in
      // Before anything is read: the lock is taken with the first look at the file, and kept.
      try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
      try self.check(database, file: file)
      try self.protect(file)
      let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") ?? "none"
      guard mode == "wal" else {
        throw StoreError.unusable(file: file, reason: "SQLite's write-ahead log does not work there (\(mode))")
      }
      try database.execute(sql: "PRAGMA synchronous = FULL; BEGIN EXCLUSIVE; COMMIT")
    }
    return configuration
  }

  /// All of what `body` does, or nothing of it.
  ///
  /// - Parameter waitsForDisk: it is on the disk when this returns.
  static func transaction<Value>(_ database: Database, waitsForDisk: Bool, _ body: () throws -> Value) throws -> Value {
    try database.cachedStatement(sql: "PRAGMA synchronous = \(waitsForDisk ? "FULL" : "NORMAL")").execute()
    try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
    do {
      let value = try body()
      try database.commit()
      return value
    } catch {
      // What failed may have ended it.
      try? database.rollback()
      throw error
    }
  }

  /// Fills a new file.
  static func prepare(_ database: Database) throws {
    guard try Int.fetchOne(database, sql: "PRAGMA user_version") == 0 else { return }
    try database.inTransaction {
      try database.execute(
        sql: """
          CREATE TABLE store (revision INTEGER NOT NULL);
          INSERT INTO store VALUES (0);
          CREATE TABLE documents (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL, revision INTEGER NOT NULL);
          PRAGMA application_id = \(self.application);
          PRAGMA user_version = \(self.version);
          """)
      return .commit
    }
  }

  /// One that was readable for others may have its log already; a log that comes later is as the file is.
  private static func protect(_ file: String) throws(StoreError) {
    for path in [file, file + "-wal"] {
      guard chmod(path, 0o600) == 0 || (errno == ENOENT && path != file) else {
        throw .unusable(
          file: path, reason: "its permissions cannot be set to 0600: \(String(cString: strerror(errno)))")
      }
    }
  }

  private static func check(_ database: Database, file: String) throws {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard application == self.application || (application == 0 && version == 0 && tables == 0) else {
      throw StoreError.damaged(place: file, reason: "it is a SQLite file of another program; name another file")
    }
    guard version <= self.version else {
      throw StoreError.newerFormat(place: file, found: version, known: self.version)
    }
  }
}

extension StoreError {
  /// Translates what the library throws.
  ///
  /// - Parameter isCommit: what was written before the error may be found when the file is opened the next time.
  init(_ error: any Error, file: String, isCommit: Bool = false) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError:
      let reason = error.message ?? "SQLite's error \(error.resultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(file: file)
      case .SQLITE_FULL: self = .full(place: file)
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(place: file, reason: reason)
      case .SQLITE_IOERR where isCommit: self = .uncertain(place: file, reason: reason)
      default: self = .unusable(file: file, reason: reason)
      }
    default: self = .unusable(file: file, reason: "\(error)")
    }
  }
}
