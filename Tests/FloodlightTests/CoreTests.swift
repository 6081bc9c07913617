// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Floodlight
import NIOHTTP1
import StaticEntries
import Testing

/// What scripts ask of Floodlight beside entries.
@Suite(.timeLimit(.minutes(1))) struct CoreTests {
  private static let answers: [(path: String, body: String)] = [
    (
      "controller/switches",
      #"[{"inetAddress":"/127.0.0.1:45192","connectedSince":1795337796669,"openFlowVersion":"OF_13","switchDPID":"00:00:00:00:00:00:00:b1"}]"#
    ),
    (
      "controller/summary",
      ##"{"# Switches":1,"# inter-switch links":0,"# quarantine ports":0,"# hosts":0}"##
    ),
    ("health", #"{"healthy":true}"#), ("memory", #"{"total":2000,"free":500}"#),
    ("system/uptime", #"{"systemUptimeMsec":36138}"#), ("version", #"{"name":"isthmus","version":"0.1.0"}"#),
    (
      "role",
      #"{"role_change_description":"Controller startup.","role":"ACTIVE","role_change_date_time":"Sun Nov 22 08:56:04 UTC 2026"}"#
    ),
    ("switch/all/role", #"{"00:00:00:00:00:00:00:b1":"MASTER"}"#),
    ("switch/00:00:00:00:00:00:00:b1/role", #"{"00:00:00:00:00:00:00:b1":"MASTER"}"#),
    (
      "switch/00:00:00:00:00:00:00:b1/aggregate",
      #"{"aggregate":{"version":"OF_13","flow_count":"2","packet_count":"0","byte_count":"0","flags":[]}}"#
    ),
    (
      "switch/all/desc",
      #"{"00:00:00:00:00:00:00:b1":{"desc":{"version":"OF_13","manufacturer_description":"Nicira, Inc.","hardware_description":"Open vSwitch","software_description":"3.1.0","serial_number":"None","datapath_description":"None"}}}"#
    ),
    (
      "switch/00:00:00:00:00:00:00:b1/table",
      #"{"version":"OF_13","table":[{"table_id":"0x0","active_count":"2","lookup_count":"7288","match_count":"7217"}]}"#
    ),
    (
      "switch/00:00:00:00:00:00:00:b1/flow",
      #"{"flows":[{"version":"OF_13","cookie":"0","table_id":"0x0","packet_count":"0","byte_count":"0","duration_sec":"2","duration_nsec":"822000000","priority":"0","idle_timeout_s":"0","hard_timeout_s":"0","flags":["SEND_FLOW_REM"],"match":{},"instructions":{"instruction_apply_actions":{"actions":"output=controller"}}}]}"#
    ),
    (
      "switch/00:00:00:00:00:00:00:b1/features",
      #"{"capabilities":"[FLOW_STATS, TABLE_STATS, PORT_STATS, QUEUE_STATS, GROUP_STATS]","dpid":"00:00:00:00:00:00:00:b1","buffers":"0","tables":"254","version":"OF_13"}"#
    ),
    ("switch/00:00:00:00:00:00:00:b1/group", #"{"version":"OF_13","group":[]}"#),
    ("switch/00:00:00:00:00:00:00:b1/group-desc", #"{"version":"OF_13","group_desc":[]}"#),
    ("switch/00:00:00:00:00:00:00:b1/queue", "{}"),
  ]

  @Test(arguments: answers.indices) func `it answers as Floodlight does`(index: Int) async throws {
    let (path, body) = Self.answers[index]
    try await Desk.with { (desk) async throws -> Void in
      let answer = try await desk.get("/wm/core/\(path)/json")
      #expect(answer.body == body)
      #expect(answer.status == 200)
      #expect(answer.headers["Access-Control-Allow-Origin"] == "*")
    }
  }

  @Test func `what nobody knows is told in Floodlight's way`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      for path in ["00:00:00:00:00:00:00:ff/flow", "zz/flow", "00:00:00:00:00:00:00:b1/nosuch"] {
        let answer = try await desk.get("/wm/core/switch/\(path)/json")
        #expect(answer.status == 200)
        #expect(answer.body.hasPrefix(#"{"   ":"An error has occurred while proccesing your request,","#))
      }
      let missing = try await desk.get("/wm/nothing")
      #expect(missing.status == 404)
      #expect(
        missing.body
          == #"{"code":404,"description":"The server has not found anything matching the request URI","reasonPhrase":"Not Found","throwable":null,"uri":"http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.5","globalError":false,"redirection":false,"recoverableError":false,"error":true,"success":false,"informational":false,"serverError":false,"connectorError":false,"clientError":true}"#
      )
      #expect(try await desk.get("/wm/staticentrypusher/json").status == 405)
      #expect(try await desk.get("/wm/topology/links/json").body == "[]")
      #expect(try await desk.get("/wm/device/").body == #"{"devices":[]}"#)
    }
  }

  @Test func `with a token nobody else does anything`() async throws {
    try await Desk.with(token: "0123456789abcdef") { (desk) async throws -> Void in
      let request: [Desk.Request] = [(.GET, "/wm/core/health/json", "")]
      let entry: [Desk.Request] = [
        (.POST, "/wm/staticentrypusher/json", #"{"switch":"b1","name":"a"}"#)
      ]
      let wrong: [(String, String)] = [("Authorization", "Bearer 0123456789abcdeX")]
      let right: [(String, String)] = [("Authorization", "Bearer 0123456789abcdef")]
      for (headers, status) in [([], 401), (wrong, 401), (right, 200)] as [([(String, String)], UInt)] {
        let answers = [
          try await desk.send(request, headers: headers)[0], try await desk.send(entry, headers: headers)[0],
        ]
        #expect(answers.map(\.status) == [status, status])
      }
      #expect(desk.surface.book.count == 1)
    }
  }

  @Test func `a page in a browser changes nothing without the token`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      let page = [("Origin", "http://192.0.2.1")]
      let entry: [Desk.Request] = [
        (.POST, "/wm/staticentrypusher/json", #"{"switch":"b1","name":"a"}"#)
      ]
      let refused = try await desk.send(entry, headers: page)[0]
      #expect(refused.status == 403)
      let cleared = try await desk.send([(.GET, "/wm/staticentrypusher/clear/all/json", "")], headers: page)[0]
      #expect(cleared.status == 403)
      let asked = try await desk.send([(.GET, "/wm/core/health/json", "")], headers: page)[0]
      #expect(asked.status == 200)
    }
  }
}
