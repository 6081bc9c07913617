// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Files
import Logging
import ServiceFiles

/// Applies the controller's own file whenever it changes, and reads keys again whose files change. A file that is wrong is
/// refused, and said so; what runs stays.
struct ConfigurationWatcher {
  /// Between two looks at the files. What changed is read when two looks agree, not while it is being written.
  private static let interval = Duration.milliseconds(500)

  let path: String
  let initial: ServiceFile
  /// The file as it was before `initial` was read from it.
  let stamp: FileStamp?
  let keeper: ConfigurationKeeper
  let journal: Journal
  let logger: Logger

  func run() async throws {
    var seen = self.stamp
    var candidate: FileStamp?
    var settings = self.initial.controller
    var keys = await KeyStamps(of: self.keeper.keyFiles)
    var keysCandidate: KeyStamps?
    while true {
      try await Task.sleep(for: Self.interval)
      let stamp = FileStamp(of: self.path)
      if stamp != nil, stamp != seen {
        if stamp == candidate {
          seen = stamp
          await self.read(&settings)
        } else {
          candidate = stamp
        }
      }
      let now = await KeyStamps(of: self.keeper.keyFiles)
      // Another configuration names others, and they were read for it.
      if now == keys || now.paths != keys.paths {
        keys = now
      } else if now == keysCandidate {
        keys = now
        await self.keeper.readKeysAgain()
      } else {
        keysCandidate = now
      }
    }
  }

  private func read(_ settings: inout ControllerSettings) async {
    do throws(ServiceFileErrors) {
      let file = try ServiceFile.load(path: self.path)
      if file.controller != settings {
        self.logger.warning("what is under 'controller' takes effect at the next start")
        settings = file.controller
      }
      await self.keeper.consider(file)
    } catch {
      self.journal.record(Decision.configurationRejected("\(error)"))
    }
  }
}

private struct KeyStamps: Equatable {
  let paths: [String]
  private let stamps: [FileStamp?]

  init(of paths: [String]) {
    self.paths = paths
    self.stamps = paths.map(FileStamp.init(of:))
  }
}
