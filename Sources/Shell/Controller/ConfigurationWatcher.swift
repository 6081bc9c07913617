// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import CLinux
import ControlPlane
import Files
import Logging
import ServiceFiles

/// Applies the configuration file whenever it or a key file that it names changes. A file that is wrong is refused, and
/// said so; what runs stays.
struct ConfigurationWatcher {
  /// Between two looks at the file. What changed is read when two looks agree, not while it is being written.
  private static let interval = Duration.milliseconds(500)

  let path: String
  let initial: ServiceFile
  /// The files as they were before `initial` was read from them.
  let stamps: [FileStamp?]
  let loop: ControlLoop
  let logger: Logger

  func run() async throws {
    var applied = self.initial
    var seen = self.stamps
    var candidate: [FileStamp?] = []
    while true {
      try await Task.sleep(for: Self.interval)
      let stamps = Self.stamps(of: self.path, applied)
      guard stamps[0] != nil, stamps != seen else { continue }
      guard stamps == candidate else {
        candidate = stamps
        continue
      }
      seen = stamps
      do throws(ServiceFileErrors) {
        let file = try ServiceFile.load(path: self.path)
        if file.controller != applied.controller {
          self.logger.warning("addresses under 'controller' take effect at the next start")
        }
        try await self.loop.apply(file)
        clinux_return_memory()
        applied = file
        // It may name other keys now.
        seen = [stamps[0]] + Self.stamps(of: self.path, file).dropFirst()
      } catch {
        self.loop.journal.record(Decision.configurationRejected("\(error)"))
      }
    }
  }

  /// Of the file itself, then of the keys that it names.
  static func stamps(of path: String, _ file: ServiceFile) -> [FileStamp?] {
    [FileStamp(of: path)] + file.keyFiles.map(FileStamp.init(of:))
  }
}
