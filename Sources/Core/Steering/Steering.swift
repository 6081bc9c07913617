// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import FailureDetection
package import ServiceModel

/// Decides, for one switch, which regions carry traffic and where each service's new connections go.
///
/// A region that is lost leaves every service's choices as they are: the switch passes over it by itself, so one
/// message suffices however many services there are. Where no region is left, the last plan is held: a detector
/// that is wrong everywhere at once must not do more harm than an outage does.
package func steer(
  _ intent: Intent, on datapath: Switch, given health: HealthView, draining drains: DrainView = .none,
  shares: [ServiceName: [RegionName: Int]] = [:], previous: SteeringPlan
) -> SteeringPlan {
  let reached = datapath.gateways.map(\.region)
  let open = reached.filter { !drains.draining.contains($0) }
  let usable = usableRegions(among: open, health, carrying: previous.carrying)
  let carrying = usable.isEmpty ? previous.carrying.intersection(open) : usable
  var before: [ServiceName: ServiceSteering] = [:]
  for service in previous.services { before[service.service] = service }

  let services = intent.services.map { service in
    let last = before[service.name]
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
    let choices = selection.choices
    guard service.policy.isSpreading else { return ServiceSteering(service: service.name, choices: choices) }
    return spread(service, by: shares[service.name], over: choices, last: last)
  }
  return SteeringPlan(
    carrying: carrying, draining: drains.draining.intersection(reached), services: services)
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
/// - Parameter shares: by the load; nil: by the service's own weights, or, where the load is to decide and is not known
///   yet, as it is.
private func spread(
  _ service: Service, by shares: [RegionName: Int]?, over choices: [RegionChoice], last: ServiceSteering?
) -> ServiceSteering {
  var steering = ServiceSteering(service: service.name, choices: choices)
  let weights = shares ?? (service.policy.followsLoad ? last?.owned : nil) ?? service.weights
  steering.weights = choices.prefix(Int(ServiceSteering.nobody)).map { weights[$0.region] ?? 0 }
  guard steering.weights.contains(where: { $0 > 0 }) else { return steering }
  let count =
    service.slots
    ?? (service.policy.followsLoad
      ? Service.slotsByLoad : Slots.count(for: steering.weights, among: Service.slotCounts))
  var previous = [Int?](repeating: nil, count: count)
  if let last, last.slots.count == count {
    let isSame = last.choices.count == choices.count && zip(last.choices, choices).allSatisfy { $0.region == $1.region }
    if isSame, last.weights == steering.weights {
      steering.slots = last.slots
      return steering
    }
    let places = last.choices.map { old in choices.firstIndex { $0.region == old.region } }
    previous = last.slots.map { slot in
      guard Int(slot) < places.count, let place = places[Int(slot)], place < steering.weights.count else { return nil }
      return place
    }
  }
  steering.slots = Slots(previous, weights: steering.weights).owners.map(UInt8.init)
  return steering
}
