// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Durations as people write them: a number and a unit, `500ms`, `1.5s`.
package enum DurationText {
  /// Longest first, so that the first one that divides a duration writes it shortest.
  private static let units: [(name: String, microseconds: Int64)] = [
    ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1),
  ]

  static let accepted = "a number with a unit (us, ms, s, m, h), like 500ms"

  /// Nil for what is no duration.
  package static func duration(_ text: String) -> Duration? {
    if case .duration(let duration) = self.read(text) { duration } else { nil }
  }

  enum Reading: Equatable {
    case duration(Duration)
    /// A number alone, other than 0.
    case withoutUnit
    case invalid
  }

  /// - Returns: whole microseconds; what is too long becomes the longest.
  static func read(_ text: String) -> Reading {
    let number = text.utf8.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
    let parts = number.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : Substring("0").utf8
    guard (1...18).contains(parts[0].count), (1...9).contains(fraction.count), let whole = Int64(Substring(parts[0])),
      let parted = Int64(Substring(fraction))
    else { return .invalid }
    let name = Substring(text.utf8.dropFirst(number.count))
    if name.isEmpty { return whole == 0 && parted == 0 ? .duration(.zero) : .withoutUnit }
    guard let unit = self.units.first(where: { $0.name == name }) else { return .invalid }
    // The fraction's product is below 10⁹ · 3.6 · 10⁹ < 2⁶³.
    let scale = fraction.reduce(Int64(1)) { scale, _ in scale * 10 }
    let (part, remainder) = (parted * unit.microseconds).quotientAndRemainder(dividingBy: scale)
    guard remainder == 0 else { return .invalid }
    let (product, isTooLong) = whole.multipliedReportingOverflow(by: unit.microseconds)
    let (sum, isTooLongInAll) = product.addingReportingOverflow(part)
    return .duration(.microseconds(isTooLong || isTooLongInAll ? .max : sum))
  }

  /// The shortest text that reads as the same duration; what is finer than a microsecond is cut off.
  static func write(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    guard microseconds != 0, let unit = self.units.first(where: { microseconds % $0.microseconds == 0 }) else {
      return "0s"
    }
    return "\(microseconds / unit.microseconds)\(unit.name)"
  }

  static func span(_ range: ClosedRange<Duration>) -> String {
    "\(self.write(range.lowerBound))…\(self.write(range.upperBound))"
  }
}

func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
