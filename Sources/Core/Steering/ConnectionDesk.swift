// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

/// Gives every connection of one switch a region, and remembers which.
package struct ConnectionDesk: Sendable, Equatable {
  package var book = ConnectionBook()
  private var choosers: [ServiceName: Chooser] = [:]

  package init() {}

  /// - Parameter isBeginning: the packet begins a connection. If the last one of these ends is over, it is another.
  /// - Returns: the connection's region, and whether more than its beginning was seen; nil if nobody may be used.
  package mutating func admit(
    _ key: ConnectionBook.Key, to service: Service, by steering: ServiceSteering, carrying: Set<RegionName>,
    isBeginning: Bool = false
  ) -> (region: RegionName, isKnown: Bool)? {
    if isBeginning, self.book.hasEnded(key) { self.book.forget(key) }
    let known = self.book.region(of: key)
    let region =
      known
      ?? self.choosers[service.name, default: Chooser()].choose(
        service, by: steering, carrying: carrying, client: key.client.address, open: self.book.open(target: key.target))
    return region.map { ($0, self.book.begin(key, in: $0, isRepeatable: isBeginning)) }
  }
}
