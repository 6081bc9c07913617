// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import FailureDetection
package import ServiceModel

/// Decides, for one switch, which regions carry traffic and where each service's new connections go.
///
/// A region that is lost leaves every service's choices as they are: the switch passes over it by itself, so one
/// message suffices however many services there are. Where no region is left, the last plan is held: a detector
/// that is wrong everywhere at once must not do more harm than an outage does.
///
/// - Parameter moved: the services, by their places in the intent, of whose members something changed, if nothing else
///   did: all others stay as they are. Nil: anything may have changed.
package func steer(
  _ intent: Intent, on datapath: Switch, given health: HealthView, draining drains: DrainView = .none,
  full: [RegionName: Capacity.Excess] = [:], shares: [ServiceName: [RegionName: Int]] = [:],
  starting: [ServiceName: [RegionName: Int]] = [:], previous: SteeringPlan, moved: [Int]? = nil,
  slotCounts: (Service) -> [Int] = { _ in Service.slotCounts }
) -> SteeringPlan {
  let reached = datapath.gateways.map(\.region)
  let open = reached.filter { !drains.draining.contains($0) }
  let usable = usableRegions(among: open, health, carrying: previous.carrying)
  let carrying = usable.isEmpty ? previous.carrying.intersection(open) : usable
  let before = PastSteering(previous, intent)

  func steering(at index: Int) -> ServiceSteering {
    let service = intent.services[index]
    let last = before.steering(of: service.name, at: index)
    let regions = service.regions.filter(reached.contains)
    let ordered =
      service.policy.isSpreading
      ? regions
      : order(
        regions, failback: service.failback, last: last, wasCarrying: previous.carrying,
        usable: { carrying.contains($0) && health.members(of: service.name, in: $0) == .well })
    let selection = Selection(
      service: service.name, regions: ordered, health: health, usable: usable, carrying: carrying, last: last,
      wasCarrying: previous.carrying, drains: drains)
    let choices = selection.choices.relieving(full, carrying: carrying)
    guard service.policy.isSpreading else { return ServiceSteering(service: service.name, choices: choices) }
    return spread(
      service, by: shares[service.name], starting: starting[service.name] ?? [:], over: choices, last: last,
      slotCounts: slotCounts(service))
  }
  var services = previous.services
  if let moved, before.isAligned {
    for index in moved { services[index] = steering(at: index) }
  } else {
    services = intent.services.indices.map(steering(at:))
  }
  return SteeringPlan(
    carrying: carrying, draining: drains.draining.intersection(reached), services: services)
}

/// Regions that carry traffic and can do so no more, though others can: `steer` would say the same of them.
///
/// - Parameter paths: the ways to all regions; members do not count.
package func lostRegions(
  on datapath: Switch, given paths: HealthView, draining drains: DrainView, previous: SteeringPlan
) -> Set<RegionName> {
  let open = datapath.gateways.map(\.region).filter { !drains.draining.contains($0) }
  let usable = usableRegions(among: open, paths, carrying: previous.carrying)
  return usable.isEmpty ? [] : previous.carrying.subtracting(usable).intersection(open)
}

/// The regions that can carry traffic; none if the last plan is to be held.
///
/// A region that answers again waits for its hold time, unless there is nobody else. One that carried traffic all the
/// time, because every region was out, goes on from its first answer: it must not lose its connections because
/// another one was proven a moment sooner.
private func usableRegions(
  among regions: [RegionName], _ health: HealthView, carrying: Set<RegionName>
) -> Set<RegionName> {
  func those(from standing: Standing, ifCarrying: Standing) -> Set<RegionName> {
    Set(regions.filter { health.path(to: $0) >= (carrying.contains($0) ? ifCarrying : standing) })
  }
  for needed in [Standing.well, .proven] where !those(from: needed, ifCarrying: .proven).isEmpty {
    return those(from: needed, ifCarrying: .returning)
  }
  return []
}

/// The order of preference; with manual failback, whoever serves now and still can comes first.
private func order(
  _ regions: [RegionName], failback: Failback, last: ServiceSteering?, wasCarrying: Set<RegionName>,
  usable: (RegionName) -> Bool
) -> [RegionName] {
  guard failback == .manual, let last else { return regions }
  // Keep the order on the switch while it still names the right region: no message then.
  let known = last.choices.map(\.region)
  let kept = known.filter(regions.contains) + regions.filter { !known.contains($0) }
  guard let active = last.active(carrying: wasCarrying).first, usable(active),
    kept.first(where: usable) != active
  else { return kept }
  return [active] + kept.filter { $0 != active }
}

/// Whose each slot is: by the weights, whoever lives. A switch passes over dead regions by itself.
///
/// - Parameters:
///   - shares: by the load; nil: by the service's own weights, or, where the load is to decide and is not known yet, as
///     it is.
///   - starting: regions that have returned lately, with the step of their slow start.
///   - slotCounts: how many slots there may be, ascending; empty: one region gets everything.
private func spread(
  _ service: Service, by shares: [RegionName: Int]?, starting: [RegionName: Int], over choices: [RegionChoice],
  last: ServiceSteering?, slotCounts: [Int]
) -> ServiceSteering {
  var steering = ServiceSteering(service: service.name, choices: choices)
  let weights = shares ?? (service.policy.followsLoad ? last?.owned : nil) ?? service.weights
  guard let most = slotCounts.last else {
    let order = choices.enumerated().sorted { a, b in
      let (x, y) = (weights[a.element.region] ?? 0, weights[b.element.region] ?? 0)
      return x != y ? x > y : a.offset < b.offset
    }
    steering.choices = order.map(\.element)
    return steering
  }
  steering.weights = choices.prefix(Int(ServiceSteering.nobody)).map { weights[$0.region] ?? 0 }
  guard steering.weights.contains(where: { $0 > 0 }) else { return steering }
  let full = steering.weights
  if !starting.isEmpty {
    steering.weights = zip(choices, full).map { $1 * (starting[$0.region] ?? SlowStart.steps) }
  }
  let wanted = service.slots ?? (service.policy.followsLoad ? Service.slotsByLoad : nil)
  // What was divided finer once is not put together again: that would move connections for nothing.
  let least = slotCounts.filter { $0 >= min(last?.slots.count ?? 0, most) }
  let count =
    wanted.map { wanted in slotCounts.last { $0 <= wanted } ?? most } ?? Slots.count(for: full, among: least)
  steering.slots = slots(steering, count: count, last: last)
  return steering
}

/// The slots as they were, but for those that must move.
private func slots(_ steering: ServiceSteering, count: Int, last: ServiceSteering?) -> [UInt8] {
  var previous = [Int?](repeating: nil, count: count)
  if let last, !last.slots.isEmpty {
    let isSame =
      last.slots.count == count && last.choices.count == steering.choices.count
      && zip(last.choices, steering.choices).allSatisfy { $0.region == $1.region }
    if isSame, last.weights == steering.weights { return last.slots }
    let places = last.choices.map { old in steering.choices.firstIndex { $0.region == old.region } }
    // A switch takes the last bits of a hash, so of twice as many slots the second half gets what the first half had.
    for slot in previous.indices {
      let owner = Int(last.slots[slot % last.slots.count])
      guard owner < places.count, let place = places[owner], place < steering.weights.count else { continue }
      previous[slot] = place
    }
  }
  return Slots(previous, weights: steering.weights).owners.map(UInt8.init)
}
