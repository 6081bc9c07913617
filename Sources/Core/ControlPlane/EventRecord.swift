// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// A decision as it is kept and shown.
package struct EventRecord: Sendable {
  /// Grows by one; begins at 1 with every start of the controller.
  package var id: UInt64
  /// Wall clock, microseconds since 1970-01-01T00:00:00Z.
  package var time: Int64
  package var decision: any RecordedDecision

  package init(id: UInt64, time: Int64, decision: any RecordedDecision) {
    self.id = id
    self.time = time
    self.decision = decision
  }
}
