// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles
import ServiceModel
import Testing

@Suite("Switch groups")
struct SwitchGroupTests {
  private func yaml(_ mode: String, uplinks: String = "uplinks: [1]", placement: String = "") -> String {
    let keys = "\(uplinks.isEmpty ? "" : "\n    \(uplinks)")\(placement.isEmpty ? "" : "\n    \(placement)")"
    return Example.with(
      "services:\n",
      """
        - name: edge2
          datapath: 2
          probe-address: 172.20.126.6\(keys)
          gateways:
            - {region: porto, port: 7, address: 172.20.126.120}
            - {region: lisbon, port: 8, address: 172.20.126.110}
      switch-groups:
        - {name: edges, mode: \(mode), switches: [edge2, edge], routers: [172.20.126.1]}
      services:

      """
    ).replacing("probe-address: 172.20.126.5\n", with: "probe-address: 172.20.126.5\(keys)\n")
  }

  @Test("are read in order of preference")
  func order() throws {
    let intent = try Example.parse(self.yaml("active-standby", uplinks: "uplinks: [1, lan]")).intent
    #expect(intent.switchGroups.map(\.switches) == [["edge2", "edge"].map { SwitchName(unchecked: $0) }])
    #expect(intent.switches[1].uplinks == [.number(1), .name("lan")])
    #expect(intent.peers(of: SwitchName(unchecked: "edge")).map(\.name.text) == ["edge2"])
  }

  @Test("are active and standby unless told")
  func mode() throws {
    let intent = try Example.parse(self.yaml("active-standby").replacing("mode: active-standby, ", with: "")).intent
    #expect(intent.switchGroups.map(\.mode) == [.activeStandby])
  }

  @Test("are written as they are read")
  func rendering() throws {
    let file = try Example.parse(self.yaml("active-standby"))
    let keys = Dictionary(uniqueKeysWithValues: file.intent.regions.map { ($0.name, "keys/lisbon.key") })
    let text = ServiceFile.render(file.intent, keyFiles: keys)
    #expect(
      text.contains(
        "switch-groups:\n  - name: edges\n    mode: active-standby\n    switches: [edge2, edge]\n    routers: [172.20.126.1]\n"
      ))
    #expect(text.contains("    uplinks: [1]\n"))
  }

  @Test("in which all forward need an uplink each")
  func uplinks() throws {
    let errors = try #require(Example.errors(self.yaml("active-active", uplinks: "")))
    #expect(errors.contains("switch 'edge' has 0 'uplinks', in switch group 'edges' with 'mode: active-active'"))
    #expect(errors.contains("switch 'edge2' has 0 'uplinks'"))
  }

  @Test("in which all forward remember nothing of connections", arguments: ["conntrack", "reactive"])
  func placements(placement: String) throws {
    let errors = try #require(Example.errors(self.yaml("active-active", placement: "placement: \(placement)")))
    #expect(
      errors.contains("switch 'edge' has 'placement: \(placement)', in switch group 'edges' with 'mode: active-active'")
    )
  }

  @Test("in which all forward have no adopted addresses")
  func adoption() throws {
    let errors = try #require(Example.errors(self.yaml("active-active")))
    #expect(errors.contains("service 'api' adopts its virtual IP, and switch group 'edges' has 'mode: active-active'"))
    let dedicated = self.yaml("active-active").replacing("    adopted-from: lisbon\n", with: "")
      .replacing("virtual-ip: 172.20.126.110", with: "virtual-ip: 172.20.126.99")
    #expect(Example.errors(dedicated) == nil)
  }
}
