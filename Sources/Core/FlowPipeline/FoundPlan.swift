// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import OpenFlow
package import ServiceModel
package import Steering

/// What a switch's tables say of decisions that were made before this controller started.
///
/// The switch is the memory of the last plan: a controller that restarts goes on from here, so it neither moves
/// traffic nor brings a region back that was out.
package struct FoundPlan: Sendable, Equatable {
  package var plan: SteeringPlan
  package var macs: [RegionName: MACAddress]
  /// The gateways' addresses by which connections are sent.
  package var addresses: [RegionName: IPv4Address]
  /// Regions of which the switch knew.
  package var regions: Set<RegionName>

  package init(in program: DatapathProgram, intent: Intent, numbering: Numbering) {
    var names: [UInt32: RegionName] = [:]
    for region in intent.regions { names[numbering.number(of: region.name)] = region.name }

    self.plan = .empty
    self.macs = [:]
    self.addresses = [:]
    self.regions = []
    for region in intent.regions {
      guard let group = program.groups[GroupNumbers.region(numbering.number(of: region.name))] else { continue }
      self.regions.insert(region.name)
      switch group.buckets.first?.watchGroup {
      case nil: break
      case GroupNumbers.unavailable: self.plan.draining.insert(region.name)
      default: self.plan.carrying.insert(region.name)
      }
    }
    for (key, flow) in program.flows where key.table == TableLayout.Table.deliver.rawValue {
      guard let mark = key.match[.conntrackMark], let region = names[UInt32(truncatingIfNeeded: mark.value)],
        case .applyActions(let actions)? = flow.instructions.first
      else { continue }
      for case .setField(let entry) in actions where entry.field == .ethernetDestination {
        self.macs[region] = MACAddress(rawValue: UInt64(truncatingIfNeeded: entry.value))
      }
    }
    for (key, _) in program.flows where key.table == TableLayout.Table.steer.rawValue {
      guard let mark = key.match[.conntrackMark], let region = names[UInt32(truncatingIfNeeded: mark.value)],
        let address = key.match[.ipv4Destination]
      else { continue }
      self.addresses[region] = IPv4Address(rawValue: UInt32(truncatingIfNeeded: address.value))
    }
    for service in intent.services {
      guard let listener = service.listeners.first else { continue }
      let targetPort = numbering.targetPort(of: listener, in: service.name)
      guard let group = program.groups[GroupNumbers.service(targetPort: targetPort)] else { continue }
      let slots = program.groups[GroupNumbers.slots(targetPort: targetPort)]?.buckets ?? []
      self.plan.services.append(steering(of: service, group.buckets, slots: slots, names))
    }
  }
}

/// What a service's groups stand for.
private func steering(
  of service: Service, _ buckets: [Bucket], slots: [Bucket], _ names: [UInt32: RegionName]
) -> ServiceSteering {
  let shares = slots.map { choice(of: $0, names) }
  var choices: [RegionChoice] = []
  for share in shares {
    if let share, !choices.contains(where: { $0.region == share.region }) { choices.append(share) }
  }
  choices += buckets.compactMap { choice(of: $0, names) }
  return ServiceSteering(
    service: service.name, choices: choices,
    slots: shares.map { share in
      choices.firstIndex { $0.region == share?.region }.flatMap { UInt8(exactly: $0) } ?? ServiceSteering.nobody
    })
}

/// What a bucket that we once wrote stands for; nil for one that we did not write.
private func choice(of bucket: Bucket, _ names: [UInt32: RegionName]) -> RegionChoice? {
  guard case .conntrack(let conntrack)? = bucket.actions.first else { return nil }
  for case .setField(let entry) in conntrack.actions where entry.field == .conntrackMark {
    guard let region = names[UInt32(truncatingIfNeeded: entry.value)] else { return nil }
    let eligibility: RegionChoice.Eligibility =
      switch bucket.watchGroup {
      case GroupNumbers.unavailable: .excluded
      case .any: .withPort
      default: .withRegion
      }
    return RegionChoice(region: region, eligibility: eligibility)
  }
  return nil
}
