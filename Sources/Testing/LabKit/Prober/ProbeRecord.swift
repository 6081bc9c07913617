// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// One request of a prober's: a connection of its own, from its first packet to its end.
package struct ProbeRecord: Sendable, Equatable {
  package enum Outcome: String, Sendable, CaseIterable, Codable {
    /// Status 200 and a complete answer.
    case answered
    case refused
    case reset
    case timeout
    case unreachable
    /// The connection ended before an answer.
    case closed
    /// Something else than an answer of the lab's members.
    case malformed
  }

  /// Before `connect`.
  package let start: Instant
  /// When the connection was made, which is when the first packet of whoever serves it had come.
  package let connected: Instant?
  /// When the answer was complete, or what failed was known.
  package let end: Instant
  package let outcome: Outcome
  /// Who answered.
  package let region: Int?

  package init(start: Instant, connected: Instant? = nil, end: Instant, outcome: Outcome, region: Int? = nil) {
    self.start = start
    self.connected = connected
    self.end = end
    self.outcome = outcome
    self.region = region
  }
}

/// The JSON form has the instants as nanoseconds of `CLOCK_MONOTONIC`.
extension ProbeRecord: Codable {
  private enum CodingKeys: String, CodingKey { case start, connected, end, outcome, region }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      start: Instant(nanoseconds: try container.decode(Int64.self, forKey: .start)),
      connected: try container.decodeIfPresent(Int64.self, forKey: .connected).map(Instant.init(nanoseconds:)),
      end: Instant(nanoseconds: try container.decode(Int64.self, forKey: .end)),
      outcome: try container.decode(Outcome.self, forKey: .outcome),
      region: try container.decodeIfPresent(Int.self, forKey: .region))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.start.nanoseconds, forKey: .start)
    try container.encodeIfPresent(self.connected?.nanoseconds, forKey: .connected)
    try container.encode(self.end.nanoseconds, forKey: .end)
    try container.encode(self.outcome, forKey: .outcome)
    try container.encodeIfPresent(self.region, forKey: .region)
  }

  /// The same by hand, as a prober writes hundreds a second and must not be late for the next request.
  var jsonLine: String {
    let connected = self.connected.map { ",\"connected\":\($0.nanoseconds)" } ?? ""
    let region = self.region.map { ",\"region\":\($0)" } ?? ""
    return """
      {"start":\(self.start.nanoseconds)\(connected),"end":\(self.end.nanoseconds),"outcome":"\(self.outcome.rawValue)"\(region)}

      """
  }
}
