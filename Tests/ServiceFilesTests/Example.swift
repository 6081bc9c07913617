// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles
import ServiceModel

/// A file with every key, from which tests make their own.
enum Example {
  static let file = "services.yaml"

  static let yaml = """
    controller:
      openflow: 0.0.0.0:6653
      agents: 0.0.0.0:6654
      api: 127.0.0.1:8080
    detection:
      heartbeat-interval: 500ms
      misses: 5
      rise: 3
      hold: 10s
      probe: icmp
    regions:
      - name: lisbon
        key-file: keys/lisbon.key
        management: 10.0.0.11:6655
      - name: porto
        key: abababababababababababababababababababababababababababababababab
    switches:
      - name: edge
        datapath: 00:00:50:3e:aa:dc:be:04
        probe-address: 172.20.126.5
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
        regions: [porto, lisbon]
        listeners:
          - {port: 80, protocol: tcp, member-port: 8080}
          - port: 443
        members:
          lisbon: [192.168.167.3]
          porto: [192.168.243.14, 192.168.243.15]
        check: {http: {path: /health, status: 200, host: example.org}, port: 8081, interval: 200ms, timeout: 90ms, \
    fall: 4, rise: 1}
      - name: api
        virtual-ip: 172.20.126.110
        adopted-from: lisbon
        detection: heartbeat
        listeners: [{port: 9000}]
        members: {porto: [192.168.243.14], lisbon: [192.168.167.4]}

    """

  /// The text with `old` replaced where it stands first.
  static func with(_ old: String, _ new: String) -> String {
    guard let range = Self.yaml.firstRange(of: old) else { return "the example has no '\(old)'" }
    return Self.yaml.replacingSubrange(range, with: new)
  }

  /// The text with one more switch, in lines 24 and following.
  static func adding(switch text: String) -> String {
    Self.with("services:\n", "  - \(text)\nservices:\n")
  }

  /// The text with one more service at the end, in line 46.
  static func adding(service text: String) -> String {
    Self.yaml + "  - \(text)\n"
  }

  /// The text without its first line that holds `part`.
  static func without(_ part: String) -> String {
    var lines = Self.yaml.split(separator: "\n", omittingEmptySubsequences: false)
    guard let index = lines.firstIndex(where: { $0.contains(part) }) else { return "the example has no '\(part)'" }
    lines.remove(at: index)
    return lines.joined(separator: "\n")
  }

  /// `keys/lisbon.key` is the only key file.
  static func readKey(_ path: String) throws(KeyFileProblem) -> [UInt8] {
    switch path {
    case "keys/lisbon.key": Array((String(repeating: "Cd", count: RegionKey.length) + "\n").utf8)
    case "keys/exposed.key": throw .exposed
    default: throw .unreadable("there is no such file")
    }
  }

  static func parse(_ yaml: String) throws(ServiceFileErrors) -> ServiceFile {
    try ServiceFile.parse(yaml: yaml, file: Self.file, readKey: Self.readKey)
  }

  /// What a person reads; nil if nothing is wrong.
  static func errors(_ yaml: String) -> String? {
    do {
      _ = try self.parse(yaml)
      return nil
    } catch {
      return error.description
    }
  }
}

extension String {
  func replacingSubrange(_ range: Range<Index>, with text: String) -> String {
    var copy = self
    copy.replaceSubrange(range, with: text)
    return copy
  }
}

extension RandomSource {
  /// 0 ..< bound
  mutating func number(below bound: Int) -> Int { Int(self.next(below: UInt64(bound))) }

  mutating func element<Element>(of elements: [Element]) -> Element { elements[self.number(below: elements.count)] }

  mutating func isHeads() -> Bool { self.number(below: 2) == 0 }
}
