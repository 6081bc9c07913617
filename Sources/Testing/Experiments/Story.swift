// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import LabKit
import ServiceModel

/// One line of the demo's story.
package struct StoryLine: Sendable {
  package enum Voice: String, Sendable { case lab, controller, client }

  /// Since the story began.
  package var time: Duration
  package var voice: Voice
  package var text: String
  package var isGood = true
}

/// One move of traffic, and whether it was as promised.
package struct StoryChapter: Sendable {
  package var title: String
  package var heartbeatInterval: Duration
  package var misses: Int
  /// Nil: a move that we choose ourselves, which loses nothing.
  package var bound: Duration?
  /// Nil if nothing was lost.
  package var unavailability: Duration?
  package var requests: Int
  package var lost: Int
  package var served: [Int]
  package var isKept: Bool
}

package protocol StoryWriter: Sendable {
  func write(_ line: StoryLine)
  func write(_ chapters: [StoryChapter])
}

/// The demo: a service loses first its member, then its whole region, and is served all the time.
package struct Story {
  private let lab: Lab
  private let prober: ProberHandle
  private let writer: any StoryWriter
  private let start: Instant
  private let clock: WallClockOffset
  private var toldEvents: UInt64 = 0

  /// Builds a lab, tells the story, and removes the lab.
  ///
  /// - Returns: whether every promise was kept.
  package static func tell(regions: Int, to writer: any StoryWriter) async throws -> Bool {
    var options = FailoverScenario.quick()
    options.name = "isthmus-demo"
    options.regions = regions
    options.detection.hold = .seconds(1)
    let start = MonotonicClock.now()
    let clock = WallClockOffset()
    writer.write(
      StoryLine(
        time: .zero, voice: .lab,
        text:
          "building \(regions) regions around a private Open vSwitch; the service's one address is \(LabLayout.virtualIP)"
      ))
    return try await Lab.with(options) { lab in
      try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
      var story = Story(lab: lab, prober: try await lab.startProber(), writer: writer, start: start, clock: clock)
      let chapters = try await story.chapters()
      let log = try await story.prober.stop()
      let kept = story.judge(chapters, log)
      writer.write(kept)
      return kept.allSatisfy(\.isKept)
    }
  }

  private init(lab: Lab, prober: ProberHandle, writer: any StoryWriter, start: Instant, clock: WallClockOffset) {
    self.lab = lab
    self.prober = prober
    self.writer = writer
    self.start = start
    self.clock = clock
  }

  /// What was done when, to be judged when all answers are in.
  private struct Chapter {
    var title: String
    var moment: Instant
    var bound: Duration?
    var to: Int
  }

  private mutating func chapters() async throws -> [Chapter] {
    let check = self.lab.options.service.check
    var chapters: [Chapter] = []
    try await self.tellEvents()
    self.say(.client, "a new connection every 1.5 ms: region r1 answers")
    try await self.settle(on: 1)

    self.say(.lab, "the primary's web server is stopped: its connections are refused")
    chapters.append(
      Chapter(
        title: "member of r1 stopped", moment: try await self.lab.stopMember(1), bound: check.interval * check.fall,
        to: 2))
    try await self.follow(to: 2)

    self.say(.lab, "it is started again")
    try await self.lab.startMember(1)
    chapters.append(Chapter(title: "failback to r1", moment: MonotonicClock.now(), bound: nil, to: 1))
    try await self.follow(to: 1)

    self.say(.lab, "the whole region r1 goes dark: packets vanish, its agent is dead, its port stays up")
    chapters.append(
      Chapter(
        title: "region r1 dark, port up", moment: try await self.lab.goDark(1),
        bound: self.lab.options.detection.bound, to: 2))
    try await self.follow(to: 2)

    self.say(.lab, "the region returns")
    try await self.lab.goLight(1)
    chapters.append(Chapter(title: "failback to r1", moment: MonotonicClock.now(), bound: nil, to: 1))
    try await self.follow(to: 1)
    return chapters
  }

  /// Waits until `region` answers, telling what the controller says meanwhile.
  private mutating func follow(to region: Int) async throws {
    let began = MonotonicClock.now()
    try await self.prober.waitForAnswers(1, of: region, after: began)
    try await self.tellEvents()
    let log = try self.prober.log()
    guard let reign = log.reigns.last(where: { $0.region == region }) else { return }
    self.say(.client, "region r\(region) answers", at: reign.first)
    try await self.settle(on: region)
    try await self.tellEvents()
  }

  /// Lets one region serve for a while, so that the next failure meets a quiet system.
  private func settle(on region: Int) async throws {
    try await self.prober.waitForAnswers(500, of: region, after: MonotonicClock.now())
  }

  private mutating func tellEvents() async throws {
    for event in try await LabEvents.read(from: self.lab) where event.id > self.toldEvents {
      self.toldEvents = event.id
      guard event.severity != "info", let instant = self.clock.instant(of: event), instant > self.start else {
        continue
      }
      self.writer.write(StoryLine(time: instant - self.start, voice: .controller, text: event.message))
    }
  }

  private func say(_ voice: StoryLine.Voice, _ text: String, at instant: Instant = MonotonicClock.now()) {
    self.writer.write(StoryLine(time: instant - self.start, voice: voice, text: text))
  }

  private func judge(_ chapters: [Chapter], _ log: ProbeLog) -> [StoryChapter] {
    chapters.enumerated().map { index, chapter in
      let next = index + 1 < chapters.count ? chapters[index + 1].moment : nil
      let during = log.records.filter { record in
        record.start >= chapter.moment && (next.map { record.start < $0 } ?? true)
      }
      let lost = during.count { $0.outcome != .answered }
      let gap = log.unavailability(around: chapter.moment, before: next)
      let before = log.answers.last { $0.end <= chapter.moment }?.region
      let after = during.last { $0.outcome == .answered }?.region
      let isKept: Bool =
        if let bound = chapter.bound {
          gap.map { $0.duration <= bound + FailoverScenario.allowance } ?? false
        } else {
          lost == 0
        }
      return StoryChapter(
        title: chapter.title, heartbeatInterval: self.lab.options.detection.heartbeatInterval,
        misses: self.lab.options.detection.misses, bound: chapter.bound,
        unavailability: lost == 0 ? nil : gap?.duration, requests: during.count, lost: lost,
        served: [before, after].compactMap { $0 }, isKept: isKept && after == chapter.to)
    }
  }
}
