// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Notices that more services fail at once, and in more than one region, than can be true.
///
/// Regions are independent: where many services fail in several of them within seconds, one cause is likelier than many
/// dead machines, such as a check that became wrong, or a name that nobody resolves any more. To move all of them would
/// do more harm than to wait for a person who looks. A single region may lose all that it has: that is what the others
/// are for.
package struct MassFailureDetector: Sendable, Equatable {
  private struct Loss: Sendable, Equatable {
    var service: ServiceName
    var region: RegionName
    var at: Instant
  }

  /// Fewer services than these are no mass, whatever share of all they are.
  package static let fewest = 5

  /// Within the time that counts, in order of time.
  private var losses: [Loss] = []
  private var services: [ServiceName: Int] = [:]
  private var regions: [RegionName: Int] = [:]
  /// Somebody said that it is true: nothing begins anew before it is over.
  private var isBelieved = false
  package private(set) var isHolding = false

  package init() {}

  /// How many services have failed within the time that counts, and in which regions.
  package var failing: (services: Int, regions: [RegionName]) { (self.services.count, self.regions.keys.sorted()) }

  /// A service's members in a region have failed.
  ///
  /// - Parameter total: how many services there are.
  /// - Returns: whether this is the one too many.
  package mutating func lost(
    _ service: ServiceName, in region: RegionName, of total: Int, at now: Instant, _ limit: MassFailureLimit?
  ) -> Bool {
    guard let limit else { return false }
    self.losses.append(Loss(service: service, region: region, at: now))
    self.services[service, default: 0] += 1
    self.regions[region, default: 0] += 1
    self.forget(until: now, limit)
    guard !self.isHolding, !self.isBelieved, self.isMass(of: total, limit) else { return false }
    self.isHolding = true
    return true
  }

  /// When what is known now may be over.
  package func deadline(_ limit: MassFailureLimit?) -> Instant? {
    guard self.isHolding || self.isBelieved else { return nil }
    return self.losses.first.map { $0.at + (limit?.within ?? .zero) }
  }

  /// - Parameter isRecovered: all that failed since holding began are well again.
  /// - Returns: whether holding ends with this.
  package mutating func advance(
    to now: Instant, of total: Int, isRecovered: Bool, _ limit: MassFailureLimit?
  ) -> Bool {
    guard let limit else {
      defer { self = MassFailureDetector() }
      return self.isHolding
    }
    self.forget(until: now, limit)
    guard !self.isMass(of: total, limit) else { return false }
    self.isBelieved = false
    guard self.isHolding, isRecovered else { return false }
    self.isHolding = false
    return true
  }

  /// A person has looked, and says that it is true.
  ///
  /// - Returns: whether holding ends with this.
  package mutating func believe() -> Bool {
    guard self.isHolding else { return false }
    self.isHolding = false
    self.isBelieved = true
    return true
  }

  private func isMass(of total: Int, _ limit: MassFailureLimit) -> Bool {
    self.regions.count > 1 && self.services.count >= Self.fewest
      && self.services.count * 100 > total * limit.percent
  }

  private mutating func forget(until now: Instant, _ limit: MassFailureLimit) {
    let old = self.losses.prefix { $0.at + limit.within <= now }
    for loss in old {
      self.services[loss.service] = self.services[loss.service].flatMap { $0 > 1 ? $0 - 1 : nil }
      self.regions[loss.region] = self.regions[loss.region].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
    self.losses.removeFirst(old.count)
  }
}
