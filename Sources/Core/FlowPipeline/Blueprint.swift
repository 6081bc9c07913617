// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel
package import Steering

/// A part of a program that depends on few things, so that a change recompiles little.
package enum Section: Sendable, Hashable {
  case base
  case region(RegionName)
  case virtualIP(IPAddress)
  case service(ServiceName)
}

/// All that a switch's program follows from. It is kept instead of the program: ten thousand services have more than a
/// hundred thousand flows, and what is different from one blueprint to the next is soon compiled.
package struct Blueprint: Sendable, Equatable {
  package let catalogue: Catalogue
  package let facts: DatapathFacts
  package let plan: SteeringPlan

  package init(_ catalogue: Catalogue, facts: DatapathFacts, plan: SteeringPlan) {
    self.catalogue = catalogue
    self.facts = facts
    self.plan = plan
  }

  private var compiler: Compiler { Compiler(numbering: self.catalogue.numbering, facts: self.facts) }

  /// In the order in which they can be programmed: first what others depend on.
  package var sections: [Section] {
    self.shared + self.catalogue.intent.services.indices.flatMap(self.sections(ofServiceAt:))
  }

  /// What does not belong to any service.
  private var shared: [Section] {
    let regions = self.catalogue.intent.regions.map(\.name).filter { self.facts.gateways[$0] != nil }
    return [.base] + regions.map { .region($0) }
  }

  private func sections(ofServiceAt index: Int) -> [Section] {
    let service = self.catalogue.intent.services[index]
    let address = service.virtualIP.address
    let isFirst = self.catalogue.index(of: address) == index
    return (isFirst ? [.virtualIP(address)] : []) + [.service(service.name)]
  }

  /// What a section says; nothing if the section is none of this blueprint's.
  package func program(_ section: Section) -> DatapathProgram {
    let intent = self.catalogue.intent
    switch section {
    case .base: return self.compiler.base(intent.regions.map(\.name))
    case .region(let name):
      guard self.catalogue.has(name) else { return DatapathProgram() }
      return self.compiler.region(name, self.plan.use(of: name))
    case .virtualIP(let address):
      guard let index = self.catalogue.index(of: address) else { return DatapathProgram() }
      return self.compiler.virtualIP(intent.services[index].virtualIP)
    case .service(let name):
      guard let index = self.catalogue.index(of: name), let steering = self.steering(at: index) else {
        return DatapathProgram()
      }
      return self.compiler.service(intent.services[index], steering, carrying: self.plan.carrying)
    }
  }

  /// All sections together.
  package var program: DatapathProgram {
    self.sections.reduce(into: DatapathProgram()) { $0.merge(self.program($1)) }
  }

  private func steering(at index: Int) -> ServiceSteering? {
    let name = self.catalogue.intent.services[index].name
    if self.plan.services.indices.contains(index), self.plan.services[index].service == name {
      return self.plan.services[index]
    }
    return self.plan.services.first { $0.service == name }
  }

  /// The same, but that these regions carry nothing any more.
  package func losing(_ regions: Set<RegionName>) -> Blueprint {
    var plan = self.plan
    plan.carrying.subtract(regions)
    return Blueprint(self.catalogue, facts: self.facts, plan: plan)
  }

  /// The same, but that the switch is closed or opened.
  package func gated(_ isGated: Bool) -> Blueprint {
    var facts = self.facts
    facts.isGated = isGated
    return Blueprint(self.catalogue, facts: facts, plan: self.plan)
  }

  // MARK: Differences

  /// Sections, of either, that may say something else in `other`, in the order of `sections`.
  ///
  /// - Parameter moved: the services that may be steered otherwise, by their places in the intent; nil: all.
  package func sectionsThatMayDiffer(from other: Blueprint, moved: [Int]? = nil) -> [Section] {
    guard self.catalogue == other.catalogue, self.facts.isSameForServices(as: other.facts) else {
      let mine = self.sections
      let known = Set(mine)
      return mine + other.sections.filter { !known.contains($0) }
    }
    var sections: [Section] = []
    let isSame = self.facts == other.facts
    for section in self.shared {
      guard case .region(let region) = section, isSame, self.plan.use(of: region) == other.plan.use(of: region) else {
        if section != .base || !isSame { sections.append(section) }
        continue
      }
    }
    let isMoved = !isSame || self.plan.carrying != other.plan.carrying
    for index in (isMoved ? nil : moved) ?? Array(self.catalogue.intent.services.indices) {
      let service = self.catalogue.intent.services[index]
      // An adopted address is sent to its owner's MAC.
      if !isSame, service.virtualIP.owner != nil { sections.append(.virtualIP(service.virtualIP.address)) }
      let hasMoved =
        self.plan.carrying != other.plan.carrying && self.facts.division(of: service) != .groups
      if hasMoved || self.steering(at: index) != other.steering(at: index) { sections.append(.service(service.name)) }
    }
    return sections
  }
}

extension DatapathFacts {
  /// Where connections are tracked, a gateway's MAC is only in its region's flows.
  fileprivate func isSameForServices(as other: DatapathFacts) -> Bool {
    if self == other { return true }
    var (mine, others) = (self, other)
    // A gate is before everything else and changes nothing of it.
    mine.isGated = others.isGated
    if mine == others { return true }
    guard self.placement == .conntrack else { return false }
    for region in mine.gateways.keys { mine.gateways[region]?.mac = nil }
    for region in others.gateways.keys { others.gateways[region]?.mac = nil }
    return mine == others
  }
}
