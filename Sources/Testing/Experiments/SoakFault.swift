// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit
import ServiceModel

/// What goes wrong in a soak.
package enum SoakFault: String, Sendable, CaseIterable {
  case memberStopped = "member-stopped"
  case memberHangs = "member-hangs"
  /// All of a region is silent, and its link stays up.
  case regionDark = "region-dark"
  case linkDown = "link-down"
  case agentKilled = "agent-killed"
  /// It says that it leaves, as for an upgrade.
  case agentLeaves = "agent-leaves"
  case leaderKilled = "leader-killed"
  case leaderLeaves = "leader-leaves"
  case leaderHangs = "leader-hangs"
  case followerKilled = "follower-killed"
  case etcdKilled = "etcd-killed"
  case leaderKilledWithRegion = "leader-killed-with-region"

  /// The controller that is never ended.
  private static let spared = 3

  static func draw(_ random: inout RandomSource, leader: Int, controllers: Int) -> SoakFault {
    let possible = Self.allCases.filter { !$0.endsLeader || leader != Self.spared }
    return possible[Int(random.next(below: UInt64(possible.count)))]
  }

  /// Of the last region no agent is ended.
  var endsAgent: Bool {
    switch self {
    case .agentKilled, .agentLeaves, .regionDark, .leaderKilledWithRegion: true
    default: false
    }
  }

  var isOfRegion: Bool {
    switch self {
    case .leaderKilled, .leaderLeaves, .leaderHangs, .followerKilled, .etcdKilled: false
    default: true
    }
  }

  private var endsLeader: Bool {
    switch self {
    case .leaderKilled, .leaderLeaves, .leaderKilledWithRegion: true
    default: false
    }
  }

  /// The longest time without answers; zero: nothing may be lost.
  ///
  /// - Parameter isServing: the region carries the service.
  func bound(_ options: LabOptions, isServing: Bool) -> Duration {
    let check = options.service.check
    let detection = options.detection.bound
    guard isServing else { return .zero }
    return switch self {
    case .memberStopped: check.interval * check.fall + FailoverScenario.allowance
    case .memberHangs: check.interval * check.fall + check.timeout + FailoverScenario.allowance
    case .regionDark: detection + FailoverScenario.allowance
    case .linkDown: FailoverScenario.allowance
    case .leaderKilledWithRegion: max(Takeover.lease + Takeover.grace, detection) + .milliseconds(200)
    case .agentKilled, .agentLeaves, .leaderKilled, .leaderLeaves, .leaderHangs, .followerKilled, .etcdKilled: .zero
    }
  }

  /// - Returns: the moment just before.
  func begin(in lab: Lab, region: Int, leader: Int) async throws -> Instant {
    switch self {
    case .memberStopped: return try await lab.stopMember(region)
    case .memberHangs: return try await lab.hangMember(region)
    case .regionDark: return try await lab.goDark(region)
    case .linkDown: return try await lab.cutLink(region)
    case .agentKilled: return try await lab.killAgent(region)
    case .agentLeaves: return try await lab.killAgent(region, .terminate)
    case .leaderKilled: return try await lab.killController(leader)
    case .leaderLeaves: return try await lab.killController(leader, .terminate)
    case .leaderHangs: return await lab.signalController(leader, .stop)
    case .followerKilled: return try await lab.killController(Self.follower(of: leader))
    case .etcdKilled:
      let moment = MonotonicClock.now()
      try await lab.killEtcd()
      return moment
    case .leaderKilledWithRegion:
      let moment = try await lab.goDark(region)
      try await lab.killController(leader)
      return moment
    }
  }

  func end(in lab: Lab, region: Int, leader: Int) async throws {
    switch self {
    case .memberStopped: try await lab.startMember(region)
    case .memberHangs: try await lab.resumeMember(region)
    case .regionDark: try await lab.goLight(region)
    case .linkDown: try await lab.restoreLink(region)
    case .agentKilled, .agentLeaves: try await lab.startAgent(region)
    case .leaderKilled, .leaderLeaves: try await lab.startController(leader)
    case .leaderHangs: await lab.signalController(leader, .continue)
    case .followerKilled: try await lab.startController(Self.follower(of: leader))
    case .etcdKilled: try await lab.startEtcd()
    case .leaderKilledWithRegion:
      try await lab.goLight(region)
      try await lab.startController(leader)
    }
  }

  /// One that may be ended.
  private static func follower(of leader: Int) -> Int { leader == 1 ? 2 : 1 }
}
