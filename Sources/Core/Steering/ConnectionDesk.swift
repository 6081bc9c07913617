// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

/// Gives every connection of one switch a region, and remembers which.
package struct ConnectionDesk: Sendable, Equatable {
  package var book = ConnectionBook()
  private var choosers: [ServiceName: Chooser] = [:]

  package init() {}

  /// Where a connection goes.
  package struct Admission: Sendable, Equatable {
    package var region: RegionName
    package var stage: ConnectionBook.Stage
    /// A connection of the same ends was in another region until now, and the switch still has its flow.
    package var isMoved = false
  }

  /// - Parameter isBeginning: the packet begins a connection. If the last one of these ends is over, it is another.
  /// - Returns: nil if nobody may be used.
  package mutating func admit(
    _ key: ConnectionBook.Key, to service: Service, by steering: ServiceSteering, carrying: Set<RegionName>,
    isBeginning: Bool = false
  ) -> Admission? {
    let last = self.book.hasFlow(key) ? self.book.region(of: key) : nil
    if isBeginning, self.book.hasEnded(key) { self.book.forget(key) }
    let known = self.book.region(of: key)
    let region =
      known
      ?? self.choosers[service.name, default: Chooser()].choose(
        service, by: steering, carrying: carrying, client: key.client.address, open: self.book.open(target: key.target))
    return region.map { region in
      Admission(
        region: region, stage: self.book.begin(key, in: region, isRepeatable: isBeginning),
        isMoved: last.map { $0 != region } ?? false)
    }
  }
}
