// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import ServiceModel

/// What a prober saw.
package struct ProbeLog: Sendable, Equatable {
  /// In the order of their starts.
  package let records: [ProbeRecord]
  /// The good answers in the order of their ends.
  package let answers: [ProbeRecord]
  /// When the prober was told to begin no more requests; nil: it was not.
  private let stopped: Instant?

  package init(_ records: [ProbeRecord], stopped: Instant? = nil) {
    self.stopped = stopped
    self.records = records.sorted { $0.start < $1.start }
    self.answers = records.filter { $0.outcome == .answered }.sorted { $0.end < $1.end }
  }

  /// Reads JSON lines; a last line that is not complete yet is left out.
  init(jsonLines text: String, stopped: Instant? = nil) throws {
    guard let end = text.lastIndex(of: "\n") else {
      self.init([], stopped: stopped)
      return
    }
    let array = "[\(text[..<end].split(separator: "\n").joined(separator: ","))]"
    self.init(try JSONDecoder().decode([ProbeRecord].self, from: Data(array.utf8)), stopped: stopped)
  }

  // MARK: Counts

  /// Requests that were not answered.
  package var lost: [ProbeRecord] { self.records.filter { $0.outcome != .answered } }

  package func count(of outcome: ProbeRecord.Outcome) -> Int { self.records.count { $0.outcome == outcome } }

  /// The longest time between the starts of two requests: no unavailability is measured finer than this.
  package var resolution: Duration {
    zip(self.records, self.records.dropFirst()).map { $1.start - $0.start }.max() ?? .zero
  }

  // MARK: Unavailability

  /// A time without answers.
  package struct Unavailability: Sendable, Equatable {
    /// The end of the last good answer before.
    package let lastAnswer: Instant
    /// The end of the first good answer after.
    package let firstAnswer: Instant
    package let servedBefore: Int?
    package let servedAfter: Int?
    /// Requests that got no answer, of those begun after the last that was answered before.
    package let lost: Int

    /// T_un
    package var duration: Duration { self.firstAnswer - self.lastAnswer }
  }

  /// T_un of one event: the longest time between two successive good answers that ends after the event.
  ///
  /// Answers that still come after the event, from requests under way, so do not shorten it. Where nothing was lost it
  /// is the time between two requests. Nothing is said of the time in which no more requests began: a SYN that was sent
  /// again after a second may still be answered then.
  ///
  /// - Parameter next: the next event, from which on nothing is looked at; nil: the end of the log.
  /// - Returns: nil if no answer came before, or none after.
  package func unavailability(around event: Instant, before next: Instant? = nil) -> Unavailability? {
    var longest: (before: ProbeRecord, after: ProbeRecord)?
    for (before, after) in zip(self.answers, self.answers.dropFirst())
    where after.end > event && (next.map { before.end < $0 } ?? true) {
      if let stopped = self.stopped, after.end > stopped { break }
      if let longest, after.end - before.end <= longest.after.end - longest.before.end { continue }
      longest = (before, after)
    }
    guard let (before, after) = longest else { return nil }
    return Unavailability(
      lastAnswer: before.end, firstAnswer: after.end, servedBefore: before.region, servedAfter: after.region,
      lost: self.lost.count { $0.start >= before.start && $0.start < after.end })
  }

  /// When the first packet of a region came on a connection that it then answered.
  ///
  /// - Parameter moment: earlier ones do not count.
  package func firstPacket(of region: Int, after moment: Instant) -> Instant? {
    self.answers.lazy.filter { $0.region == region }.compactMap(\.connected).filter { $0 > moment }.min()
  }

  // MARK: Who served

  /// Successive answers of one region.
  package struct Reign: Sendable, Equatable {
    package let region: Int?
    package let first: Instant
    package private(set) var last: Instant
    package private(set) var answers: Int

    fileprivate init(_ record: ProbeRecord) {
      self.region = record.region
      self.first = record.end
      self.last = record.end
      self.answers = 1
    }

    fileprivate mutating func extend(to end: Instant) {
      self.last = end
      self.answers += 1
    }
  }

  /// Who served over time, by the ends of the answers.
  package var reigns: [Reign] {
    var reigns: [Reign] = []
    for answer in self.answers {
      if reigns.last?.region == answer.region {
        reigns[reigns.count - 1].extend(to: answer.end)
      } else {
        reigns.append(Reign(answer))
      }
    }
    return reigns
  }

  /// Answers of each region, in ascending order of regions.
  package var answersByRegion: [(region: Int, answers: Int)] {
    Dictionary(grouping: self.answers.compactMap(\.region), by: { $0 })
      .map { (region: $0.key, answers: $0.value.count) }.sorted { $0.region < $1.region }
  }
}
