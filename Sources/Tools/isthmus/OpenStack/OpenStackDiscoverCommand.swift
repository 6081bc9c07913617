// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Clouds
import Files
import Glibc
import ServiceFiles

/// `isthmus openstack discover`
struct OpenStackDiscoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discover", abstract: "Write the configuration with the addresses that the clouds know.",
    discussion: """
      With --follow it goes on until it is stopped, and writes the file anew when something has changed (a server was \
      rebuilt, a floating IP moved). A cloud that does not answer changes nothing: the addresses that were found last \
      stay, and it is said as an alarm. Exit status: 0 written, 1 something is named wrongly, 69 a cloud does not answer.
      """)

  @OptionGroup var cloud: CloudOptions
  @Option(name: [.long, .short], help: "Where to write it; without it, it is printed.")
  var out: String?
  @Flag(help: "Go on, and write what changes.")
  var follow = false
  @Option(help: "Seconds between two looks. 1…3600")
  var interval = 10

  func validate() throws {
    guard !self.follow || self.out != nil else { throw ValidationError("--follow needs --out FILE") }
    guard (1...3600).contains(self.interval) else { throw ValidationError("--interval is a number of seconds, 1…3600") }
  }

  func run() async throws {
    try await self.cloud.run { template, http in
      let providers = try self.cloud.providers(template, http)
      var written: String?
      var alarm: String?
      repeat {
        let begin = ContinuousClock.now
        do {
          let text = try resolve(template, await CloudSurvey.make(of: template, providers)).text
          if alarm != nil { note("cloud-unreachable is over") }
          alarm = nil
          if text != written {
            try self.write(text)
            let calls = providers.values.compactMap { ($0 as? OpenStackProvider)?.calls }.max() ?? 0
            let time = (ContinuousClock.now - begin) / Duration.milliseconds(1)
            note(
              "\(written == nil ? "found" : "changed"): \(template.places.count) places in \(providers.count) regions, "
                + "\(Int(time)) ms, at most \(calls) calls a region")
            written = text
          }
        } catch  where self.follow && written != nil {
          if alarm != "\(error)" { note("alarm cloud-unreachable: what was found last stays\n\(error)") }
          alarm = "\(error)"
        }
        if self.follow { try await Task.sleep(for: .seconds(self.interval)) }
      } while self.follow
    }
  }

  /// Whole or not at all: a controller may read it at any time.
  private func write(_ text: String) throws {
    guard let path = self.out else { return print(text, terminator: "") }
    let aside = path + ".new"
    // There may be keys in it.
    let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else { throw self.problem() }
    let isWhole = fputs(text, file) >= 0
    guard fclose(file) == 0, isWhole, rename(aside, path) == 0 else { throw self.problem() }
  }

  private func problem() -> ValidationError {
    ValidationError("\(self.out ?? "") cannot be written: \(String(cString: strerror(errno)))")
  }
}
