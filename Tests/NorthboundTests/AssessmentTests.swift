// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import Northbound
import ServiceModel
import Testing

/// What `/v1/status` makes of what the controller knows.
@Suite struct AssessmentTests {
  @Test func aHealthySystemHasNoAlarm() {
    let status = StatusResource(StatusView.healthy)
    #expect(status.overall == .healthy)
    #expect(status.alarms == [])
    #expect(status.counts.services == .init([.healthy, .healthy]))
    #expect(
      status.services.map(\.summary) == [
        "203.0.113.10:80,443 served by north", "198.51.100.11:25 served by north",
      ])
  }

  @Test func aDarkRegionDegradesWhatItCouldServe() {
    let status = StatusResource(StatusView.regionDark)
    #expect(status.overall == .degraded)
    #expect(status.services.map(\.health) == [.degraded, .degraded])
    #expect(status.regions.map(\.health) == [.unavailable, .healthy])
    #expect(status.switches.map(\.health) == [.healthy])
    #expect(status.alarms.map(\.kind) == ["path-out", "agent-silent"])
  }

  @Test func aHeldServiceIsUnavailable() {
    let status = StatusResource(StatusView.serviceOut)
    #expect(status.overall == .unavailable)
    #expect(status.services.map(\.health) == [.unavailable, .degraded])
    #expect(status.alarms.map(\.kind) == ["service-unserved", "service-out", "service-out", "service-returning"])
    #expect(status.alarms.map(\.severity) == [.alarm, .warning, .warning, .warning])
  }

  @Test func whatHasNotBeenSeenIsNotCalledHealthy() {
    let status = StatusResource(StatusView.justStarted)
    #expect(status.overall == .unavailable)
    #expect(status.regions.map(\.health) == [.degraded, .degraded])
    #expect(status.switches.map(\.health) == [.unavailable, .degraded])
  }

  @Test func anAnnouncedRestartIsNoAlarm() {
    var view = StatusView.healthy
    view.regions[0].agent = .leaving
    view.regions[0].isCurrent = false
    #expect(StatusResource(view).overall == .healthy)
  }

  /// In every combination of states: no alarm without degradation, no degradation without an alarm.
  @Test func overallIsHealthyExactlyWithoutAlarms() {
    for view in Self.combinations {
      let status = StatusResource(view)
      #expect((status.overall == .healthy) == status.alarms.isEmpty, "\(view)")
      #expect((status.overall == .unavailable) == (status.counts.services.unavailable > 0), "\(view)")
      let worst = (status.services + status.regions + status.switches).map(\.health).max()
      #expect((worst == .healthy) == (status.overall == .healthy), "\(view)")
    }
  }

  private static var combinations: [StatusView] {
    let services: [ServiceStatus.InRegion.State] = [.serving, .out(nil), .out(.status), .returning(dampedFor: nil)]
    let paths: [RegionStatus.Path.State] = [.well, .out("silence"), .returning(dampedFor: nil), .unknown]
    let agents: [RegionStatus.Agent] = [.expected, .heard, .leaving, .silent]
    let switches: [SwitchStatus.State] = [.disconnected, .reading, .programming, .programmed]
    let places: [(active: Bool, held: Bool)] = [(true, false), (true, true), (false, false), (false, true)]
    var views: [StatusView] = []
    for service in services {
      for path in paths {
        for agent in agents {
          for state in switches {
            for place in places {
              var view = StatusView.healthy
              view.services[0].regions[0].state = service
              view.services[0].switches[0].isHeld = place.held
              if !place.active { view.services[0].switches[0].shares = [] }
              view.regions[0].paths[0].state = path
              view.regions[0].agent = agent
              view.switches[0].state = state
              views.append(view)
            }
          }
        }
      }
    }
    return views
  }
}
