// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import ControlPlane
import FailureDetection
import ServiceModel

extension StatusView {
  /// What is wrong now, worst first, and then services before regions before switches.
  var alarms: [Alarm] {
    let mass = self.massFailure.map {
      Alarm(
        severity: .alarm, kind: "mass-failure",
        message: "more services failed at once than can be true: \($0.held) times a service is held in a region where "
          + "its members fail; 'isthmus service release' lets them move", href: Path.massFailure)
    }
    let store = self.storeProblem.map {
      Alarm(
        severity: .warning, kind: "store-unavailable",
        message: "nothing can be configured or drained, failover goes on: \($0)", href: Path.configuration)
    }
    let all =
      [mass, store].compactMap { $0 } + self.services.flatMap { self.alarms(of: $0) }
      + self.regions.flatMap { self.alarms(of: $0) }
      + self.switches.flatMap { self.alarms(of: $0) }
    return all.filter { $0.severity == .alarm } + all.filter { $0.severity == .warning }
  }

  private func alarms(of service: ServiceStatus) -> [Alarm] {
    let href = Path.service(service.name.text)
    var alarms: [Alarm] = []
    if service.switches.isEmpty {
      alarms.append(
        Alarm(severity: .alarm, kind: "service-unserved", message: "no switch serves \(service.name)", href: href))
    }
    for place in service.switches where !place.isServing {
      let message: String
      if self.switches.contains(where: { $0.name == place.name && $0.state == .disconnected }) {
        message = "nobody is known to serve \(service.name) on switch \(place.name), which is not connected"
      } else if !place.shares.isEmpty {
        message =
          "every region of \(service.name) is out; switch \(place.name) still sends its traffic to "
          + place.shares.text
      } else {
        message = "nobody serves \(service.name) on switch \(place.name)"
      }
      alarms.append(Alarm(severity: .alarm, kind: "service-unserved", message: message, href: href))
    }
    for region in service.regions {
      switch region.state {
      case .serving: break
      case .returning(let damped):
        alarms.append(
          Alarm(
            severity: .warning, kind: "service-returning",
            message: "\(service.name) is up again in region \(region.region), \(wait(damped))", href: href))
      case .out(let failure):
        let why = failure.map { ": \($0.inWords)" } ?? ""
        alarms.append(
          Alarm(
            severity: .warning, kind: "service-out",
            message: "\(service.name) is out in region \(region.region)\(why)", href: href))
      }
    }
    return alarms
  }

  private func alarms(of region: RegionStatus) -> [Alarm] {
    let href = Path.region(region.name.text)
    func warning(_ kind: String, _ message: String) -> Alarm {
      Alarm(severity: .warning, kind: kind, message: message, href: href)
    }
    var alarms: [Alarm] = region.paths.compactMap { path in
      switch path.state {
      case .well: nil
      case .out(let why): warning("path-out", "switch \(path.switch) has lost region \(region.name): \(why)")
      case .returning(let damped):
        warning("path-returning", "switch \(path.switch) reaches region \(region.name) again, \(wait(damped))")
      case .unknown:
        warning("path-unknown", "nothing is known of the path from switch \(path.switch) to region \(region.name)")
      }
    }
    if let capacity = region.capacity, region.isFull {
      let amount = region.load.map { capacity.measure.text(capacity.amount(in: $0.load)) } ?? "as much"
      alarms.append(
        warning(
          "region-full",
          "region \(region.name) carries \(amount) of \(capacity.measure.text(capacity.limit)): "
            + capacity.whenFull.consequence))
    }
    switch region.agent {
    case .leaving: break
    case .heard where region.isCurrent: break
    case .heard: alarms.append(warning("agent-outdated", "agent of region \(region.name) acts by an old assignment"))
    case .expected: alarms.append(warning("agent-expected", "agent of region \(region.name) has not been heard yet"))
    case .silent where region.standing == .noActive:
      let since = region.lastHeard.map { " for \(Int($0.seconds)) s" } ?? ""
      alarms.append(
        Alarm(
          severity: .alarm, kind: "active-agent-silent",
          message:
            "nobody who holds the gateway's address of region \(region.name) is heard\(since), and its standby does not "
            + "hold it: nobody who counts checks its members", href: href))
    case .silent:
      let since = region.lastHeard.map { " for \(Int($0.seconds)) s" } ?? ""
      alarms.append(
        warning("agent-silent", "no heartbeat from region \(region.name)\(since): nobody checks its members"))
    }
    switch region.standing {
    case .noStandby:
      alarms.append(
        warning("standby-missing", "region \(region.name) has no standby: nobody would take its gateway's address over")
      )
    case .split:
      let names = region.instances.filter { $0.role == .active && $0.state == .heard }.compactMap(\.name?.text)
      alarms.append(
        Alarm(
          severity: .alarm, kind: "agents-split",
          message: "\(names.joined(separator: " and ")) both hold the gateway's address of region \(region.name)",
          href: href))
    case .complete, .noActive, nil: break
    }
    return alarms
  }

  private func alarms(of switch: SwitchStatus) -> [Alarm] {
    let name = `switch`.name?.text ?? `switch`.datapath.description
    func warning(_ kind: String, _ message: String) -> [Alarm] {
      [Alarm(severity: .warning, kind: kind, message: message, href: Path.switch(name))]
    }
    if `switch`.name == nil {
      return warning("switch-unknown", "a switch that is not configured is connected: datapath \(name)")
    }
    if let refusal = `switch`.refusal {
      return [
        Alarm(
          severity: .alarm, kind: "switch-refuses", message: "switch \(name) refuses a part of its program: \(refusal)",
          href: Path.switch(name))
      ]
    }
    if let placement = `switch`.impossiblePlacement {
      return [
        Alarm(
          severity: .alarm, kind: "placement-unavailable",
          message: "switch \(name) cannot do placement \(placement.rawValue); nothing is sent to it",
          href: Path.switch(name))
      ]
    }
    if let part = `switch`.part, let doubt = part.doubt {
      return [
        Alarm(
          severity: .alarm, kind: "switch-doubted",
          message: "switch \(name) stays the active one of \(part.group): \(doubt)",
          href: Path.switch(name))
      ]
    }
    if `switch`.isMute {
      return warning("switch-mute", "switch \(name) is connected, but not heard: nothing is judged by its probes")
    }
    switch `switch`.state {
    case .disconnected:
      return warning("switch-disconnected", "switch \(name) is not connected; its tables stay as they are")
    case .following:
      return warning(
        "switch-led-by-other", "switch \(name) has a later leader than this controller, which does not write to it")
    case .reading: return warning("switch-reading", "switch \(name) has connected; its tables are being read")
    case .programming, .programmed: return []
    }
  }
}

/// Why something that is well again is not used.
private func wait(_ damped: Duration?) -> String {
  damped.map { "but has failed again and again: it stays out for \(Int($0.seconds.rounded(.up))) s more" }
    ?? "for less than rise and hold ask"
}

extension CheckFailure {
  /// For JSON; never changes its meaning.
  var code: String {
    switch self {
    case .refused: "refused"
    case .timeout: "timeout"
    case .unreachable: "unreachable"
    case .closed: "closed"
    case .status: "status"
    case .malformed: "malformed"
    }
  }

  var inWords: String {
    switch self {
    case .refused: "connection refused"
    case .timeout: "no answer in time"
    case .unreachable: "unreachable"
    case .closed: "connection closed before an answer"
    case .status: "wrong status code"
    case .malformed: "the answer is not HTTP"
    }
  }
}
