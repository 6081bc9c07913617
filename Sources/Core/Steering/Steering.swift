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
  _ intent: Intent, on datapath: Switch, given health: HealthView, previous: SteeringPlan
) -> SteeringPlan {
  let reached = Set(datapath.gateways.map(\.region))
  // A region that answers again waits for its hold time, unless it carried traffic all the time, because every
  // region was out, or there is nobody else.
  let trusted = health.reachable.union(health.answering.intersection(previous.carrying))
  let reachable = (trusted.isEmpty ? health.answering : trusted).intersection(reached)
  let carrying = reachable.isEmpty ? previous.carrying.intersection(reached) : reachable
  var before: [ServiceName: ServiceSteering] = [:]
  for service in previous.services { before[service.service] = service }

  let services = intent.services.map { service in
    let regions = service.regions.filter(reached.contains)
    let last = before[service.name]
    let ordered = order(
      regions, failback: service.failback, last: last, wasCarrying: previous.carrying,
      usable: { carrying.contains($0) && health.serves(service.name, $0) })
    return ServiceSteering(
      service: service.name,
      choices: choices(
        ordered, of: service.name, carrying: carrying, reachable: reachable, health: health, last: last,
        wasCarrying: previous.carrying))
  }
  return SteeringPlan(carrying: carrying, services: services)
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
  guard let active = last.active(carrying: wasCarrying), usable(active),
    kept.first(where: usable) != active
  else { return kept }
  return [active] + kept.filter { $0 != active }
}

private func choices(
  _ regions: [RegionName], of service: ServiceName, carrying: Set<RegionName>, reachable: Set<RegionName>,
  health: HealthView, last: ServiceSteering?, wasCarrying: Set<RegionName>
) -> [RegionChoice] {
  if regions.contains(where: { reachable.contains($0) && health.serves(service, $0) }) {
    return regions.map {
      RegionChoice(region: $0, eligibility: health.serves(service, $0) ? .withRegion : .excluded)
    }
  }
  // Nobody serves. Hold who served last, whatever its state now; a service that is new tries its regions in turn.
  guard let last, let held = last.active(carrying: wasCarrying) else {
    return regions.map { RegionChoice(region: $0, eligibility: .withRegion) }
  }
  return regions.map { region in
    if region == held {
      return RegionChoice(region: region, eligibility: carrying.contains(region) ? .withRegion : .held)
    }
    let returned = carrying.contains(region) && !wasCarrying.contains(region)
    let before = last.choices.first { $0.region == region }?.eligibility ?? .excluded
    return RegionChoice(region: region, eligibility: returned || before == .held ? .excluded : before)
  }
}
