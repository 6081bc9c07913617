// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ServiceModel

/// Runs an agent's state through events, and writes down what it does: one line an effect, `t=MS effect`.
struct Story {
  private(set) var state: AgentState
  private(set) var lines: [String] = []
  /// The effects of the last event.
  private(set) var last: [AgentEffect] = []
  private(set) var now = Instant(nanoseconds: 1_000_000_000)
  private let beginning = Instant(nanoseconds: 1_000_000_000)
  /// Checks that were started and not finished, oldest first.
  private(set) var running: [CheckRequest] = []

  /// Of all heartbeats that were sent.
  private(set) var sequences: [UInt64] = []

  init(name: InstanceName? = nil, controllers: Int = 1, seed: UInt64 = 1) {
    self.state = AgentState(region: Story.east, name: name, controllers: controllers, seed: seed)
  }

  static let east = RegionName(unchecked: "east")
  static let west = RegionName(unchecked: "west")

  mutating func step(_ event: AgentEvent) {
    self.last = self.state.step(event, at: self.now)
    for effect in self.last {
      if case .startCheck(let request) = effect { self.running.append(request) }
      if case .sendHeartbeat(let heartbeat) = effect { self.sequences.append(heartbeat.sequence) }
      if case .tellPeers(let heartbeat) = effect {
        self.told.append((self.milliseconds, heartbeat))
        continue
      }
      // The load has stories of its own; here nobody answers, so it is asked for once.
      if case .measureLoad(let request) = effect {
        self.loadRequests.append(request)
        continue
      }
      self.lines.append("t=\(self.milliseconds) \(describe(effect))")
    }
  }

  /// The heartbeats that an event brings about at once or nearly so.
  mutating func announcements(of event: AgentEvent) -> [Heartbeat] {
    self.step(event)
    var heartbeats = self.heartbeats
    let end = self.now + AgentLimits.heartbeatGap
    while let deadline = self.state.nextDeadline, deadline <= end {
      self.now = max(self.now, deadline)
      self.step(.deadlineReached)
      heartbeats += self.heartbeats
    }
    return heartbeats
  }

  /// Lets time pass, answering deadlines, until `milliseconds` after the beginning.
  mutating func run(until milliseconds: Int64) {
    let end = self.beginning + .milliseconds(milliseconds)
    while let deadline = self.state.nextDeadline, deadline <= end {
      self.now = max(self.now, deadline)
      self.step(.deadlineReached)
    }
    self.now = max(self.now, end)
  }

  /// Nothing happens for that long, not even deadlines: the process did not run.
  mutating func jump(by milliseconds: Int64) {
    self.now = self.now + .milliseconds(milliseconds)
    self.step(.deadlineReached)
  }

  /// The oldest check that runs ends with that outcome.
  mutating func finish(_ outcome: ProbeOutcome) {
    guard !self.running.isEmpty else { return }
    self.step(.checkFinished(self.running.removeFirst().id, outcome))
  }

  /// Lets time pass; every check ends at once with what `outcome` says of its endpoint.
  mutating func run(until milliseconds: Int64, _ outcome: (SocketEndpoint) -> ProbeOutcome) {
    let end = self.beginning + .milliseconds(milliseconds)
    self.finishAll(outcome)
    while let deadline = self.state.nextDeadline, deadline <= end {
      self.now = max(self.now, deadline)
      self.step(.deadlineReached)
      self.finishAll(outcome)
    }
    self.now = max(self.now, end)
  }

  private mutating func finishAll(_ outcome: (SocketEndpoint) -> ProbeOutcome) {
    while let request = self.running.first { self.finish(outcome(request.endpoint)) }
  }

  /// The lines so far, and a clean page.
  mutating func read() -> String {
    defer { self.lines = [] }
    return self.lines.joined(separator: "\n")
  }

  /// In milliseconds since the beginning, rounded up.
  var nextDeadline: Int64? {
    self.state.nextDeadline.map { (max($0, self.now) - self.beginning).nanoseconds }.map { ($0 + 999_999) / 1_000_000 }
  }

  var milliseconds: Int64 { (self.now - self.beginning).nanoseconds / 1_000_000 }

