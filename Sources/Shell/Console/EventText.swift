// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

extension EventListResource {
  package func text(_ palette: Palette) -> String {
    (self.gap.map { $0.text(palette) } ?? "") + self.events.map { $0.text(palette) }.joined()
  }
}

extension EventResource {
  /// `2026-11-22 11:20:55.004Z  notice   service web on switch edge: a → b`
  package func text(_ palette: Palette) -> String {
    // RFC 3339 has fixed places: date 0..<10, time 11..<23 as far as milliseconds.
    let time = "\(self.time.prefix(10)) \(self.time.dropFirst(11).prefix(12))Z"
    let padding = String(repeating: " ", count: max(0, "warning".count - self.severity.count))
    return palette.paint(time, .faint) + "  " + palette.paint(self.severity, self.style) + padding + "  "
      + self.message + "\n"
  }

  private var style: Style {
    switch self.severity {
    case "alarm": .bad
    case "warning": .caution
    case "notice": .strong
    default: .faint
    }
  }
}

extension GapResource {
  package func text(_ palette: Palette) -> String {
    let what =
      switch self.reason {
      case .restarted: "the controller restarted; what it did before is not known any more"
      case .forgotten: "\(self.missed.map { "\($0)" } ?? "some") events are not known any more"
      }
    return palette.paint("-- \(what) --", .caution) + "\n"
  }
}
