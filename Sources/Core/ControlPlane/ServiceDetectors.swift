// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import FlowPipeline
import ServiceModel

/// How every service's members are in each of its regions, by what the regions' agents report.
///
/// A heartbeat may list thousands of services many times a second: they are found by number, and those that are as they
/// were cost no more than a look.
struct ServiceDetectors: Sendable, Equatable {
  /// Where a detector is; in the order of the intent.
  typealias Place = Int

  private struct Entry: Sendable, Equatable {
    let key: ControlState.ServiceRegion
    let mode: Detection.Mode
    var detector: ServiceDetector
  }

  private var entries: [Entry] = []
  private var places: [ControlState.ServiceRegion: Place] = [:]
  /// How heartbeats name the services of a region.
  private var numbers: [RegionName: [UInt16: Place]] = [:]
  /// Those that are not simply serving.
  private var unsettled: [RegionName: Set<Place>] = [:]
  /// When silence alone changes a state.
  private var deadlines: [Place: Instant] = [:]

  init() {}

  /// - Parameter known: of another intent; what is in both keeps its state.
  init(_ intent: Intent, _ numbering: Numbering, known: ServiceDetectors, at now: Instant) {
    for service in intent.services {
      let number = numbering.targetPort(of: service.listeners[0], in: service.name)
      for region in service.regions {
        let key = ControlState.ServiceRegion(service: service.name, region: region)
        let place = self.entries.count
        self.entries.append(
          Entry(key: key, mode: service.mode, detector: known[key] ?? ServiceDetector(at: now)))
        self.places[key] = place
        self.numbers[region, default: [:]][number] = place
        self.note(place, intent.detection)
      }
    }
  }

  subscript(key: ControlState.ServiceRegion) -> ServiceDetector? { self.places[key].map { self.entries[$0].detector } }

  func key(at place: Place) -> ControlState.ServiceRegion { self.entries[place].key }

  /// By what heartbeats of that region call them.
  func places(in region: RegionName) -> [UInt16: Place] { self.numbers[region] ?? [:] }

  /// Of a region, not simply serving and none of these; ascending.
  func unsettled(in region: RegionName, besides listed: Set<Place>) -> [Place] {
    self.unsettled[region]?.subtracting(listed).sorted() ?? []
  }

  func hasUnsettled(in region: RegionName) -> Bool { self.unsettled[region]?.isEmpty == false }

  var nextDeadline: Instant? { self.deadlines.values.min() }

  /// Those whose deadline has come, ascending.
  func due(at now: Instant) -> [Place] { self.deadlines.filter { $0.value <= now }.keys.sorted() }

  /// Silence decides nothing before `moment`.
  mutating func wait(until moment: Instant, _ detection: Detection) {
    for place in self.deadlines.keys {
      self.entries[place].detector.wait(until: moment, detection)
      self.note(place, detection)
    }
  }

  mutating func set(_ key: ControlState.ServiceRegion, to detector: ServiceDetector, _ detection: Detection) {
    guard let place = self.places[key] else { return }
    self.entries[place].detector = detector
    self.note(place, detection)
  }

  /// Has a detector hear something, and lets time pass for it.
  ///
  /// - Returns: how it was, and how it is now; nil if that is the same.
  mutating func update(
    _ place: Place, at now: Instant, _ detection: Detection,
    _ change: (inout ServiceDetector, Detection.Mode) -> Void
  ) -> (before: ServiceDetector, after: ServiceDetector)? {
    let before = self.entries[place].detector
    var after = before
    change(&after, self.entries[place].mode)
    after.advance(to: now, mode: self.entries[place].mode, detection)
    guard after != before else { return nil }
    self.entries[place].detector = after
    self.note(place, detection)
    return (before, after)
  }

  /// Follows a change of a detector.
  private mutating func note(_ place: Place, _ detection: Detection) {
    let entry = self.entries[place]
    let deadline = entry.detector.deadline(mode: entry.mode, detection)
    if self.deadlines[place] != deadline { self.deadlines[place] = deadline }
    if !entry.detector.isServing {
      self.unsettled[entry.key.region, default: []].insert(place)
    } else if self.unsettled[entry.key.region]?.isEmpty == false {
      self.unsettled[entry.key.region]?.remove(place)
    }
  }
}
