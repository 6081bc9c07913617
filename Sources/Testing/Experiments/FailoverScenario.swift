// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import LabKit
package import ServiceModel

/// One way to fail, with the promise that is made for it.
package struct FailoverScenario: Sendable {
  /// For the command line.
  package let name: String
  /// For people.
  package let title: String
  package let options: LabOptions
  /// The longest time of unavailability that detection allows; reprogramming and the network come on top.
  package let bound: Duration
  /// Breaks region 1, and tells when.
  let fail: @Sendable (Lab) async throws -> Instant
  let mend: @Sendable (Lab) async throws -> Void

  /// What reprogramming the switch and the network may take on top of the bound: T_nrp + T_nd.
  package static let allowance = Duration.milliseconds(20)

  package var promise: Duration { self.bound + Self.allowance }

  /// A lab in which a region that is well again returns soon, so that many runs take little time.
  static func quick(_ change: (inout LabOptions) -> Void = { _ in }) -> LabOptions {
    var options = LabOptions()
    options.name = "isthmus-bench"
    options.stateDirectory = LabOptions.memoryStateDirectory
    options.detection = Detection(
      heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .milliseconds(500), damping: nil)
    options.service.check.interval = .milliseconds(100)
    options.service.check.timeout = .milliseconds(100)
    change(&options)
    return options
  }
}

extension FailoverScenario {
  package static let all: [FailoverScenario] = [
    memberStoppedByHeartbeat, memberStopped, memberHangs, linkDown, linkDownAlone, regionDark,
  ]

  /// The thesis's measurement: table 5.6, T_h = 0.5 s, n = 5.
  package static let memberStoppedByHeartbeat: FailoverScenario = {
    let options = quick {
      $0.detection.heartbeatInterval = .milliseconds(500)
      $0.detection.misses = 5
      $0.service.mode = .heartbeat
    }
    return FailoverScenario(
      name: "member-stopped-heartbeat", title: "member stopped, detection: heartbeat", options: options,
      bound: options.detection.bound,
      fail: { try await $0.stopMember(1) }, mend: { try await $0.startMember(1) })
  }()

  package static let memberStopped: FailoverScenario = {
    let options = quick()
    return FailoverScenario(
      name: "member-stopped", title: "member stopped, connections refused", options: options,
      bound: options.service.check.interval * options.service.check.fall,
      fail: { try await $0.stopMember(1) }, mend: { try await $0.startMember(1) })
  }()

  package static let memberHangs: FailoverScenario = {
    let options = quick()
    return FailoverScenario(
      name: "member-hangs", title: "member hangs, connections accepted", options: options,
      bound: options.service.check.interval * options.service.check.fall + options.service.check.timeout,
      fail: { try await $0.hangMember(1) }, mend: { try await $0.resumeMember(1) })
  }()

  package static let linkDown = FailoverScenario(
    name: "link-down", title: "region's link down", options: quick(), bound: .zero,
    fail: { try await $0.cutLink(1) }, mend: { try await $0.restoreLink(1) })

  package static let linkDownAlone = FailoverScenario(
    name: "link-down-alone", title: "region's link down, controller dead", options: quick(), bound: .zero,
    fail: {
      try await $0.killController()
      return try await $0.cutLink(1)
    },
    mend: {
      try await $0.restoreLink(1)
      try await $0.startController()
    })

  /// The switch is another controller's, which is driven by its API: nobody probes, so heartbeats that are missed and
  /// what the other agents hear decide.
  package static func regionDark(through controller: ForeignController.Kind) -> FailoverScenario {
    let options = quick {
      $0.southbound = controller
      $0.detection.probe = .none
      $0.placement = .redirect
    }
    return FailoverScenario(
      name: "region-dark-\(controller.rawValue)", title: "region dark, switch driven through \(controller.title)",
      options: options, bound: options.detection.bound,
      fail: {
        try await $0.flushClientARP()
        return try await $0.goDark(1)
      },
      mend: { try await $0.goLight(1) })
  }

  package static let regionDark: FailoverScenario = {
    let options = quick()
    return FailoverScenario(
      name: "region-dark", title: "region dark, port still up", options: options, bound: options.detection.bound,
      fail: {
        try await $0.flushClientARP()
        return try await $0.goDark(1)
      },
      mend: { try await $0.goLight(1) })
  }()
}
