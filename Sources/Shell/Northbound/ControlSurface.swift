// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ControlPlane
package import ServiceModel
package import StaticEntries

/// What the API needs of the controller. Nothing here waits for a switch or an agent, and only what must be kept waits for
/// the store.
package protocol ControlSurface: Sendable {
  /// The last decisions; read without the control loop.
  var events: EventLog { get }

  /// Who leads.
  func leadership() async -> LeadershipView

  /// What the controller knows now.
  func status() async -> StatusView

  /// Asks that a service's new connections go back to its most preferred live region.
  ///
  /// - Returns: false if there is no such service. What comes of it is an event.
  func requestFailback(of service: ServiceName) async -> Bool

  /// Lets services move that are held because too much failed at once. What comes of it is an event.
  func releaseHeld() async

  /// Takes a region out for new connections. What comes of it is events.
  ///
  /// - Parameters:
  ///   - deadline: after which what is still open is cut; nil: never.
  ///   - isForced: also where no other region serves.
  ///   - isTrial: only says what it would break.
  func drain(_ region: RegionName, deadline: Duration?, isForced: Bool, isTrial: Bool) async -> DrainOutcome

  /// Puts a drained region back.
  func undrain(_ region: RegionName, isTrial: Bool) async -> DrainOutcome

  /// Orders static entries, all or nothing. Returns when the switches that are connected and the store have them.
  ///
  /// - Parameter isLenient: an entry with the same flow or group makes room, and who is not there need not be deleted.
  func order(_ change: EntryChange, isLenient: Bool) async -> EntryOutcome

  /// All static entries, or those of a switch, by name.
  func entries(on datapath: DatapathID?) async -> [EntryView]

  /// The switches that are configured.
  func switchNames() async -> [String: DatapathID]

  /// What is configured now.
  func configuration() async -> ConfigurationView

  /// Puts a configuration in the place of the one that is there. Returns when the controller acts by it.
  func configure(_ proposal: ConfigurationProposal) async -> ConfigurationOutcome

  /// What a region's agent must know, sealed for it.
  ///
  /// - Parameter nonce: drawn by the agent for this fetch; 32 digits of `0-9 a-f`.
  /// - Returns: nil if there is no such region.
  func assignment(for region: RegionName, nonce: String) async -> [UInt8]?
}

/// What came of the wish to drain a region, or to put it back.
package enum DrainOutcome: Sendable, Equatable {
  /// And what it breaks on switches whose placement keeps no connections.
  case begun([ConnectionLoss])
  case unknownRegion
  case refused(DrainObjection)
  /// The store does not take it, so nothing was done.
  case notKept(String)
}
