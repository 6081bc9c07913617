// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// A prober that runs in a lab.
package final class ProberHandle: Sendable {
  private let process: ChildProcess
  private let output: String
  private let errorLog: String
  private let timeout: Duration

  init(process: ChildProcess, output: String, errorLog: String, timeout: Duration) {
    self.process = process
    self.output = output
    self.errorLog = errorLog
    self.timeout = timeout
  }

  /// Lets the requests under way end and returns everything.
  package func stop() async throws -> ProbeLog {
    let stopped = MonotonicClock.now()
    self.process.closeInput()
    let status = try await self.process.wait()
    guard status == .exited(0) else {
      throw LabError.commandFailed(command: "prober", status: "\(status)", output: TextFile.tail(self.errorLog))
    }
    return try ProbeLog(jsonLines: TextFile.read(self.output) ?? "", stopped: stopped)
  }

  /// What has been written so far, at most some 10 ms ago.
  package func log() throws -> ProbeLog { try ProbeLog(jsonLines: TextFile.read(self.output) ?? "") }

  /// The request that ended last.
  package func last() throws -> ProbeRecord? { try self.recent(1).records.max { $0.end < $1.end } }

  /// Returns when that many answers have come, of one region or of any, none of them before `moment`.
  ///
  /// Reads only the end of what is written, and seldom, so that waiting takes no processor from what is measured.
  package func waitForAnswers(
    _ count: Int, of region: Int? = nil, after moment: Instant, timeout: Duration = .seconds(30)
  ) async throws {
    let who = region.map { " of r\($0)" } ?? ""
    try await waitUntil("\(count) answers\(who)", timeout: timeout, every: .milliseconds(20)) {
      guard self.process.isAlive else {
        throw LabError.cannotRun(command: "prober", reason: TextFile.tail(self.errorLog))
      }
      // Requests that were lost end between them.
      let answers = try self.recent(2 * count + 16).answers
      return answers.count { $0.end > moment && (region == nil || $0.region == region) } >= count
    }
  }

  /// The requests that ended last, some `count` of them.
  package func recent(_ count: Int) throws -> ProbeLog {
    try ProbeLog(jsonLines: TextFile.readEnd(self.output, size: (count + 1) * Self.lineSize))
  }

  /// No line is longer.
  private static let lineSize = 160

  /// Waits until the first request has ended.
  func waitUntilStarted() async throws {
    try await waitUntil("prober's first request", timeout: self.timeout + .seconds(5)) {
      guard self.process.isAlive else {
        throw LabError.cannotRun(command: "prober", reason: TextFile.tail(self.errorLog))
      }
      return TextFile.read(self.output)?.isEmpty == false
    }
  }
}

extension Lab {
  /// Starts a prober on a client and returns when it has made its first request.
  ///
  /// - Throws: `LabError`.
  package func startProber(
    _ options: ProbeOptions = ProbeOptions(), on host: LabHost = .client
  ) async throws -> ProberHandle {
    guard let isthmus = self.executables.isthmus else {
      throw LabError.missing([LabRequirement(name: "isthmus", remedy: "swift build --product isthmus")])
    }
    self.probersStarted += 1
    let path = self.directory.prober(self.probersStarted)
    // Before other processes: one that waits for a processor reports its own delay as the network's.
    let words =
      [
        "nice", "-n", "-10", isthmus, "lab", "prober", "--target", "\(options.target)", "--output", "\(path).jsonl",
        "--interval-microseconds", "\(options.interval.nanoseconds / 1_000)",
        "--timeout-microseconds", "\(options.timeout.nanoseconds / 1_000)",
      ] + options.sources.flatMap { ["--source", "\($0)"] }
    let process = try await self.command(in: host, words).start(log: "\(path).log", holdsInput: true)
    let handle = ProberHandle(
      process: process, output: "\(path).jsonl", errorLog: "\(path).log", timeout: options.timeout)
    try await handle.waitUntilStarted()
    return handle
  }
}
