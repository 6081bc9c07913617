// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Agent
import FoundationEssentials
import ServiceModel
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct KeyFileTests {
  static let bytes = [UInt8](0..<32)
  static let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()

  @discardableResult
  func withFile<R>(_ content: [UInt8], permissions: Int = 0o600, _ body: (String) throws -> R) throws -> R {
    let url = FileManager.default.temporaryDirectory.appending(path: "isthmus-key-\(UUID().uuidString)")
    try Data(content).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: url.path)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  @Test(arguments: [Array(hex.utf8), Array((hex.uppercased() + "\n").utf8), Array((" " + hex + "\r\n").utf8)])
  func digitsAreRead(content: [UInt8]) throws {
    let key = try self.withFile(content) { try RegionKey(file: $0) }
    #expect(key.bytes == Self.bytes)
  }

  @Test(arguments: [[], bytes, Array("secret".utf8), Array((hex + "0").utf8), Array(("zz" + hex.dropFirst(2)).utf8)])
  func anythingElseIsRefused(content: [UInt8]) throws {
    try self.withFile(content) { path in
      let error = #expect(throws: KeyFileError.self) { try RegionKey(file: path) }
      guard case .malformed(path, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test(arguments: [0o644, 0o602, 0o666])
  func aKeyThatIsOpenToEverybodyIsRefused(permissions: Int) throws {
    try self.withFile(Self.bytes, permissions: permissions) { path in
      #expect(throws: KeyFileError.exposed(path: path, permissions: permissions)) { try RegionKey(file: path) }
    }
  }

  @Test func aMissingFileIsNamed() {
    #expect(throws: KeyFileError.unreadable(path: "/nowhere/key", reason: "there is no such file")) {
      try RegionKey(file: "/nowhere/key")
    }
  }
}
