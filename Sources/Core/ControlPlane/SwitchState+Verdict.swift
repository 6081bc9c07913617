// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel

extension SwitchState {
  /// When the next verdict falls on paths that are well, if they stay silent.
  ///
  /// That is the first one's deadline, unless all of them are overdue by then: they have something in common that is
  /// likelier to have failed than every region at once. Then none is condemned before the others, only because it had
  /// answered a moment earlier: they wait for the last one's deadline, T_h at most, and an answer of any of them ends
  /// the waiting.
  func nextVerdict(interval: Duration, _ detection: (RegionName) -> Detection) -> Instant? {
    var span: (first: Instant, last: Instant)?
    var overdue = Instant(nanoseconds: .min)
    for gateway in self.config.gateways {
      guard let detector = self.paths[gateway.region]?.detector, detector.isWell else { continue }
      let detection = detection(gateway.region)
      guard let deadline = detector.deadline(detection) else { continue }
      span = (min(span?.first ?? deadline, deadline), max(span?.last ?? deadline, deadline))
      overdue = max(overdue, detector.overdueFrom(detection))
    }
    guard let span else { return nil }
    return overdue <= span.first ? min(span.last, span.first + interval) : span.first
  }
}
