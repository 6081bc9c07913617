// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs a program of Open vSwitch and waits for it.
enum ExternalTool {
  struct Failure: Error, CustomStringConvertible {
    var command: String
    var status: Int32
    var output: String
    var description: String { "\(self.command) ended with \(self.status): \(self.output)" }
  }

  static let directories = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"]

  static func path(_ name: String) -> String? {
    directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Whether the program is there. In CI it must be: there nothing may be left out silently.
  static func isPresent(_ name: String) -> Bool {
    path(name) != nil || ProcessInfo.processInfo.environment["CI"] != nil
  }

  /// What the program prints.
  @discardableResult
  static func run(_ name: String, _ arguments: [String]) throws -> String {
    guard let path = path(name) else { throw Failure(command: name, status: -1, output: "is not installed") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    let errors = Pipe()
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(command: name, status: process.terminationStatus, output: complaint)
    }
    return output
  }

  /// `ovs-ofctl (Open vSwitch) 3.1.0`, say.
  static func openVSwitchVersion() throws -> Substring {
    try run("ovs-ofctl", ["--version"]).split(separator: "\n").first ?? ""
  }

  /// What `ovs-ofctl ofp-print` says of a message, without trailing spaces.
  static func describe(_ message: [UInt8]) throws -> [String] {
    let digits = message.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return try run("ovs-ofctl", ["ofp-print", digits, "2"]).split(separator: "\n").map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }
}
