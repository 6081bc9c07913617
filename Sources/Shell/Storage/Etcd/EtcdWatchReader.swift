// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Outbound

/// The events of a watch, as etcd sends them.
struct EtcdWatchReader {
  private var lines: LineStream.AsyncIterator
  private let place: String

  init(lines: LineStream.AsyncIterator, place: String) {
    self.lines = lines
    self.place = place
  }

  /// Events that belong together: all of a revision, and perhaps those of some more. Never empty.
  ///
  /// - Throws: when the watch has ended. Each reason is one to read again and watch from there.
  @concurrent
  mutating func next() async throws(EtcdProblem) -> [EtcdWatch.Event] {
    while true {
      let line: [UInt8]?
      do throws(HTTPOutboundError) { line = try await self.lines.next() } catch {
        throw EtcdProblem(error, from: self.place)
      }
      guard let line else { throw .lost(place: self.place, reason: "it ended the watch") }
      let events = try self.events(of: line)
      if !events.isEmpty { return events }
    }
  }

  private func events(of line: [UInt8]) throws(EtcdProblem) -> [EtcdWatch.Event] {
    guard let streamed = try? JSONDecoder().decode(EtcdStreamed<EtcdWatch.Answer>.self, from: Data(line)) else {
      throw .lost(place: self.place, reason: "its watch is not that of etcd's JSON gateway (/v3)")
    }
    if let failure = streamed.error { throw EtcdProblem(failure, from: self.place) }
    guard let answer = streamed.result else { return [] }
    if let compacted = answer.compacted, compacted.value > 0 { throw .compacted(place: self.place) }
    if answer.canceled == true {
      throw EtcdProblem(EtcdFailure(reason: answer.reason ?? "it ended the watch"), from: self.place)
    }
    return answer.events ?? []
  }
}
