// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ServiceFiles
import ServiceModel

/// `isthmus check`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a controller's configuration file without using it.",
    discussion: "Exit status: 0 the file is right, 1 it is not.")

  @Argument(help: "The YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  func run() throws {
    do {
      let file = try ServiceFile.load(path: self.file)
      guard !file.isOwnOnly else { return print("ok: a controller's own settings, and nothing that is configured") }
      let intent = file.intent
      print(
        "ok: "
          + [
            counted(intent.services.count, "service", "services"), counted(intent.regions.count, "region", "regions"),
            counted(intent.switches.count, "switch", "switches"),
          ].joined(separator: ", "))
    } catch {
      note("\(error)")
      throw ExitCode(CommandFailure.Status.failed.rawValue)
    }
  }
}

private func counted(_ count: Int, _ singular: String, _ plural: String) -> String {
  "\(count) \(count == 1 ? singular : plural)"
}
