// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
package import ServiceModel

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
    let content: FileContent
    do {
      content = try FileContent(path: path, limit: 4_096)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    guard !content.isExposed else { throw .exposed(path: path, permissions: content.permissions) }
    do {
      self = try RegionKey(hexadecimal: content.bytes)
    } catch {
      throw .malformed(path: path, error)
    }
  }
}
