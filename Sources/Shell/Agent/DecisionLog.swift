// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentPlane
import Logging
import ServiceModel

/// One line for each decision: a constant message, the values beside it.
struct DecisionLog: Sendable {
  let logger: Logger

  func record(_ decision: AgentDecision) {
    switch decision {
    case .assignmentTaken(let revision, let services, let controller):
      self.logger.info(
        "assignment taken",
        metadata: [
          "revision": "\(hex(revision))", "services": "\(services)",
          "from": controller.map { "controller \($0)" } ?? "last run",
        ])
    case .assignmentNotFetched(let controller, let reason, let wait):
      self.logger.warning(
        "assignment not fetched",
        metadata: ["controller": "\(controller)", "reason": "\(reason)", "retry-in": "\(wait)"])
    case .memberChanged(let service, let member, let state):
      self.logger.notice(
        "member changed", metadata: ["service": "\(service)", "member": "\(member)", "state": "\(text(state))"])
    case .serviceChanged(let service, let state):
      self.logger.notice("service changed", metadata: ["service": "\(service)", "state": "\(text(state))"])
    case .checksNotMade(let reason):
      self.logger.error("members cannot be checked from this machine", metadata: ["reason": "\(reason)"])
    case .checksMadeAgain: self.logger.notice("members are checked again")
    case .natChanged(let digest):
      self.logger.info("nat rules in place", metadata: ["digest": "\(hex(digest))"])
    case .natRepaired(let digest):
      self.logger.error("nat rules had gone; in place again", metadata: ["digest": "\(hex(digest))"])
    case .natFailed(let reason, let wait):
      self.logger.error("nat rules not in place", metadata: ["reason": "\(reason)", "retry-in": "\(wait)"])
    case .controllerHeard(let controller, let session):
      self.logger.info("controller heard", metadata: ["controller": "\(controller)", "session": "\(hex(session))"])
    case .controllerLost(let controller):
      self.logger.warning("controller silent", metadata: ["controller": "\(controller)"])
    case .peerHeard(let region):
      self.logger.info("peer heard", metadata: ["region": "\(region)"])
    case .peerLost(let region):
      self.logger.warning("peer silent", metadata: ["region": "\(region)"])
    case .bootRaised(let boot):
      self.logger.warning("clock went back; boot raised", metadata: ["boot": "\(boot)"])
    case .loadNotMeasured(let reason):
      self.logger.warning("load cannot be measured", metadata: ["reason": "\(reason)"])
    case .loadMeasuredAgain: self.logger.notice("load is measured again")
    case .roleChanged(.active): self.logger.notice("this machine holds the gateway address")
    case .roleChanged(.standby): self.logger.notice("this machine does not hold the gateway address, and waits")
    case .leaving:
      self.logger.info("leaving")
    }
  }
}

private func hex(_ value: UInt64) -> String { String(value, radix: 16) }

private func text(_ state: ServiceReport.State) -> String {
  switch state {
  case .unknown: "unknown"
  case .up: "up"
  case .down(let failure): "down (\(failure))"
  }
}
