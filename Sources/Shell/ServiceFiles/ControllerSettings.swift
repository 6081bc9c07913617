// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Where a controller listens. Read at start only: a change needs a restart.
package struct ControllerSettings: Sendable, Equatable {
  /// TCP, for the switches (6653 is OpenFlow's own port, OpenFlow 1.3.5, 6.3.3). Without authentication.
  package var openflow: SocketEndpoint
  /// UDP for the agents' heartbeats and TCP (HTTP) for their assignments.
  package var agents: SocketEndpoint
  /// TCP (HTTP), for operators. Without authentication, hence on loopback.
  package var api: SocketEndpoint

  package init(
    openflow: SocketEndpoint = SocketEndpoint(IPv4Address(rawValue: 0), 6653),
    agents: SocketEndpoint = SocketEndpoint(IPv4Address(rawValue: 0), 6654),
    api: SocketEndpoint = SocketEndpoint(IPv4Address(rawValue: 0x7f00_0001), 8080)
  ) {
    self.openflow = openflow
    self.agents = agents
    self.api = api
  }
}
