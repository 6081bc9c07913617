// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

extension Match {
  /// Whole, of either family; nil if there is none.
  var ipSource: IPAddress? { self.address(.ipv4Source, .ipv6Source) }
  var ipDestination: IPAddress? { self.address(.ipv4Destination, .ipv6Destination) }

  private func address(_ v4: MatchField, _ v6: MatchField) -> IPAddress? {
    if let entry = self[v4] { return .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: entry.value))) }
    return self[v6].map { .v6(IPv6Address(rawValue: $0.value)) }
  }
}
