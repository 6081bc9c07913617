// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow
package import Outbound
package import ServiceModel

/// Has a controller that a site keeps do what FLOW_MODs say, and reads back what its switches hold. What it is asked
/// for is the same, whichever controller it is, and the same laws test every driver.
package protocol SouthboundDriver: Sendable {
  /// Why a message cannot be said by this API; nil: it can.
  static func objection(to mod: FlowMod) -> String?

  /// The switches that the controller has, in ascending order.
  func datapaths() async throws(DriverFailure) -> [DatapathID]

  /// What others than us had it write to a switch, to be taken along; as far as the controller can tell.
  func entries(of datapath: DatapathID) async throws(DriverFailure) -> FoundFlows

  /// The ports of a switch; nil: the controller does not have it.
  func ports(of datapath: DatapathID) async throws(DriverFailure) -> [PortDescription]?

  /// What a switch holds, as far as it is in the scope.
  func flows(of datapath: DatapathID, _ scope: FlowScope) async throws(DriverFailure) -> FoundFlows

  /// Has messages done that `objection` has let pass, in any order.
  func perform(_ mods: [FlowMod], on datapath: DatapathID) async throws(DriverFailure)
}

/// Which flows are read.
package enum FlowScope: Sendable, Equatable {
  /// Those of services; with operators' entries, or without.
  case ours(entries: Bool)
  case all
}

/// The flows of a switch as a controller tells of them.
package struct FoundFlows: Sendable, Equatable {
  package var flows: [NamedFlow] = []
  /// Those that cannot be said here, or that are no flows, and why.
  package var others: [Other] = []

  package struct NamedFlow: Sendable, Equatable {
    /// As the controller calls it; nil: it does not.
    package var name: String?
    package var flow: FlowStatistics

    package init(name: String? = nil, flow: FlowStatistics) {
      self.name = name
      self.flow = flow
    }
  }

  package struct Other: Sendable, Equatable {
    package var what: String
    package var why: String

    package init(what: String, why: String) {
      self.what = what
      self.why = why
    }
  }

  package init() {}
}

/// Why a controller did not do what it was asked.
package enum DriverFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// Nobody answers, or not in time, or not as this API does.
  case away(String)
  /// It does not have the switch, or the switch does not answer it.
  case noSwitch(String)
  /// It answers, and does not do it.
  case refused(String)

  package var description: String {
    switch self {
    case .away(let text), .noSwitch(let text), .refused(let text): text
    }
  }
}

extension ForeignController {
  /// The catalogue: a line for each API.
  package func driver(_ http: HTTPOutbound) -> any SouthboundDriver {
    switch self.kind {
    case .ryu: RyuDriver(http, of: self)
    case .floodlight: FloodlightDriver(http, of: self)
    case .onos: ONOSDriver(http, of: self)
    }
  }
}
