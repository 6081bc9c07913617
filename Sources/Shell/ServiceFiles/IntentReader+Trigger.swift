// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// `trigger`.
extension IntentReader {
  mutating func trigger(_ value: YAMLValue?, of policy: Policy) -> TriggerDraft? {
    guard let value, let fields = self.fields(value, as: .trigger) else { return nil }
    return TriggerDraft(
      location: value.location, threshold: self.threshold(fields["threshold"], of: policy),
      isWithoutThreshold: fields["threshold"] == nil,
      hysteresis: self.percentage(fields["hysteresis"]), reaction: self.locatedChoice(fields["reaction"]),
      interval: self.duration(fields["update"], in: .seconds(1) ... .seconds(3600)),
      metricsPort: self.port(fields["metrics-port"]))
  }

  /// A load in the policy's unit. For a policy that knows none whatever is there is taken: a rule says so.
  private mutating func threshold(_ value: YAMLValue?, of policy: Policy) -> Located<Int>? {
    guard policy.hasThreshold else { return value.map { Located(1, at: $0.location) } }
    let unit = LoadUnit(policy)
    return self.read(
      value, .invalidThreshold, no: "\(unit.what) (policy '\(policy.rawValue)')", accepted: unit.accepted, unit.read)
  }

  private mutating func percentage(_ value: YAMLValue?) -> Located<Int>? {
    self.read(value, .outOfRange, no: "part of the threshold", accepted: "0%…99%") { text in
      guard text.hasSuffix("%"), let number = wholeNumber(String(text.dropLast())), (0...99).contains(number) else {
        return nil
      }
      return number
    }
  }
}

/// How people write what a policy measures.
struct LoadUnit {
  /// Longest first: what ends in `Mbit/s` ends in `bit/s` too.
  private let factors: [(suffix: String, factor: Int)]
  private let largest: Int
  let what: String
  let accepted: String

  init(_ measure: Capacity.Measure) {
    switch measure {
    case .connections: self.init(Policy.activeFlows)
    case .packets: self.init(Policy.packets)
    case .bits: self.init(Policy.linkLoad)
    }
  }

  init(_ policy: Policy) {
    switch policy {
    case .packets:
      (self.what, self.accepted) = ("rate of packets", "a number and '/s', like 2000/s")
      (self.factors, self.largest) = ([("/s", 1)], 4_000_000_000)
    case .cpu:
      (self.what, self.accepted) = ("part of the processors", "1%…100%, like 70%")
      (self.factors, self.largest) = ([("%", 10)], 1000)
    case .linkLoad:
      (self.what, self.accepted) = ("rate of bits", "a number and kbit/s, Mbit/s or Gbit/s, like 800Mbit/s")
      (self.factors, self.largest) = (
        [("kbit/s", 1), ("Mbit/s", 1000), ("Gbit/s", 1_000_000)], 4_000_000_000
      )
    case .activeFlows, .leastConnections, .primaryReplica, .roundRobin, .weighted, .sourceHash:
      (self.what, self.accepted) = ("number of connections", "a whole number above 0, without a unit, like 500")
      (self.factors, self.largest) = ([("", 1)], 4_000_000_000)
    }
  }

  func read(_ text: String) -> Int? {
    guard let unit = self.factors.first(where: { text.hasSuffix($0.suffix) }),
      let number = wholeNumber(String(text.dropLast(unit.suffix.count))), (1...self.largest).contains(number),
      number <= self.largest / unit.factor
    else { return nil }
    return number * unit.factor
  }

  /// As `read` takes it, in the largest unit without a fraction.
  func write(_ value: Int) -> String {
    let unit = self.factors.last { value % $0.factor == 0 } ?? self.factors[0]
    return "\(value / unit.factor)\(unit.suffix)"
  }
}
