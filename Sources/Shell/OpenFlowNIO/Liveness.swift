// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Decides when a switch is asked whether it is there, and when it is not (OpenFlow 1.3.5, 6.3.2 and 7.5.2).
///
/// Each side must answer an echo request (6.1.3). So a switch that still sends, but does not answer, is as dead as one
/// that is silent: either our bytes do not reach it, or it does not read them.
package struct Liveness {
  package enum Verdict: Equatable {
    case fine
    /// Send an echo request, and say which with `asked`.
    case ask
    case dead(reason: String)
  }

  private let interval: TimeAmount
  private let deadAfter: TimeAmount
  private var lastHeard: NIODeadline
  private var lastAsked: NIODeadline
  private var question: (xid: UInt32, at: NIODeadline)?
  /// From an echo request to its reply, the last time.
  package private(set) var roundTrip: TimeAmount?

  package init(timing: ConnectionTiming, at now: NIODeadline) {
    self.interval = TimeAmount(timing.echoInterval)
    self.deadAfter = TimeAmount(timing.deadAfter)
    self.lastHeard = now
    self.lastAsked = now
  }

  package mutating func heard(at now: NIODeadline) { self.lastHeard = now }

  package mutating func asked(_ xid: UInt32, at now: NIODeadline) {
    self.lastAsked = now
    self.question = (xid, now)
  }

  /// A reply to another question than the last one is late, and tells nothing.
  package mutating func answered(_ xid: UInt32, at now: NIODeadline) {
    guard let question = self.question, question.xid == xid else { return }
    self.roundTrip = now - question.at
    self.question = nil
  }

  package func verdict(at now: NIODeadline) -> Verdict {
    if now - self.lastHeard >= self.deadAfter {
      return .dead(reason: "the switch has been silent for \(Duration(self.deadAfter))")
    }
    if let question = self.question {
      guard now - question.at >= self.deadAfter else { return .fine }
      return .dead(reason: "the switch sends, but has not answered an echo request for \(Duration(self.deadAfter))")
    }
    return now - self.lastAsked >= self.interval ? .ask : .fine
  }

  /// When the verdict may be another one if nothing is heard.
  package var nextDeadline: NIODeadline {
    let silent = self.lastHeard + self.deadAfter
    return min(silent, self.question.map { $0.at + self.deadAfter } ?? self.lastAsked + self.interval)
  }
}
