// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How long a machine's processors have worked since it started, in seconds of all of them together.
package struct ProcessorTimes: Sendable, Equatable {
  package var busy: Double
  /// With the time in which there was nothing to do.
  package var total: Double

  package init(busy: Double, total: Double) {
    self.busy = busy
    self.total = total
  }

  /// From what a Prometheus node_exporter says: `node_cpu_seconds_total{cpu="0",mode="idle"} 12.5`. Nil if it says
  /// nothing of it.
  package init?(metrics text: String) {
    self.init(busy: 0, total: 0)
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: Self.metric.utf8) {
      let line = Substring(line)
      guard let labels = line.dropFirst(Self.metric.count).split(separator: "}", maxSplits: 1).first,
        labels.first == "{", let seconds = line.split(separator: "}").last.flatMap({ number($0) })
      else { continue }
      self.total += seconds
      if !Self.idleModes.contains(where: { labels.contains("mode=\"\($0)\"") }) { self.busy += seconds }
    }
    // Numbers that are finite may add up to one that is not.
    guard self.total > 0, self.total.isFinite else { return nil }
  }

  /// How busy they were since `earlier`, in thousandths; nil if the machine began anew, or no time has passed.
  package func load(since earlier: Self) -> UInt16? {
    let (busy, total) = (self.busy - earlier.busy, self.total - earlier.total)
    guard total > 0, busy >= 0 else { return nil }
    return UInt16(min(busy * 1000 / total, 1000))
  }

  static let metric = "node_cpu_seconds_total"
  /// A processor that waits for a disk could do something else.
  private static let idleModes = ["idle", "iowait"]
}

/// What a member tells of itself where no node_exporter runs, in the same words.
package enum ProcessorReport {
  private static let modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"]

  /// From the text of `/proc/stat` (proc_stat(5)).
  ///
  /// - Parameter ticks: a second, as `sysconf(_SC_CLK_TCK)` says.
  package static func metrics(procStat text: String, ticks: Int) -> String {
    var lines = [
      "# HELP \(ProcessorTimes.metric) Seconds the CPUs spent in each mode.",
      "# TYPE \(ProcessorTimes.metric) counter",
    ]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      // The line "cpu" is the sum.
      guard let name = words.first, name.hasPrefix("cpu"), let cpu = Int(name.dropFirst(3)) else { continue }
      for (mode, count) in zip(self.modes, words.dropFirst()) {
        guard let count = Int(count) else { continue }
        lines.append(
          "\(ProcessorTimes.metric){cpu=\"\(cpu)\",mode=\"\(mode)\"} \(Double(count) / Double(max(ticks, 1)))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A sample's value; a timestamp may follow it.
private func number(_ text: Substring) -> Double? {
  text.split(separator: " ").first.flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
}
