// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Operators' entries on a real switch: through Floodlight's API as its scripts use it, and through our own.
  @Suite struct FlowTests {
    private func options(_ name: String, controllers: Int = 1) -> LabOptions {
      var options = LabOptions()
      options.name = "isthmus-\(name)"
      options.controllers = controllers
      options.detection.hold = .milliseconds(500)
      return options
    }

    private static let dpid = "00:00:00:00:00:00:00:01"

    private func curl(_ lab: Lab, _ path: String, _ words: [String] = [], controller: Int = 1) async throws -> String {
      let url = "http://127.0.0.1:\(LabLayout.floodlightPort(of: controller))/wm\(path)"
      return try await lab.exec(in: .switch, ["curl", "--silent", "--max-time", "10"] + words + [url]).requireSuccess()
    }

    private func push(_ lab: Lab, _ fields: String, controller: Int = 1) async throws -> String {
      try await self.curl(
        lab, "/staticentrypusher/json", ["--data", #"{"switch":"\#(Self.dpid)",\#(fields)}"#], controller: controller)
    }

    /// The entries that the switch has, as `ovs-ofctl` prints them.
    private func held(_ lab: Lab) async throws -> [String] {
      try await lab.ofctl(
        "--no-stats", "dump-flows", LabLayout.bridge, "cookie=0x4953534500000000/0xffffffff00000000",
        version: "OpenFlow15"
      ).split(separator: "\n").map { line in
        line.drop { $0 == " " }.split(separator: " ").dropFirst().joined(separator: " ")
      }.sorted()
    }

    private func isthmus(_ lab: Lab, _ words: [String], input: String = "") async throws -> CommandOutput {
      let isthmus = try #require(ExecutablePath.ofProduct("isthmus", override: nil))
      let urls = lab.layout.controllers.map { "http://\(LabLayout.api(of: $0))" }.joined(separator: ",")
      return try await lab.exec(in: .switch, [isthmus, "flow"] + words + ["--api", urls], input: input)
    }

    @Test func `entries survive their switch's and the controller's end, and clear leaves services alone`() async throws
    {
      try await Lab.with(self.options("entries")) { lab in
        try await lab.waitUntilServing(by: 1)
        let services = try await lab.ofctl("--no-stats", "dump-flows", LabLayout.bridge, version: "OpenFlow15")
        let fields =
          #""name":"f1","priority":"32768","in_port":"1","active":"true","eth_type":"0x0800","ipv4_dst":"10.77.0.99","#
          + #""actions":"set_field=eth_dst->fa:16:3e:d8:26:42,set_field=ipv4_dst->172.20.126.110,output=7""#
        #expect(try await self.push(lab, fields) == #"{"status" : "Entry pushed"}"#)
        let flow =
          "send_flow_rem priority=32768,ip,in_port=client,nw_dst=10.77.0.99 "
          + "actions=set_field:fa:16:3e:d8:26:42->eth_dst,set_field:172.20.126.110->ip_dst,output:7"
        let found = try await self.held(lab)
        #expect(found.count == 1 && found[0].contains("nw_dst=10.77.0.99"), "\(found) instead of \(flow)")
        let file =
          #"{"entries":[{"name":"g","switch":"edge","group_id":7,"type":"all","buckets":[{"actions":[{"output":{"port":2}}]}]},"#
          + #"{"name":"f2","switch":"edge","match":{"in_port":1,"eth_type":"0x88cc"},"actions":[{"group":7}]}]}"#
        #expect(try await self.isthmus(lab, ["apply", "-"], input: file).requireSuccess() == "2 in place, 0 deleted\n")
        let all = try await self.held(lab)
        #expect(all.count == 2)

        try await lab.expectNothingToChangeAfterRestart()
        #expect(try await self.held(lab) == all)
        try await lab.killSwitch(1)
        try await lab.startSwitch(1)
        try await lab.waitUntil("entries", timeout: .seconds(30)) { try await self.held(lab) == all }
        try await lab.waitUntilServing(by: 1)

        let shadow = try await self.isthmus(
          lab, ["add", "s", "--switch", "edge", "--match", "eth_type=0x0800,ipv4_dst=\(LabLayout.virtualIP)"])
        #expect(!shadow.succeeded && shadow.error.contains("packets to the virtual IP"), "\(shadow)")
        #expect(
          try await self.curl(lab, "/staticentrypusher/clear/all/json") == #"{"status":"Deleted all flows/groups."}"#)
        #expect(try await self.held(lab) == [])
        #expect(try await !lab.ofctl("dump-groups", LabLayout.bridge, version: "OpenFlow15").contains("group_id=7,"))
        try await lab.waitUntilServing(by: 1)
        let left = try await lab.ofctl("--no-stats", "dump-flows", LabLayout.bridge, version: "OpenFlow15")
        #expect(left.split(separator: "\n").sorted() == services.split(separator: "\n").sorted())
      }
    }

    @Test func `what the switch refuses is told, and kept`() async throws {
      try await Lab.with(self.options("refused")) { lab in
        try await lab.waitUntilServing(by: 1)
        let answer = try await self.push(lab, #""name":"a","eth_type":"0x88cc","actions":"group=99""#)
        #expect(
          answer.hasPrefix(#"{"status" : "Entry pushed", "detail" : "the switch refuses it, and it is kept: "#),
          "\(answer)")
        #expect(try await self.isthmus(lab, ["list"]).requireSuccess().contains("refused"))
        #expect(try await self.held(lab) == [])
      }
    }

    /// The thesis's listing 4.1 and its `curl`, with its address, datapath and ports. The printed page breaks a text and
    /// an indentation, as no Python reads them; nothing else was changed.
    @Test func `listing 4.1 of the thesis runs as it is`() async throws {
      try await Lab.with(self.options("thesis")) { lab in
        try await lab.waitUntilServing(by: 1)
        let script = lab.directory.path + "/listing.py"
        try await lab.exec(in: .switch, ["tee", script], input: Self.listing).requireSuccess()
        try await lab.exec(in: .switch, ["ip", "addr", "add", "192.92.147.19/32", "dev", "lo"]).requireSuccess()
        let file = lab.directory.path + "/thesis.yaml"
        let configuration = """
          controller:
            openflow: 127.0.0.1:6699
            agents: 127.0.0.1:6698
            api: 127.0.0.1:8097
            floodlight: {listen: "192.92.147.19:8080"}
          regions: []
          switches:
            - {name: rpi, datapath: "00:00:50:3e:aa:dc:be:04", probe-address: 172.20.126.250, gateways: []}
          services: []
          """
        try await lab.exec(in: .switch, ["tee", file], input: configuration).requireSuccess()
        let controller = try #require(ExecutablePath.ofProduct("isthmus-controller", override: nil))
        _ = try await lab.start(in: .switch, [controller, "--config", file], log: "thesis.log")
        try await lab.vsctl(
          "add-br", "rpi", "--", "set", "bridge", "rpi", "datapath_type=netdev", "fail_mode=secure",
          "protocols=OpenFlow13", "other-config:datapath-id=0000503eaadcbe04", "--", "set-controller", "rpi",
          "tcp:127.0.0.1:6699")
        let base = "http://192.92.147.19:8080/wm"
        func get(_ path: String) async throws -> String {
          try await lab.exec(in: .switch, ["curl", "-s", "--max-time", "5", "\(base)\(path)"]).output
        }
        try await lab.waitUntil("the switch", timeout: .seconds(30)) {
          try await get("/core/controller/switches/json").contains("00:00:50:3e:aa:dc:be:04")
        }
        let said = try await lab.exec(in: .switch, ["python3", script]).requireSuccess()
        #expect(said == "<Response [200]>\n<Response [200]>\n")
        try await lab.waitUntil("flows", timeout: .seconds(10)) {
          try await lab.ofctl("--no-stats", "dump-flows", "rpi").contains("nw_src=10.2.0.82,nw_dst=172.20.126.202")
        }
        let flows = try await lab.ofctl("--no-stats", "dump-flows", "rpi")
        #expect(
          flows.contains(
            "ip,in_port=1,nw_src=10.2.0.82,nw_dst=172.20.126.202 "
              + "actions=set_field:fa:16:3e:d8:26:42->eth_dst,set_field:172.20.126.110->ip_dst,output:7"), "\(flows)")
        #expect(
          flows.contains(
            "ip,in_port=7,nw_src=172.20.126.110,nw_dst=10.2.0.82 "
              + "actions=set_field:fa:16:3e:76:7e:2a->eth_src,set_field:172.20.126.202->ip_src,output:1"), "\(flows)")
        #expect(
          try await get("/staticentrypusher/list/all/json").contains(#""version":"OF_13","command":"ADD""#))
        #expect(try await get("/staticentrypusher/clear/all/json") == #"{"status":"Deleted all flows/groups."}"#)
        #expect(try await !lab.ofctl("--no-stats", "dump-flows", "rpi").contains("172.20.126.202"))
      }
    }

    @Test func `the next leader has the entries of the one before, and finds nothing to rewrite`() async throws {
      try await Lab.with(self.options("entries-three", controllers: 3)) { lab in
        try await lab.waitUntilServing(by: 1)
        let first = try await LabControllers.waitForLeader(in: lab)
        for number in 1...3 {
          #expect(
            try await self.push(
              lab, #""name":"e\#(number)","priority":"1000","in_port":"\#(number + 20)","actions":"output=2""#,
              controller: first)
              == #"{"status" : "Entry pushed"}"#)
        }
        let all = try await self.held(lab)
        #expect(all.count == 3)
        try await lab.killController(first)
        let second = try await LabControllers.waitForLeader(in: lab, otherThan: first)
        try await lab.waitUntil("reading", timeout: .seconds(20)) {
          try await LabEvents.read(from: lab, controller: second).contains { $0.kind == "switch-programmed" }
        }
        let programmed = try await LabEvents.read(from: lab, controller: second).filter {
          $0.kind == "switch-programmed"
        }
        #expect(programmed.map(\.message) == ["switch edge holds the program; nothing to change"])
        #expect(try await self.held(lab) == all)
        #expect(
          try await self.curl(
            lab, "/staticentrypusher/json", ["-X", "DELETE", "--data", #"{"name":"e1"}"#], controller: second)
            == #"{"status" : "Entry e1 deleted"}"#)
        #expect(try await self.held(lab).count == 2)
      }
    }

    private static let listing = """
      #!/usr/bin/python3

      import urllib3, requests
      import json
      http = urllib3.PoolManager()

      def addFlow():

          API_ENDPOINT = "http://192.92.147.19:8080/wm/staticflowpusher/json"

          flow1 = {
              "switch": "00:00:50:3e:aa:dc:be:04",
              "name": "flow-1",
              "priority": "32768",
              "in_port": "1",
              "active": "true",
              "eth_type": "0x0800",
              "ipv4_src": "10.2.0.82",
              "ipv4_dst": "172.20.126.202",
              "actions": "set_field=eth_dst->fa:16:3e:d8:26:42,set_field=ipv4_dst->172.20.126.110,output=7"}

          flow2 = {
              "switch": "00:00:50:3e:aa:dc:be:04",
              "name": "flow-2",
              "priority": "32768",
              "in_port": "7",
              "active": "true",
              "eth_type": "0x0800",
              "ipv4_src": "172.20.126.110",
              "ipv4_dst": "10.2.0.82",
              "actions": "set_field=eth_src->fa:16:3e:76:7e:2a,set_field=ipv4_src->172.20.126.202,output=1"}

          print(requests.post(url = API_ENDPOINT, data = json.dumps(flow1)))
          print(requests.post(url = API_ENDPOINT, data = json.dumps(flow2)))

      addFlow()

      """
  }
}
