// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ServiceFiles
import ServiceModel
import Testing

@Suite("A file on disk")
struct LoadingTests {
  /// A folder of its own with the example and its key file.
  private final class Folder {
    let path: String

    init() throws {
      self.path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
      try FileManager.default.createDirectory(atPath: self.path + "/keys", withIntermediateDirectories: true)
      try self.write("services.yaml", Array(Example.yaml.utf8), mode: 0o600)
      try self.write("keys/lisbon.key", Array((String(repeating: "cd", count: 32) + "\n").utf8), mode: 0o640)
    }

    deinit {
      try? FileManager.default.removeItem(atPath: self.path)
    }

    func write(_ name: String, _ bytes: [UInt8], mode: Int) throws {
      let path = self.path + "/" + name
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    /// What a person reads, with the folder's own path left out; nil if nothing is wrong.
    func errors(_ name: String = "services.yaml") -> String? {
      do {
        _ = try ServiceFile.load(path: self.path + "/" + name)
        return nil
      } catch {
        return error.description.replacing(self.path + "/", with: "")
      }
    }
  }

  @Test("is read with its key files beside it")
  func load() throws {
    let folder = try Folder()
    let file = try ServiceFile.load(path: folder.path + "/services.yaml")
    #expect(file.intent == (try Example.parse(Example.yaml)).intent)
    #expect(file.file == folder.path + "/services.yaml")

    let absolute = Example.with("keys/lisbon.key", folder.path + "/keys/lisbon.key")
    try folder.write("services.yaml", Array(absolute.utf8), mode: 0o600)
    #expect(try ServiceFile.load(path: folder.path + "/services.yaml").intent == file.intent)
  }

  @Test("that is not there, or is a folder, is named")
  func unreadable() throws {
    let folder = try Folder()
    #expect(
      folder.errors("none.yaml") == """
        error[file-unreadable]: none.yaml:1:1: the file cannot be read: there is no such file
          check the path and its permissions
        """)
    #expect(folder.errors("keys")?.contains("it is not a regular file") == true)
  }

  @Test("may not have a key in it if every user may read it")
  func exposedFile() throws {
    let folder = try Folder()
    try folder.write("services.yaml", Array(Example.yaml.utf8), mode: 0o644)
    #expect(
      folder.errors() == """
        error[key-exposed]: services.yaml:16:10: a key is in this file, which every user of this machine may read \
        or write
          run 'chmod o= services.yaml', or use 'key-file'; make a new key if others use this machine
        """)
    let withoutKey = Example.with("key: \(String(repeating: "ab", count: 32))", "key-file: porto.key")
    try folder.write("porto.key", Array(String(repeating: "ab", count: 32).utf8), mode: 0o600)
    try folder.write("services.yaml", Array(withoutKey.utf8), mode: 0o644)
    #expect(folder.errors() == nil)
  }

  @Test("may not have a key file that every user may read", arguments: [0o644, 0o602])
  func exposedKey(mode: Int) throws {
    let folder = try Folder()
    try folder.write("keys/lisbon.key", Array(String(repeating: "cd", count: 32).utf8), mode: mode)
    #expect(folder.errors()?.hasPrefix("error[key-exposed]: services.yaml:13:15: ") == true)
  }

  @Test("may not have a key file that is no key")
  func badKey() throws {
    let folder = try Folder()
    try folder.write("keys/lisbon.key", Array("cdcd".utf8), mode: 0o600)
    #expect(
      folder.errors() == """
        error[invalid-key]: services.yaml:13:15: the key in 'keys/lisbon.key' has 4 characters
          accepted: 64 hexadecimal digits (32 bytes), as 'openssl rand -hex 32' makes them
        """)
    try folder.write("keys/lisbon.key", [UInt8](repeating: 0x41, count: 5000), mode: 0o600)
    #expect(folder.errors()?.contains("it has more than 4096 bytes") == true)
  }

  @Test("must be UTF-8")
  func notUTF8() throws {
    let folder = try Folder()
    try folder.write("services.yaml", Array("a: é\nb: é ".utf8) + [0xc3, 0x28], mode: 0o600)
    #expect(
      folder.errors() == """
        error[not-utf8]: services.yaml:2:6: the byte 0xc3 is not UTF-8
          save the file as UTF-8
        """)
  }

  @Test("has at most ten million bytes")
  func tooLarge() throws {
    let folder = try Folder()
    try folder.write("services.yaml", [UInt8](repeating: 0x23, count: 10_000_001), mode: 0o600)
    #expect(folder.errors()?.hasPrefix("error[file-too-large]: services.yaml:1:1: ") == true)
  }
}
