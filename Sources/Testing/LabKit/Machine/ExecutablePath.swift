// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Finds executables.
package enum ExecutablePath {
  /// `$PATH` and the directories of system tools, which an ordinary user's `$PATH`, and so `sudo`'s, may lack.
  static let search: String =
    [getenv("PATH").map { String(cString: $0) }, "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"]
    .compactMap(\.self).joined(separator: ":")

  /// A tool of the system's.
  package static func ofTool(_ name: String) -> String? {
    self.search.split(separator: ":").lazy.map { "\($0)/\(name)" }.first(where: self.isExecutable)
  }

  /// One of Isthmus's own: as told, else beside the running executable (a build directory, `/usr/bin`), else in
  /// `$PATH`.
  package static func ofProduct(_ name: String, override: String?) -> String? {
    if let override { return self.isExecutable(override) ? override : nil }
    if let directory = self.ownDirectory, self.isExecutable("\(directory)/\(name)") { return "\(directory)/\(name)" }
    return self.ofTool(name)
  }

  private static var ownDirectory: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    let text = String(cString: path)
    return text.lastIndex(of: "/").map { String(text[..<$0]) }
  }

  private static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
