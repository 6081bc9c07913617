// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// What an agent wants done.
package enum AgentEffect: Sendable, Equatable {
  /// Answered by exactly one `checkFinished`, within the check's timeout.
  case startCheck(CheckRequest)
  /// To every controller.
  case sendHeartbeat(Heartbeat)
  /// To every peer of the assignment: that it lives, and no more.
  case tellPeers(Heartbeat)
  /// Answered by one `assigned` or `fetchFailed`.
  case fetchAssignment(controller: Int)
  /// Answered by one `natApplied` or `natFailed`. Not changing anything is fine if the rules are in place already.
  case applyNAT(NATPlan)
  /// Answered by one `loadMeasured` or `loadNotMeasured`.
  case measureLoad(LoadRequest)
  /// Whose heartbeats to listen to from now on.
  case listen([AssignedPeer])
  /// Keep for the next start, in which no controller may be there.
  case store(Assignment)
  /// For the log.
  case record(AgentDecision)
}

/// One check of one member.
package struct CheckRequest: Sendable, Equatable {
  package var id: CheckID
  package var endpoint: SocketEndpoint
  package var method: Check.Method
  /// From the start of the connection to the whole answer.
  package var timeout: Duration

  package init(id: CheckID, endpoint: SocketEndpoint, method: Check.Method, timeout: Duration) {
    self.id = id
    self.endpoint = endpoint
    self.method = method
    self.timeout = timeout
  }
}

/// What an agent decided, and because of what.
package enum AgentDecision: Sendable, Equatable {
  /// - Parameter controller: nil: what the last run left.
  case assignmentTaken(revision: UInt64, services: Int, controller: Int?)
  case assignmentNotFetched(controller: Int, reason: String, retryIn: Duration)
  case memberChanged(ServiceName, IPAddress, ServiceReport.State)
  /// This machine cannot check members, for want of files, ports or memory; what was known of them stays.
  case checksNotMade(reason: String)
  case checksMadeAgain
  case serviceChanged(ServiceName, ServiceReport.State)
  /// New rules are in place.
  case natChanged(digest: UInt64)
  /// Rules that were in place had gone or been changed by somebody else.
  case natRepaired(digest: UInt64)
  /// The gateway does not send traffic to the members as it should.
  case natFailed(reason: String, retryIn: Duration)
  case controllerHeard(Int, session: UInt64)
  case controllerLost(Int)
  case peerHeard(RegionName)
  case peerLost(RegionName)
  /// A receiver knows a later boot, so the clock went back; the agent begins again above it.
  case bootRaised(to: UInt64)
  /// Policies that go by this region's load will go by health alone, and a drain has no end.
  case loadNotMeasured(reason: String)
  case loadMeasuredAgain
  /// Of several agents of the region: whether this one's machine holds the gateway address now.
  case roleChanged(AgentInstance.Role)
  case leaving
}
