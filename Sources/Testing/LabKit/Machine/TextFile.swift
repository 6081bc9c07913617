// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// Whole files of text.
package enum TextFile {
  /// Nil if the file cannot be read. Works for files of `/proc`, whose size is 0.
  static func read(_ path: String) -> String? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      guard let count = try? chunk.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }

  /// The last `size` bytes of a file, from the first whole line in them on; empty if it cannot be read.
  static func readEnd(_ path: String, size: Int) -> String {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return "" }
    defer { try? file.close() }
    var chunk = [UInt8](repeating: 0, count: size)
    guard let end = try? file.seek(offset: 0, from: .end) else { return "" }
    let start = max(0, end - Int64(size))
    guard let count = try? chunk.withUnsafeMutableBytes({ try file.read(fromAbsoluteOffset: start, into: $0) })
    else { return "" }
    let text = String(decoding: chunk[..<count], as: UTF8.self)
    return start == 0 ? text : String(text.drop { $0 != "\n" }.dropFirst())
  }

  /// Replaces the file if there is one: readers see the old text or the new.
  static func write(_ text: String, to path: String, permissions: FilePermissions = .ownerReadWrite) throws {
    let temporary = FilePath("\(path).new")
    do {
      let file = try FileDescriptor.open(
        temporary, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: permissions)
      try file.closeAfter { _ = try file.writeAll(text.utf8) }
      try rename(temporary.string, to: path)
    } catch {
      throw LabError.unreadable(path: path, reason: "cannot be written: \(error)")
    }
  }

  static func openForAppending(_ path: String) throws(LabError) -> FileDescriptor {
    do {
      return try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
    } catch {
      throw .unreadable(path: path, reason: "cannot be opened: \(error)")
    }
  }

  /// The last lines of a log, for error messages.
  package static func tail(_ path: String, lines: Int = 5) -> String {
    (self.read(path) ?? "").split(separator: "\n").suffix(lines).joined(separator: "\n")
  }
}
