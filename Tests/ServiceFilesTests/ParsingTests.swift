// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceFiles
import ServiceModel
import Testing

@Suite("A correct file")
struct ParsingTests {
  @Test("is read key by key")
  func everyKey() throws {
    let file = try Example.parse(Example.yaml)
    #expect(file.controller == ControllerSettings())
    #expect(file.intent.detection == Detection())
    #expect(file.intent.regions.map(\.name.text) == ["lisbon", "porto"])
    #expect(
      file.intent.regions.map(\.key.bytes) == [
        [UInt8](repeating: 0xcd, count: 32), [UInt8](repeating: 0xab, count: 32),
      ])
    #expect(file.intent.regions.map(\.management) == [SocketEndpoint("10.0.0.11:6655"), nil])

    let edge = try #require(file.intent.switches.first)
    #expect(edge.datapath == DatapathID(rawValue: 0x503e_aadc_be04))
    #expect(edge.probeAddress.description == "172.20.126.5")
    #expect(edge.gateways.map(\.port) == [.number(2), .name("veth-porto")])
    #expect(edge.gateways.map(\.mac) == [nil, MACAddress("fa:16:3e:d8:26:42")])

    let web = try #require(file.intent.services.first)
    #expect(web.virtualIP.mac == MACAddress("0a:49:ac:14:7e:65"))
    #expect(web.virtualIP.owner == nil)
    #expect(web.failback == .manual)
    #expect(web.clientAddress == .masquerade)
    #expect(web.listeners == [Listener(port: 80, memberPort: 8080), Listener(port: 443)])
    #expect(web.regions.map(\.text) == ["porto", "lisbon"])
    #expect(web.pools.map(\.members.count) == [2, 1])
    #expect(
      web.check
        == Check(
          method: .http(path: "/health", status: 200...200, host: "example.org"), port: 8081,
          interval: .milliseconds(200), timeout: .milliseconds(90), fall: 4, rise: 1))
  }

  @Test("leaves out what has a default")
  func defaults() throws {
    let file = try Example.parse(Example.yaml)
    let api = try #require(file.intent.services.last)
    #expect(
      api.virtualIP == VirtualIP(address: IPAddress("172.20.126.110")!, owner: RegionName(unchecked: "lisbon")))
    #expect(api.mode == .heartbeat)
    #expect(api.regions.map(\.text) == ["lisbon", "porto"], "the order of 'regions' in the file")
    #expect(api.check == Check(interval: .milliseconds(500)))

    let short = try Example.parse("regions: []\nswitches: []\nservices: []")
    #expect(short.intent == .empty)
    #expect(short.controller.openflow?.description == "0.0.0.0:6653")
    #expect(short.controller.agents.description == "0.0.0.0:6654")
    #expect(short.controller.api.description == "127.0.0.1:8080")
  }

  @Test("is checked at each heartbeat with 'detection: heartbeat'")
  func heartbeatCheck() throws {
    let file = try Example.parse(Example.with("heartbeat-interval: 500ms", "heartbeat-interval: 70ms"))
    #expect(file.intent.services.map(\.check.interval) == [.milliseconds(200), .milliseconds(70)])
  }

  @Test(
    "may write a check in several ways",
    arguments: [
      ("{tcp: {}}", Check.Method.tcp), ("{tcp: }", .tcp), ("{}", .tcp), ("{interval: 1s}", .tcp),
      ("{http: }", .http(path: "/", status: 200...399, host: nil)),
      ("{http: {}}", .http(path: "/", status: 200...399, host: nil)),
      (
        "{http: {status: 204-299, path: '/a*b?c=%20', host: '10.0.0.1:80'}}",
        .http(path: "/a*b?c=%20", status: 204...299, host: "10.0.0.1:80")
      ),
    ])
  func checks(text: String, method: Check.Method) throws {
    let file = try Example.parse(
      Example.with("client-address: masquerade", "client-address: keep").replacing(
        "check: {http: {path: /health, status: 200, host: example.org}, port: 8081, interval: 200ms, timeout: 90ms, "
          + "fall: 4, rise: 1}",
        with: "check: \(text)"))
    #expect(file.intent.services[0].check.method == method)
  }

  @Test(
    "has durations with a unit",
    arguments: [
      ("0", Duration.zero), ("0s", .zero), ("250us", .microseconds(250)), ("1.5s", .milliseconds(1500)),
      ("0.0625m", .milliseconds(3750)), ("60m", .seconds(3600)), ("1h", .seconds(3600)), ("'10s'", .seconds(10)),
    ])
  func durations(text: String, duration: Duration) throws {
    #expect(try Example.parse(Example.with("hold: 10s", "hold: \(text)")).intent.detection.hold == duration)
  }

  @Test(
    "tells a port's number from its name by the quotes",
    arguments: [
      ("4294967040", PortReference.number(0xffff_ff00)), ("'2'", .name("2")), ("eth0.12", .name("eth0.12")),
      ("007", .name("007")), ("\"*\"", .name("*")), ("'&a'", .name("&a")),
    ])
  func switchPorts(text: String, port: PortReference) throws {
    #expect(try Example.parse(Example.with("port: 2,", "port: \(text),")).intent.switches[0].gateways[0].port == port)
  }

  @Test("may begin with a byte order mark, end its lines with CR LF, have comments with tabs and asterisks")
  func text() throws {
    let file = try Example.parse(Example.yaml)
    let crlf = "\u{feff}\(Example.yaml)#\t*one* & \u{1f30d}\n".replacing("\n", with: "\r\n")
    #expect(try Example.parse(crlf).intent == file.intent)
    #expect(try Example.parse(Example.with("misses: 5", "misses:\t5\t# five")).intent == file.intent)
    #expect(try Example.parse("---\n" + Example.yaml).intent == file.intent)
    #expect(try Example.parse(Example.yaml + "...\n").intent == file.intent)
  }

  @Test("may have two services on one address, with different ports")
  func sharedVirtualIP() throws {
    let yaml =
      Example.yaml + """
          - name: more
            virtual-ip: 172.20.126.100
            mac: 0a:49:ac:14:7e:65
            listeners: [{port: 81}]
            members: {lisbon: [192.168.167.3]}
        """
    #expect(try Example.parse(yaml).intent.services.count == 3)
  }

  @Test("says where its values are")
  func locations() throws {
    let file = try Example.parse(Example.yaml)
    let (edge, porto, web) = (
      SwitchName(unchecked: "edge"), RegionName(unchecked: "porto"), ServiceName(unchecked: "web")
    )
    #expect(file.locations[.region(porto)] == Location(line: 15, column: 5))
    #expect(file.locations[.switch(edge)] == Location(line: 18, column: 5))
    #expect(file.locations[.gateway(edge, porto)] == Location(line: 23, column: 9))
    #expect(file.locations[.gatewayPort(edge, porto)] == Location(line: 23, column: 31))
    #expect(file.locations[.service(web)] == Location(line: 25, column: 5))
    #expect(file.locations[.virtualIP(web)] == Location(line: 26, column: 17))
    #expect(file.locations[.service(ServiceName(unchecked: "none"))] == nil)
  }

  @Test("says which ports a switch has instead of the one it names")
  func portError() throws {
    let file = try Example.parse(Example.yaml)
    let (edge, lisbon) = (SwitchName(unchecked: "edge"), RegionName(unchecked: "lisbon"))
    #expect(
      file.portError(switch: edge, region: lisbon, available: [(1, "client"), (3, "r1")])?.description == """
        error[unknown-port]: services.yaml:22:32: port 2 of region 'lisbon': switch 'edge' has no such port
          it has 1 (client), 3 (r1)
        """)
    let many = (1...40).map { (number: UInt32($0), name: "p\($0)") }
    #expect(
      file.portError(switch: edge, region: lisbon, available: many)?.hint.hasSuffix("32 (p32) and 8 more") == true)
    #expect(file.portError(switch: edge, region: lisbon, available: [])?.hint == "it has no ports")
    #expect(file.portError(switch: edge, region: RegionName(unchecked: "faro"), available: []) == nil)
  }
}
