// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Round trips and answers of all switches of a load.
struct LoadRecorder {
  private(set) var isCounting = false
  /// Nanoseconds, in the order of the answers.
  private(set) var roundTrips: [UInt32] = []
  private(set) var answersBySecond: [Int] = []
  private(set) var flows = 0
  private(set) var wrong = 0
  /// What was wrong first.
  private(set) var complaint: String?
  private var countingSince: UInt64 = 0

  /// More than any run has.
  private static let maximumRoundTrips = 50_000_000

  mutating func beginCounting(at now: UInt64, expecting answers: Int) {
    self.isCounting = true
    self.countingSince = now
    self.roundTrips.reserveCapacity(min(answers, Self.maximumRoundTrips))
  }

  mutating func endCounting() { self.isCounting = false }

  mutating func answered(sent: UInt64, at now: UInt64) {
    guard self.isCounting, self.roundTrips.count < Self.maximumRoundTrips else { return }
    self.roundTrips.append(UInt32(clamping: now &- sent))
    let second = Int((now &- self.countingSince) / 1_000_000_000)
    while self.answersBySecond.count <= second { self.answersBySecond.append(0) }
    self.answersBySecond[second] += 1
  }

  mutating func flowAdded() { if self.isCounting { self.flows += 1 } }

  mutating func wasWrong(_ complaint: String) {
    self.wrong += 1
    if self.complaint == nil { self.complaint = complaint }
  }
}

/// What a load showed.
package struct LoadReport: Sendable {
  package let options: LoadOptions
  package let answers: Int
  /// FLOW_MODs that were right; as many as answers if each packet brings one.
  package let flows: Int
  package let answersPerSecond: Double
  package let leastPerSecond: Int
  package let mostPerSecond: Int
  package let median: Duration
  package let percentile99: Duration
  package let slowest: Duration
  /// Answers that were not right.
  package let wrong: Int
  /// The first of them.
  package let complaint: String?
  /// Packets that were never answered.
  package let unanswered: Int

  init(_ options: LoadOptions, _ recorder: LoadRecorder, unanswered: Int) {
    let sorted = recorder.roundTrips.sorted()
    func percentile(_ share: Double) -> Duration {
      guard !sorted.isEmpty else { return .zero }
      let rank = Int((share * Double(sorted.count)).rounded(.up))
      return .nanoseconds(Int64(sorted[min(max(rank, 1), sorted.count) - 1]))
    }
    // The last second is not whole.
    let seconds =
      recorder.answersBySecond.count > 1 ? recorder.answersBySecond.dropLast() : recorder.answersBySecond[...]
    self.options = options
    self.answers = sorted.count
    self.flows = recorder.flows
    self.answersPerSecond = Double(sorted.count) / (options.duration / .seconds(1))
    self.leastPerSecond = seconds.min() ?? 0
    self.mostPerSecond = seconds.max() ?? 0
    self.median = percentile(0.5)
    self.percentile99 = percentile(0.99)
    self.slowest = percentile(1)
    self.wrong = recorder.wrong
    self.complaint = recorder.complaint
    self.unanswered = unanswered
  }
}
