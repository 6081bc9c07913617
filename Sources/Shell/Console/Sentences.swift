// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Durations for people: `0.4 ms`, `318 ms`, `2.5 s`, `4 min`, `3 h`.
package func inWords(seconds: Double) -> String {
  let microseconds = Int64(((seconds > 0 ? min(seconds, 1e12) : 0) * 1_000_000).rounded())
  switch microseconds {
  case ..<10_000: return "\(microseconds / 1000).\(microseconds / 100 % 10) ms"
  case ..<1_000_000: return "\(microseconds / 1000) ms"
  case ..<120_000_000: return "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
  case ..<7_200_000_000: return "\(microseconds / 60_000_000) min"
  default: return "\(microseconds / 3_600_000_000) h"
  }
}

/// `, out for 84 s more`, if it is damped.
func damping(_ seconds: Double?) -> String { seconds.map { ", out for \(inWords(seconds: $0)) more" } ?? "" }

/// `1 switch`, `2 switches`
func counted(_ count: Int, _ singular: String, _ plural: String) -> String {
  "\(count) \(count == 1 ? singular : plural)"
}

/// Why a check failed, by the API's word for it.
func inWords(checkFailure code: String) -> String {
  switch code {
  case "refused": "connection refused"
  case "timeout": "no answer in time"
  case "unreachable": "unreachable"
  case "closed": "connection closed before an answer"
  case "status": "wrong status code"
  case "malformed": "the answer is not HTTP"
  default: code
  }
}

/// Lines `  name   value`, the values under each other.
func facts(_ facts: [(String, String)], _ palette: Palette) -> String {
  let width = facts.map(\.0.count).max() ?? 0
  return facts.map { name, value in
    "  " + palette.paint(name, .faint) + String(repeating: " ", count: width - name.count + 3) + value + "\n"
  }.joined()
}
