// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import ServiceModel

/// How long this machine wanted to run and the hypervisor ran others (proc_stat(5), `steal`). A measurement of
/// milliseconds says little of the time in which tens of them were taken away.
package struct StolenTime: Sendable {
  private let stolen: Duration
  private let moment: Instant

  /// Begins to measure.
  package init() {
    self.stolen = Self.read()
    self.moment = MonotonicClock.now()
  }

  /// Of all the processor time since the beginning, 0 … 1. The kernel counts in hundredths of a second.
  package func share() -> Double {
    let wall = Double((MonotonicClock.now() - self.moment).nanoseconds) * Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    return wall > 0 ? Double((Self.read() - self.stolen).nanoseconds) / wall : 0
  }

  /// Since the machine was started; zero where the kernel does not tell.
  private static func read() -> Duration {
    let words = TextFile.read("/proc/stat")?.prefix { $0 != "\n" }.split(separator: " ") ?? []
    guard words.count > 8, let ticks = Int64(words[8]) else { return .zero }
    return .milliseconds(ticks * 1_000 / Int64(sysconf(Int32(_SC_CLK_TCK))))
  }
}
