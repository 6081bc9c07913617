// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceFiles
import ServiceModel
import Testing

@Suite("A rendered file")
struct RenderingTests {
  @Test("reads as what it was made of", arguments: 1...200)
  func roundTrip(seed: UInt64) throws {
    var random = RandomIntent(seed: seed)
    let (intent, controller) = (random.intent(), random.controller())
    let keyFiles = Dictionary(uniqueKeysWithValues: intent.regions.map { ($0.name, "keys of \($0.name)/#1.key") })
    let yaml = ServiceFile.render(intent, controller: controller, keyFiles: keyFiles)
    let file = try ServiceFile.parse(yaml: yaml, file: "rendered") { path throws(KeyFileProblem) in
      guard let region = intent.regions.first(where: { keyFiles[$0.name] == path }) else { throw .unreadable(path) }
      return hexadecimal(region.key)
    }
    #expect(file.intent == intent)
    #expect(file.controller == controller)
    #expect(ServiceFile.render(file.intent, controller: file.controller, keyFiles: keyFiles) == yaml)
  }

  @Test("has every default, and no key")
  func text() throws {
    let file = try Example.parse(Example.yaml)
    let lisbon = RegionName(unchecked: "lisbon")
    let text = ServiceFile.render(file.intent, controller: file.controller, keyFiles: [lisbon: "keys/lisbon.key"])
    #expect(
      text == """
        controller:
          openflow: 0.0.0.0:6653
          echo-interval: 5s
          unlisted-switches: ignore
          agents: 0.0.0.0:6654
          api: 127.0.0.1:8080
        detection:
          heartbeat-interval: 500ms
          misses: 5
          rise: 3
          hold: 10s
          probe: icmp
          damping: 1m
          mass-failure:
            percent: 50
            within: 10s
        regions:
          - name: lisbon
            key-file: keys/lisbon.key
            management: 10.0.0.11:6655
          - name: porto
            # key-file: not known here; keys are never written out
        switches:
          - name: edge
            datapath: 00:00:50:3e:aa:dc:be:04
            probe-address: 172.20.126.5
            forwarding: normal
            source-rules: 64
            gateways:
              - {region: lisbon, port: 2, address: 172.20.126.110}
              - {region: porto, port: veth-porto, address: 172.20.126.120, mac: fa:16:3e:d8:26:42}
        services:
          - name: web
            virtual-ip: 172.20.126.100
            mac: 0a:49:ac:14:7e:65
            policy: primary-replica
            failback: manual
            detection: immediate
            client-address: masquerade
            fragments: keep
            regions: [porto, lisbon]
            listeners:
              - {port: 80, protocol: tcp, member-port: 8080}
              - {port: 443, protocol: tcp, member-port: 443}
            members:
              porto: [192.168.243.14, 192.168.243.15]
              lisbon: [192.168.167.3]
            check:
              http: {path: /health, status: 200, host: example.org}
              port: 8081
              interval: 200ms
              timeout: 90ms
              fall: 4
              rise: 1
          - name: api
            virtual-ip: 172.20.126.110
            adopted-from: lisbon
            policy: primary-replica
            failback: automatic
            detection: heartbeat
            client-address: automatic
            fragments: keep
            regions: [lisbon, porto]
            listeners:
              - {port: 9000, protocol: tcp, member-port: 9000}
            members:
              lisbon: [192.168.167.4]
              porto: [192.168.243.14]
            check:
              tcp: {}
              interval: 500ms
              timeout: 500ms
              fall: 3
              rise: 2

        """)
    let errors = try #require(throws: ServiceFileErrors.self) { try Example.parse(text) }
    #expect(errors.errors.map(\.code) == [.missingKey])
    #expect(errors.errors.map(\.line) == [21])
  }

  @Test("of nothing is a file without services")
  func empty() throws {
    let text = ServiceFile.render(.empty)
    #expect(text.hasSuffix("regions: []\nswitches: []\nservices: []\n"))
    #expect(try Example.parse(text).intent == .empty)
  }
}

private func hexadecimal(_ key: RegionKey) -> [UInt8] {
  key.bytes.flatMap { byte in
    [byte >> 4, byte & 0xf].map { Array("0123456789abcdef".utf8)[Int($0)] }
  }
}
