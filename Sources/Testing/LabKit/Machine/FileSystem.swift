// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// rename(2). Onto a directory that is not empty it fails with `Errno.directoryNotEmpty` or `.fileExists`.
func rename(_ source: String, to destination: String) throws(Errno) {
  if Glibc.rename(source, destination) != 0 { throw Errno(rawValue: errno) }
}

/// mkdir(2) for the owner alone.
///
/// - Parameter exists: whether a directory that is there already is fine.
func makeDirectory(_ path: String, mayExist: Bool = false) throws {
  if mkdir(path, 0o700) != 0 {
    let error = Errno(rawValue: errno)
    if mayExist, error == .fileExists { return }
    throw LabError.unreadable(path: path, reason: "cannot be made: \(error)")
  }
}

func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The names in a directory, sorted; none if there is no such directory.
func directoryEntries(_ path: String) -> [String] {
  guard let directory = opendir(path) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// unlink(2); nothing if there is no such file.
func removeFile(_ path: String) throws(Errno) {
  guard Glibc.unlink(path) != 0 else { return }
  let error = Errno(rawValue: errno)
  if error != .noSuchFileOrDirectory { throw error }
}
