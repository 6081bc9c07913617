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
  case malformed(path: String, size: Int)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the key file '\(path)': \(reason)"
    case .exposed(let path, let permissions):
      "key file '\(path)' has permissions \(String(permissions, radix: 8)): every user of this machine could read or "
        + "change the key; run: chmod 600 '\(path)'"
    case .malformed(let path, let size):
      "key file '\(path)' has \(size) bytes; accepted are 64 hexadecimal digits or 32 bytes; to make a key: "
        + "openssl rand -hex 32"
    }
  }
}

extension RegionKey {
  /// Reads 64 hexadecimal digits (white space around them is ignored) or 32 bytes, from a file that is not open to
  /// everybody.
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
    guard let bytes = Self.bytes(of: content), let key = RegionKey(bytes: bytes) else {
      throw .malformed(path: path, size: content.count)
    }
    self = key
  }

  private static func permissions(ofFile path: String) throws -> Int {
    // Foundation gives them as types that differ between its versions.
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw CocoaError(errno == ENOENT ? .fileReadNoSuchFile : .fileReadNoPermission)
    }
    return Int(status.st_mode & 0o7777)
  }

  private static func bytes(of content: Data) -> [UInt8]? {
    if content.count == RegionKey.length { return [UInt8](content) }
    var digits = content[...]
    while let last = digits.last, [0x20, 0x09, 0x0a, 0x0d].contains(last) { digits.removeLast() }
    while let first = digits.first, [0x20, 0x09, 0x0a, 0x0d].contains(first) { digits.removeFirst() }
    guard digits.count == 2 * RegionKey.length else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: digits.startIndex, to: digits.endIndex, by: 2) {
      guard let high = hexValue(digits[index]), let low = hexValue(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

private func hexValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
  default: nil
  }
}
