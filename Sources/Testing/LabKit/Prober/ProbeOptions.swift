// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// What a prober does.
package struct ProbeOptions: Sendable {
  package var target: SocketEndpoint
  /// From the start of one request to the start of the next, whatever became of the first. 100 µs … 10 s; 1.5 ms leaves
  /// a margin to the 2 ms that a measurement of unavailability may be coarse.
  package var interval: Duration
  /// A request without a complete answer after this long has failed. 1 ms … 60 s
  package var timeout: Duration
  /// The client's addresses that requests come from, in turn; empty: the one that the route to the target has.
  package var sources: [IPv4Address]

  package init(
    target: SocketEndpoint = SocketEndpoint(LabLayout.virtualIP, 80), interval: Duration = .microseconds(1_500),
    timeout: Duration = .seconds(1), sources: [IPv4Address] = []
  ) {
    self.sources = sources
    self.target = target
    self.interval = interval
    self.timeout = timeout
  }

  /// As many requests are under way at once when none is answered, and no more.
  var maximumInFlight: Int { min(4_096, Int(self.timeout / self.interval) + 8) }
}
