// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Glibc
import Logging
import ServiceFiles

/// Applies the configuration file whenever it changes. A file that is wrong is refused, and said so; what runs stays.
struct ConfigurationWatcher {
  /// Between two looks at the file. What changed is read when two looks agree, not while it is being written.
  private static let interval = Duration.milliseconds(500)

  let path: String
  let initial: ServiceFile
  /// The file as it was before `initial` was read from it.
  let stamp: Stamp?
  let loop: ControlLoop
  let logger: Logger

  func run() async throws {
    var applied = self.initial
    var seen = self.stamp
    var candidate: Stamp?
    while true {
      try await Task.sleep(for: Self.interval)
      guard let stamp = Stamp(of: self.path), stamp != seen else { continue }
      guard stamp == candidate else {
        candidate = stamp
        continue
      }
      seen = stamp
      do throws(ServiceFileErrors) {
        let file = try ServiceFile.load(path: self.path)
        if file.controller != applied.controller {
          self.logger.warning("addresses under 'controller' take effect at the next start")
        }
        try await self.loop.apply(file)
        applied = file
      } catch {
        self.loop.journal.record(.configurationRejected("\(error)"))
      }
    }
  }

  /// What changes when a file is written, or replaced by another.
  struct Stamp: Equatable {
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int

    init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      self.inode = UInt64(status.st_ino)
      self.size = Int64(status.st_size)
      self.seconds = status.st_mtim.tv_sec
      self.nanoseconds = status.st_mtim.tv_nsec
    }
  }
}
