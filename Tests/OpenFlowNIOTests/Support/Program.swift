// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs a program of the system and waits for it.
enum Program {
  struct Failure: Error, CustomStringConvertible {
    var command: String
    var status: Int32
    var output: String
    var description: String { "\(self.command) ended with \(self.status): \(self.output)" }
  }

  private static let directories = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"]

  static func path(_ name: String) -> String? {
    directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Whether the program is there. In CI it must be: there nothing may be left out silently.
  static func isPresent(_ name: String) -> Bool {
    path(name) != nil || ProcessInfo.processInfo.environment["CI"] != nil
  }

  /// What the program prints, errors included.
  @discardableResult
  static func run(_ name: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    try start(process, name, arguments, output: pipe)
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(command: name, status: process.terminationStatus, output: output)
    }
    return output
  }

  /// Starts a program that stays.
  static func launch(_ name: String, _ arguments: [String], environment: [String: String]) throws -> Process {
    let process = Process()
    process.environment = environment
    try start(process, name, arguments, output: FileHandle.nullDevice)
    return process
  }

  private static func start(_ process: Process, _ name: String, _ arguments: [String], output: Any) throws {
    guard let path = path(name) else { throw Failure(command: name, status: -1, output: "is not installed") }
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
  }

  /// Runs `body` with a directory of its own, whose path is short enough for sockets.
  static func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let directory = "/tmp/isthmus-sw-" + String(UInt32.random(in: .min ... .max), radix: 36)
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
  }
}
