// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import Floodlight
import NIOHTTP1
import OpenFlow
import StaticEntries
import Testing

/// Answers as they were observed on a running Floodlight (1.2 and later), byte for byte where that matters to scripts.
@Suite(.timeLimit(.minutes(1))) struct StaticEntryPusherTests {
  private let dpid = "00:00:00:00:00:00:00:b1"
  private let text = "application/json; charset=UTF-8"

  private var listing: String {
    #"{"switch":"\#(dpid)","name":"f1","priority":"32768","in_port":"1","active":"true","eth_type":"0x0800","#
      + #""ipv4_dst":"10.77.0.99","actions":"set_field=eth_dst->fa:16:3e:d8:26:42,"#
      + #"set_field=ipv4_dst->172.20.126.110,output=7"}"#
  }

  @Test(arguments: ["staticentrypusher", "staticflowpusher", "staticflowentrypusher"])
  func `an entry is pushed, listed and cleared under each of the three names`(base: String) async throws {
    try await Desk.with { (desk) async throws -> Void in
      let pushed = try await desk.post(self.listing, to: "/wm/\(base)/json")
      #expect(pushed == .init(status: 200, contentType: self.text, body: #"{"status" : "Entry pushed"}"#))
      let list = try await desk.get("/wm/\(base)/list/\(self.dpid)/json")
      #expect(
        list.body
          == #"{"00:00:00:00:00:00:00:b1":[{"f1":{"version":"OF_13","command":"ADD","cookie":"45035996376614562","#
          + #""priority":"32768","idleTimeoutSec":"0","hardTimeoutSec":"0","outPort":"any","flags":"1","#
          + #""cookieMask":"0","outGroup":"any","match":{"in_port":"1","eth_type":"0x800","ipv4_dst":"10.77.0.99"},"#
          + #""instructions":{"instruction_apply_actions":{"actions":"set_field=eth_dst->fa:16:3e:d8:26:42,"#
          + #"set_field=ipv4_dst->172.20.126.110,output=7"}}}}]}"#)
      #expect(list.contentType == "application/json")
      let cleared = try await desk.get("/wm/\(base)/clear/all/json")
      #expect(
        cleared == .init(status: 200, contentType: self.text, body: #"{"status":"Deleted all flows/groups."}"#))
      #expect(try await desk.get("/wm/\(base)/list/all/json").body == "{}")
      #expect(desk.surface.warnings == [])
    }
  }

  @Test func `a second entry of the name replaces the first`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      _ = try await desk.post(self.listing)
      _ = try await desk.post(self.listing.replacing("output=7", with: "output=8"))
      let list = try await desk.get("/wm/staticentrypusher/list/all/json").body
      #expect(list.contains(#""command":"MODIFY_STRICT""#) && list.contains("output=8") && !list.contains("output=7"))
    }
  }

  @Test func `an entry without actions drops, and everything has its default`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      _ = try await desk.post(#"{"SWITCH":"\#(self.dpid.uppercased())","name":"noact","in_port":"3"}"#)
      let list = try await desk.get("/wm/staticentrypusher/list/all/json").body
      #expect(list.contains(#""match":{"in_port":"3"},"instructions":{"none":"drop"}"#))
      #expect(list.contains(#""priority":"65535""#))
    }
  }

  @Test func `a group is listed as it was pushed`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      let body =
        #"{"switch":"\#(self.dpid)","name":"g1","entry_type":"group","group_id":"1","group_type":"select","#
        + #""active":"true","group_buckets":[{"bucket_id":"1","bucket_weight":"1","bucket_watch_group":"any","#
        + #""bucket_watch_port":"any","bucket_actions":"output=2"}]}"#
      #expect(try await desk.post(body).body == #"{"status" : "Entry pushed"}"#)
      #expect(
        try await desk.get("/wm/staticentrypusher/list/all/json").body
          == #"{"00:00:00:00:00:00:00:b1":[{"g1":{"version":"OF_13","command":"ADD","group_number":"1","#
          + #""group_type":"select","version":"OF_13","xid":"0","group_buckets":[{"bucket_id":"1","#
          + #""bucket_watch_group":"any","bucket_watch_port":"any","bucket_weight":"1","bucket_actions":"output=2"}]}}]}"#
      )
    }
  }

  private static let discarded: [(entry: String, text: String)] = [
    (
      #""ipv4_dst":"10.0.0.1""#,
      "Must specify eth_type of IPv4/IPv6 to match on IPv4/IPv6 fields! The flow has been discarded."
    ),
    (
      #""ip_proto":"6""#,
      "Must specify eth_type of IPv4/IPv6 to match on IPv4/IPv6 fields! The flow has been discarded."
    ),
    (#""eth_type":"0x1234","ipv4_dst":"10.0.0.1""#, "eth_type not recognized! The flow has been discarded."),
    (#""eth_type":"0x86dd","icmpv6_type":"135""#, "Must specify ip_proto to match! The flow has been discarded."),
    (#""eth_type":"0x86dd","ip_proto":"6","icmpv6_type":"135""#, "ip_proto invalid! The flow has been discarded."),
    (
      #""eth_type":"0x86dd","ip_proto":"58","ipv6_nd_target":"fe80::1""#,
      "Must specify icmp6_type to match! The flow has been discarded."
    ),
    (
      #""eth_type":"0x86dd","ip_proto":"58","icmpv6_type":"136","ipv6_nd_sll":"02:00:00:00:00:01""#,
      "icmp6_type invalid! The flow has been discarded."
    ),
    (
      #""eth_type":"0x800","ipv4_src":"10.0.0.1","ipv6_dst":"fe80::1""#,
      "IPv4 & IPv6 fields cannot be specified in the same flow! The flow has been discarded."
    ),
  ]

  @Test(arguments: discarded.indices) func `what Floodlight discards is discarded with its words`(index: Int)
    async throws
  {
    let (entry, text) = Self.discarded[index]
    try await Desk.with { (desk) async throws -> Void in
      let answer = try await desk.post(#"{"switch":"\#(self.dpid)","name":"x",\#(entry)}"#)
      #expect(answer == .init(status: 200, contentType: self.text, body: #"{"status" : "Warning! \#(text)"}"#))
      #expect(desk.surface.book.count == 0)
    }
  }

  @Test func `a switch must be named, and have a name that can be read`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      #expect(
        try await desk.post(#"{"name":"x"}"#).body
          == #"{"status" : "Warning! Must specify switch DPID in flow. The flow has been discarded."}"#)
      #expect(
        try await desk.post(#"{"switch":"zz","name":"x"}"#).body
          == #"{"status" : "Warning! Switch DPID invalid! The flow has been discarded."}"#)
      for body in ["", "[]", "{", "null"] {
        #expect(
          try await desk.post(body).body == #"{"status" : "Error! Could not parse flow mod, see log for details."}"#)
      }
    }
  }

  /// What Floodlight takes without a word, and leaves out.
  @Test func `what is left out is told beside the status, and in the log`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      for (fields, word) in [
        (#""name":"x","nosuch":"1""#, "'nosuch' is no field"), (#""in_port":"1""#, "there is no 'name'"),
        (#""name":"y","actions":"fly=1""#, "'fly=1' is not known"),
        (#""name":"z","in_port":"9","cookie":"7""#, "'cookie' is given by the name"),
      ] {
        let answer = try await desk.post(#"{"switch":"\#(self.dpid)",\#(fields)}"#)
        #expect(answer.body.hasPrefix(#"{"status" : "Entry pushed", "detail" : ""#), "\(answer.body)")
        #expect(answer.body.contains(word), "\(answer.body)")
        #expect(desk.surface.warnings.last?.contains(word) == true)
      }
      #expect(desk.surface.book["x"] == nil && desk.surface.book["y"] != nil)
      let unknown = try await desk.post(#"{"switch":"00:00:00:00:00:00:00:ff","name":"u","in_port":"1"}"#)
      #expect(unknown.body.contains("no switch 00:00:00:00:00:00:00:ff is configured"))
    }
  }

  /// What Floodlight gets wrong.
  @Test func `blanks lose no action, inactive entries are not sent, and words for protocols are numbers`() async throws
  {
    try await Desk.with { (desk) async throws -> Void in
      _ = try await desk.post(
        #"{"switch":"\#(self.dpid)","name":"a","active":"false","eth_type":"2048","ip_proto":"tcp","tp_dst":"80","#
          + #""actions":"output=2,\n                   output=3"}"#)
      let entry = try #require(desk.surface.book["a"])
      #expect(!entry.isActive)
      guard case .flow(let flow) = entry.content else {
        Issue.record("no flow")
        return
      }
      #expect(flow.match == [.ethernetType(0x0800), .ipProtocol(6), .tcpDestination(80)])
      #expect(flow.instructions == [.applyActions([.output(port: 2), .output(port: 3)])])
    }
  }

  @Test func `deleting answers as Floodlight does`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      _ = try await desk.post(self.listing)
      for (body, text) in [
        (#"{"name":"f1"}"#, "Entry f1 deleted"), (#"{"name":"f1"}"#, "Entry f1 deleted"),
        (#"{"Name":"f1"}"#, "Error deleting entry, no name provided"), ("", "Error! No data posted."),
        ("{", "Error deleting entry, see log for details"),
      ] {
        let answer = try await desk.send([(.DELETE, "/wm/staticflowpusher/json", body)])[0]
        #expect(answer == .init(status: 200, contentType: self.text, body: #"{"status" : "\#(text)"}"#))
      }
      #expect(desk.surface.book.count == 0)
      _ = try await desk.post(self.listing, to: "/wm/staticflowpusher/json/store")
      #expect(desk.surface.book.count == 1)
      _ = try await desk.post(#"{"name":"f1"}"#, to: "/wm/staticflowpusher/json/delete")
      #expect(desk.surface.book.count == 0)
    }
  }

  @Test func `a switch that is not there has no entries, and a wrong one is an error`() async throws {
    try await Desk.with { (desk) async throws -> Void in
      let unknown = try await desk.get("/wm/staticentrypusher/list/00:00:00:00:00:00:00:ff/json")
      #expect(unknown.body == #"{"00:00:00:00:00:00:00:ff":[]}"#)
      let wrong = try await desk.get("/wm/staticentrypusher/list/zz/json")
      #expect(wrong.status == 400)
      #expect(
        wrong.body.contains(
          #""description":"Invalid switch DPID string. Must be a 64-bit value in the form 00:11:22:33:44:55:66:77.""#))
      let cleared = try await desk.get("/wm/staticentrypusher/clear/\(self.dpid)/json")
      #expect(cleared.body == #"{"status":"Deleted all flows/groups for switch 00:00:00:00:00:00:00:b1."}"#)
      let wrongClear = try await desk.get("/wm/staticentrypusher/clear/zz/json")
      #expect(wrongClear.status == 400)
      #expect(
        wrongClear.body == #"'{"status":"Could not delete flows/groups requested! See controller log for details."}'"#)
    }
  }

  @Test func `what was not kept or not taken is told`() async throws {
    for outcome in [EntryOutcome.notLeading, .notKept("etcd is away")] {
      try await Desk.with(BookSurface(outcome: outcome)) { (desk) async throws -> Void in
        let answer = try await desk.post(self.listing)
        #expect(answer.body.hasPrefix(#"{"status" : "Entry pushed", "detail" : "it was not taken: "#))
      }
    }
  }

  @Test func `what is too large waits for its turn, and ends the connection`() async throws {
    try await Desk.with(BookSurface(isSlow: true)) { (desk) async throws -> Void in
      let answers = try await desk.send([
        (.POST, "/wm/staticentrypusher/json", #"{"switch":"\#(self.dpid)","name":"e1","in_port":"1"}"#),
        (.GET, "/wm/core/health/json", ""),
        (.POST, "/wm/staticentrypusher/json", String(repeating: " ", count: 1 << 20) + "{}"),
      ])
      #expect(answers.map(\.status) == [200, 200, 413])
    }
  }

  @Test func `requests sent without waiting are answered in their order`() async throws {
    try await Desk.with(BookSurface(isSlow: true)) { (desk) async throws -> Void in
      var requests = (0..<600).map { number in
        (
          method: HTTPMethod.POST, path: "/wm/staticentrypusher/json",
          body:
            #"{"switch":"\#(self.dpid)","name":"e\#(number)","in_port":"\#(number + 1)"\#(number % 7 == 0 ? #","x":"1""# : "")}"#
        )
      }
      requests.append((.GET, "/wm/core/health/json", ""))
      requests.append((.DELETE, "/wm/staticentrypusher/json", #"{"name":"e1"}"#))
      let answers = try await desk.send(requests)
      #expect(answers.count == 602)
      for (number, answer) in answers.prefix(600).enumerated() {
        #expect(answer.body.contains("detail") == (number % 7 == 0), "\(number): \(answer.body)")
      }
      #expect(answers[600].body == #"{"healthy":true}"#)
      #expect(answers[601].body == #"{"status" : "Entry e1 deleted"}"#)
      #expect(desk.surface.book.count == 600 - 86 - 1)
    }
  }
}
