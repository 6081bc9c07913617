// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Console
import Testing

/// What the reference's examples do not show.
@Suite struct TextTests {
  @Test(arguments: [
    (0, "0.0 ms"), (0.000_412, "0.4 ms"), (0.009_999, "9.9 ms"), (0.318, "318 ms"), (1, "1.0 s"), (2.55, "2.5 s"),
    (119.99, "119.9 s"), (120, "2 min"), (7_199, "119 min"), (7_200, "2 h"), (-1, "0.0 ms"), (1e300, "277777777 h"),
    (.infinity, "277777777 h"),
  ])
  func durations(seconds: Double, text: String) {
    #expect(inWords(seconds: seconds) == text)
  }

  @Test func noServiceIsSaid() {
    let none = StatusResource.Count([])
    let status = StatusResource(
      overall: .healthy, version: "1", counts: .init(services: none, regions: none, switches: none), alarms: [],
      services: [], regions: [], switches: [])
    #expect(status.text(.plain) == "no service is configured\n")
    #expect(ServiceListResource(services: []).text(.plain) == "no service is configured\n")
  }

  @Test func longListsOfAlarmsAreCut() {
    let none = StatusResource.Count([])
    let alarm = Alarm(severity: .warning, kind: "k", message: "m", href: "/")
    let status = StatusResource(
      overall: .degraded, version: "1",
      counts: .init(services: StatusResource.Count([.degraded]), regions: none, switches: none),
      alarms: Array(repeating: alarm, count: 23), services: [], regions: [], switches: [])
    #expect(
      status.text(.plain)
        == "degraded: 1 of 1 service is served\n\n" + String(repeating: "  warning  m\n", count: 20)
        + "  and 3 more (--output json has them all)\n")
  }

  @Test func aFutureReasonIsShownAsItIs() throws {
    let json = """
      {"name": "web", "health": "degraded", "servedBy": [], "virtualIP": {"address": "203.0.113.1", "mac": "x"},
       "listeners": [], "policy": "p", "persistence": "connection", "failback": "f", "detection": "d", "switches": [], "links": {}, "new": 1,
       "regions": [{"name": "a", "state": "out", "reason": "expired", "active": false, "unreachableFrom": [],
                    "members": []}]}
      """
    let service = try JSON.decode(ServiceResource.self, from: Array(json.utf8))
    #expect(service.text(.plain).contains("a       out: expired\n"))
  }

  @Test func theSwitchsOwnPortIsNoWayToAnywhere() {
    let item = SwitchResource(
      name: "edge", datapath: "00:00:00:00:00:00:00:01", health: .healthy, state: .programmed, version: "OpenFlow 1.5",
      description: nil, placement: "hash",
      ports: [.init(number: 0xffff_fffe, name: "br0", up: false), .init(number: 2, name: "r1", up: true)], flows: 1,
      groups: 0, services: [], connection: nil, refusal: "OFPFMFC_TABLE_FULL", links: [:])
    #expect(SwitchListResource(switches: [item]).text(.plain).contains("1 of 1"))
    #expect(item.text(.plain).contains("LOCAL  br0   down"))
    #expect(item.text(.plain).contains("refused     OFPFMFC_TABLE_FULL"))
    #expect(item.text(.plain).contains("placement   hash"))
  }

  @Test func gapsAreSaid() {
    #expect(GapResource(reason: .forgotten, missed: 3).text(.plain) == "-- 3 events are not known any more --\n")
    #expect(GapResource(reason: .restarted, missed: nil).text(.plain).contains("the controller restarted"))
  }
}
