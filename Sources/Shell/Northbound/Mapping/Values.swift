// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

extension Duration {
  /// For JSON: seconds, to the microsecond.
  var seconds: Double { Double(self.nanoseconds / 1000) / 1_000_000 }
}

/// RFC 3339 in UTC with microseconds: `2026-11-22T11:20:55.004210Z`.
///
/// - Parameter microseconds: since 1970-01-01T00:00:00Z.
func rfc3339(microseconds: Int64) -> String {
  let (days, inDay) = floorDivide(microseconds, by: 86_400_000_000)
  let (year, month, day) = civilDate(days: days)
  let (seconds, fraction) = (inDay / 1_000_000, inDay % 1_000_000)
  return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T"
    + "\(digits(seconds / 3600, 2)):\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2)).\(digits(fraction, 6))Z"
}

/// The Gregorian date so many days after 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
private func civilDate(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  // Years begin in March, so that a leap day is a year's last day; 719,468 days from 0000-03-01 to 1970-01-01.
  let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

private func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

private func digits(_ value: Int64, _ width: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, width - text.count)) + text
}
