// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Northbound
import ServiceModel

extension EventLog {
  /// A controller's first minute: it starts, programs its switch, and loses a region.
  static var story: EventLog {
    let north = RegionName(unchecked: "north")
    let south = RegionName(unchecked: "south")
    let edge = SwitchName(unchecked: "edge")
    let web = ServiceName(unchecked: "web")
    let mail = ServiceName(unchecked: "mail")
    let decisions: [(microseconds: Int64, decision: Decision)] = [
      (0, .configured(services: 2, regions: 2, switches: 1)),
      (31_000, .switchConnected(edge, version: "OpenFlow 1.5", ports: 3)),
      (33_400, .switchFound(edge, flows: 0, groups: 0)),
      (41_200, .switchProgrammed(edge, changes: 28, took: .microseconds(7_800))),
      (212_000, .agentHeard(north)),
      (240_000, .agentHeard(south)),
      (62_112_000, .pathLost(edge, north, because: "3 probes lost in a row")),
      (62_112_050, .steered(edge, web, from: [RegionShare(region: north)], to: [RegionShare(region: south)])),
      (62_112_060, .steered(edge, mail, from: [RegionShare(region: north)], to: [RegionShare(region: south)])),
      (62_112_090, .connectionsCut(edge, north)),
      (62_113_900, .switchProgrammed(edge, changes: 1, took: .microseconds(1_810))),
      (64_010_000, .agentSilent(north, .milliseconds(2_500))),
    ]
    let log = EventLog(run: FixedSurface.run)
    for (offset, decision) in decisions { log.append(decision, at: FixedSurface.run + offset) }
    return log
  }
}