  /// What peers were told since the beginning, and when.
  private(set) var told: [(milliseconds: Int64, heartbeat: Heartbeat)] = []

  /// Those since the beginning.
  private(set) var loadRequests: [LoadRequest] = []

  /// Those of the last event.
  var heartbeats: [Heartbeat] {
    self.last.compactMap { if case .sendHeartbeat(let heartbeat) = $0 { heartbeat } else { nil } }
  }

  var plans: [NATPlan] {
    self.last.compactMap { if case .applyNAT(let plan) = $0 { plan } else { nil } }
  }
}

func describe(_ effect: AgentEffect) -> String {
  switch effect {
  case .startCheck(let request): "check \(request.endpoint)"
  case .sendHeartbeat(let heartbeat): describe(heartbeat)
  case .tellPeers(let heartbeat): "to peers \(describe(heartbeat))"
  case .fetchAssignment(let controller): "fetch from \(controller)"
  case .applyNAT(let plan):
    "nat "
      + plan.forwards.map { "\($0.target.port)→\($0.members.map(\.description).joined(separator: ","))" }
      .joined(separator: " ")
  case .measureLoad(let request): "measure \(request.targets.count) targets"
  case .listen(let peers): "listen \(peers.map(\.region.text).joined(separator: ","))"
  case .store: "store"
  case .record(let decision): describe(decision)
  }
}

func describe(_ decision: AgentDecision) -> String {
  switch decision {
  case .memberChanged(let service, let member, let state): "member \(service) \(member) \(describe(state))"
  case .serviceChanged(let service, let state): "service \(service) \(describe(state))"
  case .natChanged: "nat changed"
  case .natRepaired: "nat repaired"
  case .natFailed(let reason, let wait): "nat failed: \(reason), again in \(wait.nanoseconds / 1_000_000_000) s"
  case .assignmentTaken(let revision, _, let controller):
    "taken rev=\(revision) from \(controller.map { "controller \($0)" } ?? "last run")"
  case .assignmentNotFetched(let controller, let reason, let wait):
    "not fetched from \(controller): \(reason), again in \(wait.nanoseconds / 1_000_000_000) s"
  default: "\(decision)"
  }
}

func describe(_ heartbeat: Heartbeat) -> String {
  var words = ["heartbeat", "\(heartbeat.boot).\(heartbeat.sequence)", "rev=\(heartbeat.assignment)"]
  if heartbeat.leaving { words.append("leaving") }
  words += heartbeat.services.map {
    "\($0.target):\(describe($0.state))\($0.lastGoodAge.map { "(\(Int($0.milliseconds)))" } ?? "")"
  }
  if !heartbeat.sessions.isEmpty {
    words.append("sessions=\(heartbeat.sessions.map { "\($0)" }.joined(separator: ","))")
  }
  words += heartbeat.peers.map { "\($0.region)#\($0.sequence)(\(Int($0.age.milliseconds)))" }
  return words.joined(separator: " ")
}

func describe(_ state: ServiceReport.State) -> String {
  switch state {
  case .unknown: "unknown"
  case .up: "up"
  case .down(let failure): "down-\(failure)"
  }
}

extension Assignment {
  static func sample(
    members: [String] = ["10.0.0.1"], mode: Detection.Mode = .immediate, interval: Duration = .milliseconds(200),
    fall: Int = 3, rise: Int = 2, heartbeat: Duration = .milliseconds(500), services: Int = 1,
    peerInterval: Duration? = nil
  ) -> Assignment {
    Assignment(
      region: Story.east, heartbeatInterval: heartbeat, gateways: [IPAddress("192.0.2.1")!],
      services: (0..<services).map { index in
        AssignedService(
          name: ServiceName(unchecked: "web\(index)"),
          targets: [Target(transport: .tcp, port: 16384 + UInt16(index), memberPort: 80)],
          members: members.map { IPAddress($0)! },
          check: Check(interval: interval, timeout: .seconds(1), fall: fall, rise: rise), mode: mode,
          clientAddress: .automatic)
      },
      peers: [
        AssignedPeer(
          region: Story.west, endpoint: SocketEndpoint("198.51.100.2:7946")!, key: [UInt8](repeating: 1, count: 32))
      ], peerInterval: peerInterval)
  }
}
