// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console
import ServiceFiles

/// `isthmus apply`
struct ApplyCommand: ControllerCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Have the controllers act by a configuration file.",
    discussion: """
      The file is checked as 'isthmus check' does, but for key files: those are on the controllers, where relative paths \
      begin beside their own files. What is under 'controller' is left out. When the command ends, the controller \
      that leads acts by the file; the others follow. If somebody else changes the configuration meanwhile, nothing is \
      changed. Exit status: 0 done, 1 not done, 69 no controller answers.
      """)

  @Argument(help: "The YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Flag(help: "Change nothing, only say what would become different.")
  var dryRun = false

  @Option(help: "Only if what is there has this revision, as 'isthmus configuration' shows it.")
  var revision: UInt64?

  @OptionGroup var options: ControllerOptions

  func run(with session: Session) async throws {
    let text = try self.text()
    let trial = try await self.send(text, at: self.revision, isTrial: true, session)
    var answer = trial
    if !self.dryRun { answer = try await self.send(text, at: trial.value.revision, isTrial: false, session) }
    session.show(answer, ConfigurationCommandResource.text)
  }

  /// What is sent of the file, if nothing is wrong with it here.
  private func text() throws -> [UInt8] {
    do {
      return Array(try ServiceFile.loadToSend(path: self.file).sharedText.utf8)
    } catch {
      note("\(error)")
      throw ExitCode(CommandFailure.Status.failed.rawValue)
    }
  }

  private func send(
    _ text: [UInt8], at revision: UInt64?, isTrial: Bool, _ session: Session
  ) async throws -> APIClient.Answer<ConfigurationCommandResource> {
    let condition = revision.map { "&revision=\($0)" } ?? ""
    do {
      return try await session.api.post(
        "/v1/configuration?dry-run=\(isTrial)&file=\(pathPart(self.file))\(condition)", body: text,
        as: ConfigurationCommandResource.self, timeLimit: .seconds(60))
    } catch {
      guard error.code == "configuration-rejected" else { throw error }
      // As 'isthmus check' says it.
      note(error.message)
      throw ExitCode(error.status.rawValue)
    }
  }
}
