// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What is in a file, and who may see it.
package struct FileContent: Sendable {
  package let bytes: [UInt8]
  /// As in `chmod`.
  package let permissions: Int

  /// Users who are neither the owner nor in the group may read or write the file.
  package var isExposed: Bool { self.permissions & 0o006 != 0 }

  package enum Problem: Error, Sendable, Equatable, CustomStringConvertible {
    case system(Int32)
    case notRegular
    case tooLarge(limit: Int)

    package var isTooLarge: Bool { if case .tooLarge = self { true } else { false } }

    package var description: String {
      switch self {
      case .system(ENOENT): "there is no such file"
      case .system(let code): String(cString: strerror(code))
      case .notRegular: "it is not a regular file"
      case .tooLarge(let limit): "it has more than \(limit) bytes"
      }
    }
  }

  /// - Parameter limit: how many bytes the file may have.
  package init(path: String, limit: Int) throws(Problem) {
    // A pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    self.permissions = Int(status.st_mode & 0o7777)
    self.bytes = try readAll(descriptor, limit: limit)
  }
}

private func readAll(_ descriptor: Int32, limit: Int) throws(FileContent.Problem) -> [UInt8] {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw .system(errno) }
    if count == 0 { return bytes }
    guard bytes.count + count <= limit else { throw .tooLarge(limit: limit) }
    bytes += buffer[..<count]
  }
}
