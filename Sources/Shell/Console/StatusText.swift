// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

extension StatusResource {
  /// More alarms than a person reads are only counted.
  private static let alarmLimit = 20

  /// First how it is, then what is wrong, then who serves what.
  package func text(_ palette: Palette) -> String {
    var blocks = [self.headline(palette)]
    if !self.alarms.isEmpty { blocks.append(self.alarmLines(palette)) }
    for (title, lines) in [("SERVICE", self.services), ("REGION", self.regions), ("SWITCH", self.switches)]
    where !lines.isEmpty {
      var table = Table(.init(title), "HEALTH", "STATE")
      for line in lines {
        table.add(.init(line.name), .init(line.health.rawValue, Style(line.health)), .init(line.summary))
      }
      blocks.append(table.text(palette))
    }
    return blocks.joined(separator: "\n")
  }

  private func alarmLines(_ palette: Palette) -> String {
    let omitted = self.alarms.count - Self.alarmLimit
    return self.alarms.prefix(Self.alarmLimit).map { $0.line(palette) }.joined()
      + (omitted > 0 ? "  and \(omitted) more (--output json has them all)\n" : "")
  }

  private func headline(_ palette: Palette) -> String {
    let services = self.counts.services
    guard services.total > 0 else { return palette.paint("no service is configured", .caution) + "\n" }
    let served = services.total - services.unavailable
    let what = "\(served) of \(counted(services.total, "service", "services")) \(served == 1 ? "is" : "are") served"
    return palette.paint(self.overall.rawValue, Style(self.overall)) + ": " + what + "\n"
  }
}

extension Alarm {
  fileprivate func line(_ palette: Palette) -> String {
    let style: Style = self.severity == .alarm ? .bad : .caution
    let word = self.severity == .alarm ? "alarm" : "warning"
    let padding = String(repeating: " ", count: "warning".count - word.count)
    return "  " + palette.paint(word, style) + padding + "  " + self.message + "\n"
  }
}
