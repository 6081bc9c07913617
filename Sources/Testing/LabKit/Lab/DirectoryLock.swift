// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// Keeps other processes from making or removing labs while this one does (flock(2) on the labs' common directory).
///
/// It ends with the process that holds it, and leaves no file behind.
struct DirectoryLock: Sendable {
  private let descriptor: FileDescriptor

  /// Makes the directory if there is none, and waits for the lock.
  static func acquire(_ path: String) async throws -> DirectoryLock {
    var lock: DirectoryLock?
    try await waitUntil("lock on \(path)", timeout: .seconds(30)) {
      // Each time anew: a reaper removes the directory if it is empty.
      try makeDirectory(path, mayExist: true)
      guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec]) else {
        return false
      }
      if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 {
        lock = DirectoryLock(descriptor: descriptor)
        return true
      }
      try? descriptor.close()
      return false
    }
    guard let lock else { throw LabError.unreadable(path: path, reason: "cannot be locked") }
    return lock
  }

  func release() { try? self.descriptor.close() }
}
