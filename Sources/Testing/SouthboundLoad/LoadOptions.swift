// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow

/// What a load is made of.
package struct LoadOptions: Sendable {
  package enum Mode: String, Sendable, CaseIterable {
    /// One packet under way at each switch: what a round trip takes.
    case latency
    /// 256 under way at each switch: how many are answered at most.
    case throughput

    var window: Int {
      switch self {
      case .latency: 1
      case .throughput: 256
      }
    }
  }

  /// Where it listens; the switches are spread over several, one after the other.
  package var controllers: [SocketEndpoint]
  /// 1 … 4096
  package var switches = 1
  package var mode = Mode.throughput
  /// Hosts at each switch, each behind a port of its own. 2 … 4096
  package var hosts = 200
  /// How long answers are counted.
  package var duration = Duration.seconds(4)
  /// How long answers are not yet counted.
  package var warmUp = Duration.seconds(1)
  package var version = ProtocolVersion.v1_3
  /// The first switch's; the others follow.
  package var firstDatapath = DatapathID(rawValue: 1)

  package init(controllers: [SocketEndpoint]) { self.controllers = controllers }
}
