// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ControlPlane
package import OpenFlow

/// What the API needs of the controller.
package protocol FloodlightSurface: Sendable {
  /// Orders entries, one order after the other and call after call. What is not there is deleted, and what another entry
  /// has is taken from it.
  func order(_ orders: [EntryOrder])

  func entries(on datapath: DatapathID?) async -> [EntryView]

  /// The switches that are connected.
  func switches() async -> [FloodlightSwitch]

  /// Asks a switch; nil: it is not there, or does not answer.
  func ask(_ datapath: DatapathID, _ request: MessageBody) async -> [MessageBody]?

  /// Whether this controller leads.
  func leads() async -> Bool

  /// What Floodlight would keep to itself.
  func warn(_ text: String)
}

package struct FloodlightSwitch: Sendable, Equatable {
  package var datapath: DatapathID
  /// `127.0.0.1:45192`
  package var peer: String
  /// Milliseconds since 1970.
  package var connectedSince: Int64
  package var version: ProtocolVersion
  package var isMaster: Bool

  package init(datapath: DatapathID, peer: String, connectedSince: Int64, version: ProtocolVersion, isMaster: Bool) {
    self.datapath = datapath
    self.peer = peer
    self.connectedSince = connectedSince
    self.version = version
    self.isMaster = isMaster
  }
}
