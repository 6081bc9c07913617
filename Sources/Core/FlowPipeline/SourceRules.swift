// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel
import Steering

extension Compiler {
  /// Has rules for the last bits of clients' addresses choose a region: one for each slot.
  ///
  /// It is all that a switch without select groups offers, and what keeps a client with its region whatever a switch
  /// hashes. Shares are as even as clients' addresses are. If a region dies, the controller writes the rules anew.
  func divideBySources(
    _ service: Service, _ listener: Listener, _ steering: ServiceSteering, carrying: Set<RegionName>,
    targetPort: UInt16, into program: inout DatapathProgram
  ) {
    let arrivals = self.arrivals(service, listener)
    let family = service.virtualIP.address.family
    let slots = steering.slots(carrying: carrying)
    for (index, slot) in slots.enumerated() {
      guard let user = slot.user,
        let actions = self.redirection(to: user, family, listener.transport, targetPort: targetPort)
      else { continue }
      let cookie = service.regions.firstIndex { $0 == slot.owner }.flatMap(SlotCookie.init(owner:))
      program.add(
        .steer, TableLayout.Steer.listener, Match(arrivals + Self.sources(family, index, of: slots.count)),
        cookie: cookie?.rawValue ?? Cookie.service.rawValue, [.applyActions(actions)])
    }
    self.dropInvalid(service, listener, into: &program)
  }

  /// - Parameter count: a power of two.
  private static func sources(_ family: IPAddress.Family, _ slot: Int, of count: Int) -> [MatchEntry] {
    count == 1 ? [] : [MatchEntry(family.sourceField, UInt128(slot), mask: UInt128(count - 1))]
  }
}
