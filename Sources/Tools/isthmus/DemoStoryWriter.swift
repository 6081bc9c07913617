// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Console
import Experiments
import Foundation
import ServiceModel

/// The story as people read it: a line an event, and a table at the end.
struct TerminalStoryWriter: StoryWriter {
  let palette: Palette

  func write(_ line: StoryLine) {
    let seconds = pad("\(tenths(line.time)) s", to: 9)
    let (who, style): (String, Style) =
      switch line.voice {
      case .lab: ("lab", .strong)
      case .controller: ("controller", .faint)
      case .client: ("client", line.isGood ? .good : .bad)
      }
    print(
      self.palette.paint(seconds, .faint) + "  "
        + self.palette.paint(who.padding(toLength: 11, withPad: " ", startingAt: 0), style)
        + line.text)
    fflush(nil)
  }

  func write(_ chapters: [StoryChapter]) {
    var table = Table(
      "WHAT HAPPENED", .init("T_H", .right), .init("N", .right), .init("BOUND", .right), .init("T_UN", .right),
      .init("REQUESTS", .right), .init("LOST", .right), "SERVED BY", "PROMISE")
    for chapter in chapters {
      table.add(
        .init(chapter.title), .init(plain(chapter.heartbeatInterval)), .init("\(chapter.misses)"),
        .init(chapter.bound.map(plain) ?? "–"), .init(chapter.unavailability.map(milliseconds) ?? "–"),
        .init("\(chapter.requests)"), .init("\(chapter.lost)"),
        .init(chapter.served.map { "r\($0)" }.joined(separator: " → ")),
        chapter.isKept ? .init("kept", .good) : .init("broken", .bad))
    }
    print("\n" + table.text(self.palette), terminator: "")
    print(
      self.palette.paint(
        "\nT_un: from the last answer before to the first one after. Kept: T_un ≤ bound + 20 ms; a planned move loses nothing.",
        .faint))
  }
}

/// The story as programs read it.
struct JSONStoryWriter: StoryWriter {
  private struct Line: Encodable {
    var type = "event"
    var timeSeconds: Double
    var voice: String
    var text: String
  }

  private struct Chapter: Encodable {
    var type = "measurement"
    var title: String
    var heartbeatIntervalSeconds: Double
    var misses: Int
    var boundSeconds: Double?
    var unavailabilitySeconds: Double?
    var requests: Int
    var lost: Int
    var served: [String]
    var isKept: Bool
  }

  func write(_ line: StoryLine) {
    self.print(Line(timeSeconds: seconds(line.time), voice: line.voice.rawValue, text: line.text))
  }

  func write(_ chapters: [StoryChapter]) {
    for chapter in chapters {
      self.print(
        Chapter(
          title: chapter.title, heartbeatIntervalSeconds: seconds(chapter.heartbeatInterval), misses: chapter.misses,
          boundSeconds: chapter.bound.map(seconds), unavailabilitySeconds: chapter.unavailability.map(seconds),
          requests: chapter.requests, lost: chapter.lost, served: chapter.served.map { "r\($0)" },
          isKept: chapter.isKept))
    }
  }

  private func print(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return }
    FileHandle.standardOutput.write(data + Data("\n".utf8))
  }
}

private func seconds(_ duration: Duration) -> Double { (Double(duration.nanoseconds) / 1000).rounded() / 1_000_000 }

private func tenths(_ duration: Duration) -> String {
  let hundredths = duration.nanoseconds / 10_000_000
  return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
}

/// `100 ms`
private func plain(_ duration: Duration) -> String { "\(duration.nanoseconds / 1_000_000) ms" }

private func pad(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
