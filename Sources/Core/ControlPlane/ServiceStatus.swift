// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

package struct ServiceStatus: Sendable, Equatable {
  package struct InRegion: Sendable, Equatable {
    package enum State: Sendable, Equatable {
      case serving
      case out(CheckFailure?)
      /// However well it does, it stays out for that long, because it failed again and again; nil: it did not.
      case returning(dampedFor: Duration?)
    }
    package var region: RegionName
    package var members: [IPAddress]
    package var state: State

    package init(region: RegionName, members: [IPAddress], state: State) {
      self.region = region
      self.members = members
      self.state = state
    }
  }

  package struct OnSwitch: Sendable, Equatable {
    package var name: SwitchName
    /// Who gets new connections; empty: nobody, or the switch has not been seen.
    package var shares: [RegionShare]
    /// All regions are out and the last plan is held.
    package var isHeld: Bool
    /// Nil: the switch divides connections itself, or there is nothing to divide.
    package var sourceRules: SourceRules?

    package init(name: SwitchName, shares: [RegionShare] = [], isHeld: Bool, sourceRules: SourceRules? = nil) {
      self.name = name
      self.shares = shares
      self.isHeld = isHeld
      self.sourceRules = sourceRules
    }
  }

  /// New connections are divided by rules for the last bits of clients' addresses.
  package struct SourceRules: Sendable, Equatable {
    package var count: Int
    /// How far a share can be from what it should be because there are no more rules, in thousandths of all, if clients'
    /// addresses are even. Rounded up.
    package var deviation: Int

    package init(count: Int, deviation: Int) {
      self.count = count
      self.deviation = deviation
    }
  }

  package struct ListenerTarget: Sendable, Equatable {
    package var listener: Listener
    package var targetPort: UInt16

    package init(listener: Listener, targetPort: UInt16) {
      self.listener = listener
      self.targetPort = targetPort
    }
  }

  package var name: ServiceName
  package var virtualIP: VirtualIP
  package var listeners: [ListenerTarget]
  package var policy: Policy
  package var persistence: Persistence
  package var failback: Failback
  package var mode: Detection.Mode
  package var regions: [InRegion]
  package var switches: [OnSwitch]

  package init(
    name: ServiceName, virtualIP: VirtualIP, listeners: [ListenerTarget], policy: Policy, persistence: Persistence,
    failback: Failback,
    mode: Detection.Mode, regions: [InRegion], switches: [OnSwitch]
  ) {
    self.name = name
    self.virtualIP = virtualIP
    self.listeners = listeners
    self.policy = policy
    self.persistence = persistence
    self.failback = failback
    self.mode = mode
    self.regions = regions
    self.switches = switches
  }
}
