// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import ServiceModel

/// What a process has used of the machine (proc(5)).
package struct ProcessUsage: Sendable {
  /// User and system time of all its threads.
  package let processorTime: Duration
  /// Resident bytes.
  package let residentBytes: Int

  /// Nil if there is no such process.
  package init?(pid: Int32) {
    guard let stat = Self.read("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")"),
      let statm = Self.read("/proc/\(pid)/statm")
    else { return nil }
    // The second field, the name in brackets, may hold anything; the third follows the last bracket.
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    let pages = statm.split(separator: " ")
    guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]),
      pages.count > 1, let resident = Int(pages[1])
    else { return nil }
    let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
    self.processorTime = .nanoseconds((user + system) * (1_000_000_000 / max(ticks, 1)))
    self.residentBytes = resident * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The most resident bytes that a process ever had (proc_pid_status(5), `VmHWM`); nil if there is no such process.
  package static func peakBytes(pid: Int32) -> Int? {
    let line = self.read("/proc/\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
