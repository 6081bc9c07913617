// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import ServiceModel
package import SystemPackage

/// Asks again and again, on a new connection each time, and writes down what became of it.
///
/// One thread, one poll: requests begin on a grid of time whether those before them have been answered or not, so that a
/// silent region makes it no slower. It runs in a process of its own, in the client's namespace, where nothing else
/// can delay it.
package struct Prober: ~Copyable {
  private let options: ProbeOptions
  private let output: FileDescriptor
  /// In the order of their starts, which is that of their deadlines.
  private var connections: [ProbeConnection] = []
  /// The input, then the connections.
  private var polled = [pollfd(fd: 0, events: Int16(POLLIN), revents: 0)]
  private var nextStart = MonotonicClock.now()
  private var begun = 0
  private var unwritten = ""
  private var lastWrite = MonotonicClock.now()

  /// Records wait no longer than this to be written.
  private static let writeInterval = Duration.milliseconds(10)

  /// - Parameter output: takes JSON lines of `ProbeRecord`.
  package init(_ options: ProbeOptions, output: FileDescriptor) {
    self.options = options
    self.output = output
  }

  /// Runs until the standard input ends and the requests under way then have ended too.
  ///
  /// - Throws: `Errno` if the machine lacks descriptors or ports, or the output cannot be written.
  package mutating func run() throws {
    // A second's requests are more than the usual limit.
    clinux_raise_descriptor_limit()
    var isProbing = true
    while isProbing || !self.connections.isEmpty {
      let now = MonotonicClock.now()
      if isProbing, now >= self.nextStart { try self.begin(at: now) }
      self.expire(at: now)
      if now - self.lastWrite >= Self.writeInterval { try self.write() }
      guard try self.wait(until: isProbing ? self.nextStart : now + Self.writeInterval) else { continue }
      if self.polled[0].revents != 0, self.inputHasEnded() {
        isProbing = false
        self.polled[0].fd = -1
      }
      self.proceed()
    }
    try self.write()
  }

  private mutating func begin(at now: Instant) throws {
    if self.connections.count < self.options.maximumInFlight {
      let sources = self.options.sources
      let source = sources.isEmpty ? nil : sources[self.begun % sources.count]
      self.begun += 1
      let connection = try ProbeConnection(to: self.options.target, from: source, at: now)
      self.connections.append(connection)
      self.polled.append(pollfd(fd: connection.descriptor, events: connection.events, revents: 0))
    }
    // What was missed is not made up for: a burst would measure the burst.
    self.nextStart = max(self.nextStart + self.options.interval, now)
  }

  private mutating func expire(at now: Instant) {
    while let oldest = self.connections.first, now - oldest.start >= self.options.timeout {
      self.end(0, .timeout, region: nil, at: now)
    }
  }

  /// - Returns: whether anything happened before the deadline.
  private mutating func wait(until deadline: Instant) throws(Errno) -> Bool {
    var deadline = deadline
    if let oldest = self.connections.first { deadline = min(deadline, oldest.start + self.options.timeout) }
    let timeout = max(.zero, deadline - MonotonicClock.now())
    let count = clinux_poll(&self.polled, nfds_t(self.polled.count), timeout.nanoseconds)
    if count < 0, errno != EINTR { throw Errno(rawValue: errno) }
    return count > 0
  }

  private func inputHasEnded() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 256)
    return read(0, &chunk, chunk.count) <= 0
  }

  private mutating func proceed() {
    var index = 0
    while index < self.connections.count {
      guard self.polled[index + 1].revents != 0 else {
        index += 1
        continue
      }
      if let (outcome, region) = self.connections[index].proceed() {
        self.end(index, outcome, region: region, at: MonotonicClock.now())
      } else {
        self.polled[index + 1].events = self.connections[index].events
        index += 1
      }
    }
  }

  private mutating func end(_ index: Int, _ outcome: ProbeRecord.Outcome, region: Int?, at now: Instant) {
    let connection = self.connections.remove(at: index)
    self.polled.remove(at: index + 1)
    connection.close()
    self.unwritten +=
      ProbeRecord(
        start: connection.start, connected: connection.connected, end: now, outcome: outcome, region: region
      ).jsonLine
  }

  private mutating func write() throws {
    try self.output.writeAll(self.unwritten.utf8)
    self.unwritten = ""
    self.lastWrite = MonotonicClock.now()
  }
}
