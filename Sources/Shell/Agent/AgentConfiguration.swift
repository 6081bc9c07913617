// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// What an agent is told when it is started; everything else comes with its assignment.
package struct AgentConfiguration: Sendable {
  package var region: RegionName
  /// Tells several agents of the region apart; nil: it is the only one.
  package var instance: InstanceName?
  package var key: RegionKey
  /// Heartbeats go to this address and port by UDP, and the assignment comes from the same by HTTP.
  package var controllers: [SocketEndpoint]
  /// Source of the heartbeats, and where the other agents' arrive.
  package var listen: SocketEndpoint
  /// Holds the last assignment, sealed with the region's key.
  package var stateDirectory: String

  package init(
    region: RegionName, instance: InstanceName? = nil, key: RegionKey, controllers: [SocketEndpoint],
    listen: SocketEndpoint, stateDirectory: String
  ) {
    self.region = region
    self.instance = instance
    self.key = key
    self.controllers = controllers
    self.listen = listen
    self.stateDirectory = stateDirectory
  }
}
