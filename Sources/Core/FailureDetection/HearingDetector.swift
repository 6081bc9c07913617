// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Tells whether a switch is heard at all, so that a silence of the connection is not taken for one of the regions.
///
/// Probes and their answers travel through the connection between controller and switch. If that stalls, TCP keeps it
/// for a while, and every path behind it falls silent at once. So each write of probes ends with one that the switch
/// hands straight back: all that it sent before that has then been heard. If it stays out for too long, the switch is
/// mute: nothing is judged until it is heard again, and the time until then is excused.
package struct HearingDetector: Sendable, Equatable {
  private var schedule: ProbeSchedule
  /// Not every switch hands packets back.
  private var handsBack = false
  /// Nothing at all has come of probes yet, so paths are asked as well: any answer shows that the switch is heard.
  package private(set) var isNew = true
  private var heardAt: Instant
  /// How long handing back takes as a rule: one that was held up is no rule.
  private var usualRoundTrip: Duration?
  /// When the switch is asked again: T_h after any other probe.
  package private(set) var nextProbe: Instant

  package init(at now: Instant) {
    self.schedule = ProbeSchedule(at: now)
    self.heardAt = now
    self.nextProbe = now
  }

  /// When the switch will count as mute if it is not heard before: T_h/2 after it should have been, or T_h and a half
  /// at most.
  package func muteFrom(_ detection: Detection) -> Instant? {
    // The silence of one whose paths answer, and that has never handed a packet back, says nothing.
    guard self.handsBack || self.isNew, let since = self.schedule.unansweredSince else { return nil }
    let interval = detection.heartbeatInterval
    return since + interval / 2 + min(self.schedule.roundTrip, interval)
  }

  package func isMute(at now: Instant, _ detection: Detection) -> Bool {
    self.muteFrom(detection).map { $0 <= now } ?? false
  }

  /// From when on the switch is late with what it shall hand back: it may be going mute.
  package func lateFrom(_ detection: Detection) -> Instant? {
    guard self.handsBack, let since = self.schedule.unansweredSince else { return nil }
    let interval = detection.heartbeatInterval
    return since + interval / 8 + min(self.usualRoundTrip ?? .zero, interval)
  }

  package func isLate(at now: Instant, _ detection: Detection) -> Bool {
    self.lateFrom(detection).map { $0 <= now } ?? false
  }

  /// A probe that the switch shall hand back leaves now.
  package mutating func sent(nonce: UInt64, at now: Instant, _ detection: Detection) {
    _ = self.schedule.sent(nonce: nonce, urgent: false, at: now, detection)
    self.nextProbe = now + detection.heartbeatInterval
  }

  /// The switch has handed a probe back.
  ///
  /// - Returns: for how long it was mute, zero if it was not; nil if no such probe is out.
  package mutating func answered(nonce: UInt64, at now: Instant, _ detection: Detection) -> Duration? {
    let wasMute = self.isMute(at: now, detection)
    let since = max(self.schedule.unansweredSince ?? now, self.heardAt)
    guard let took = self.schedule.answered(nonce: nonce, at: now) else { return nil }
    let usual = self.usualRoundTrip ?? took
    self.usualRoundTrip = took < usual ? took : usual + (took - usual) / 8
    self.handsBack = true
    self.isNew = false
    self.heardAt = now
    return wasMute ? now - since : .zero
  }

  /// A path behind the switch has answered.
  ///
  /// - Returns: for how long the switch was mute until this showed that it never handed packets back.
  package mutating func pathAnswered(at now: Instant, _ detection: Detection) -> Duration {
    guard self.isNew else { return .zero }
    let silence = self.isMute(at: now, detection) ? now - self.heardAt : .zero
    self.isNew = false
    self.heardAt = now
    return silence
  }
}
