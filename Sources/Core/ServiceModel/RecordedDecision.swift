// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Something that the controller decided or learnt, and why. One value makes the log line, the API's event and the
/// terminal's line.
package protocol RecordedDecision: Sendable {
  /// For machines; never changes its meaning.
  var kind: String { get }
  var severity: Severity { get }
  /// One sentence for people.
  var message: String { get }
  /// Names and values, for filters. In a fixed order.
  var attributes: [(key: String, value: String)] { get }
}

/// How much a decision concerns an operator.
package enum Severity: String, Sendable, CaseIterable { case info, notice, warning, alarm }
