// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import CloudModel

/// A cloud that does what steps say: what is wanted of it is looked for anew after each.
struct ModelCloud: Equatable {
  var facts = CloudFacts()
  /// Rules and groups that were made, so that what is doubled shows.
  var made: [CloudStep] = []

  mutating func perform(_ step: CloudStep) {
    self.made.append(step)
    switch step {
    case .createGroup(let name):
      let id = "group-\(self.facts.groups.count)"
      self.facts.groups[id] = SecurityGroup(id: id, name: name, rules: [])
    case .addRule(let rule, let group): self.facts.groups[group]?.rules.append(rule)
    case .setGroups(let groups, let port): self.change(port) { $0.groupIDs = groups }
    case .setAddressPairs(let pairs, let port): self.change(port) { $0.addressPairs = pairs }
    case .tagFloatingIP(let id, let tag): self.changeIP(id) { $0.tags.append(tag) }
    case .untagFloatingIP(let id, let tag): self.changeIP(id) { ip in ip.tags.removeAll { $0 == tag } }
    case .bindFloatingIP(let id, let port, _): self.changeIP(id) { $0.portID = port }
    }
  }

  private mutating func change(_ id: String, _ body: (inout CloudPort) -> Void) {
    for index in self.facts.ports.indices where self.facts.ports[index].id == id { body(&self.facts.ports[index]) }
  }

  private mutating func changeIP(_ id: String, _ body: (inout FloatingIP) -> Void) {
    for index in self.facts.floatingIPs.indices where self.facts.floatingIPs[index].id == id {
      body(&self.facts.floatingIPs[index])
    }
  }
}
