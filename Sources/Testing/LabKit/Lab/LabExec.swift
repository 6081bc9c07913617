// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// Runs a command on a host of a lab that another process made.
package enum LabExec {
  /// Turns this process into the command, so that it has the terminal, the signals and the exit status to itself.
  ///
  /// - Throws: `LabError` if it cannot; else it does not return.
  package static func replaceProcess(
    lab name: String, host text: String, command: [String],
    stateDirectory: String = LabOptions.defaultStateDirectory
  ) throws(LabError) {
    guard let record = try LabDirectory(root: stateDirectory, name: name).readRecord() else {
      throw .notUp(name: name)
    }
    guard let host = record.layout.host(named: text) else {
      throw .noSuchHost(text, accepted: record.layout.hosts.map(\.description))
    }
    guard let ip = ExecutablePath.ofTool("ip") else { throw .missing(LabRequirements.missing()) }
    let words = ["ip", "netns", "exec", record.layout.namespace(of: host)] + command
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    setenv("PATH", ExecutablePath.search, 1)
    execv(ip, &arguments)
    throw .cannotRun(command: words.joined(separator: " "), reason: "\(Errno(rawValue: errno))")
  }
}
