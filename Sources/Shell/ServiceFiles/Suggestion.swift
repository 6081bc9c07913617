// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The one of `accepted`, or of its first 256, that was probably meant; nil if none is close.
func suggestion(for text: String, from accepted: some Collection<String>) -> String? {
  guard (1...40).contains(text.utf8.count) else { return nil }
  let accepted = accepted.prefix(256)
  let near = accepted.map { (distance: editDistance(text, $0), word: $0) }.min { $0.distance < $1.distance }
  if let near, near.distance <= max(1, min(text.utf8.count, near.word.utf8.count) / 3) { return near.word }
  return text.utf8.count < 3 ? nil : accepted.first { $0.hasPrefix(text) || text.hasPrefix($0) && $0.utf8.count > 2 }
}

/// `accepted: …` with what was probably meant before it.
///
/// - Parameter candidates: those of `accepted` that can be meant; nil: all.
func hint(for text: String, accepted: [String], candidates: [String]? = nil) -> String {
  let limit = 16
  let rest = accepted.count > limit ? " and \(accepted.count - limit) more" : ""
  let all = "accepted: \(accepted.prefix(limit).joined(separator: ", "))\(rest)"
  guard let word = suggestion(for: text, from: candidates ?? accepted) else { return all }
  return "did you mean '\(word)'? \(all)"
}

/// Insertions, deletions, replacements and swaps of neighbours that make `b` of `a` (optimal string alignment).
func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a.utf8), Array(b.utf8))
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var rows = [Array(0...b.count)]
  for i in 1...a.count {
    var row = [i]
    for j in 1...b.count {
      var cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, rows[i - 2][j - 2] + 1) }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}

/// A text from a file as messages show it: short and on one line.
func excerpt(_ text: String) -> String {
  let limit = 60
  let visible = text.unicodeScalars.prefix(limit).map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }
  return String(String.UnicodeScalarView(visible)) + (text.unicodeScalars.count > limit ? "…" : "")
}
