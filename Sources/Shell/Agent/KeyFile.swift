// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import ServiceModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why a region's key could not be read.
package enum KeyFileError: Error, Sendable, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  /// - Parameter permissions: as in `chmod`.
  case exposed(path: String, permissions: Int)
  case malformed(path: String, RegionKey.TextProblem)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the key file '\(path)': \(reason)"
    case .exposed(let path, let permissions):
      "key file '\(path)' has permissions \(String(permissions, radix: 8)): every user of this machine could read or "
        + "change the key; run: chmod 600 '\(path)'"
    case .malformed(let path, let problem):
      "the key in '\(path)' \(problem); accepted: \(RegionKey.accepted)"
    }
  }
}

extension RegionKey {
  /// Reads 64 hexadecimal digits from a file that is not open to everybody.
  package init(file path: String) throws(KeyFileError) {
    let permissions: Int
    let content: Data
    do {
      permissions = try Self.permissions(ofFile: path)
      content = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .unreadable(path: path, reason: plain(error))
    }
    guard permissions & 0o007 == 0 else { throw .exposed(path: path, permissions: permissions) }
    do {
      self = try RegionKey(hexadecimal: content)
    } catch {
      throw .malformed(path: path, error)
    }
  }

  private static func permissions(ofFile path: String) throws -> Int {
    // Foundation gives them as types that differ between its versions.
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw CocoaError(errno == ENOENT ? .fileReadNoSuchFile : .fileReadNoPermission)
    }
    return Int(status.st_mode & 0o7777)
  }
}
