// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation

/// The world of tests about regions that fail and return: three of them, two services.
protocol ThreeRegions {}

extension ThreeRegions {
  var web: Service { Site.makeService(0, preference: [0, 1, 2]) }
  var mail: Service { Site.makeService(1, preference: [1, 2]) }
  var detection: Detection {
    Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))
  }

  func rehearse(_ services: [Service]? = nil) -> Rehearsal {
    var rehearsal = Rehearsal(
      Site.makeIntent(regions: 3, detection: self.detection, services: services ?? [self.web, self.mail]))
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    return rehearsal
  }

  func changes(_ lines: [String]) -> [String] { lines.filter { $0.hasPrefix("change") } }

  func report(
    _ service: Service, _ state: ServiceReport.State, in rehearsal: Rehearsal, lastGoodAge: Duration? = nil
  ) -> ServiceReport {
    ServiceReport(
      target: Numbering(rehearsal.intent).targetPort(of: service.listeners[0], in: service.name), state: state,
      lastGoodAge: lastGoodAge)
  }
}
