// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles
import ServiceModel
import Testing

@Suite("A wrong file")
struct MistakeTests {
  static let all =
    Mistake.texts + Mistake.shapes + Mistake.values + Mistake.addresses + Mistake.networks + Mistake.switchGroups
    + Mistake.services + Mistake.southbound

  @Test("is answered with the place, the value and what is accepted", arguments: Self.all)
  func message(mistake: Mistake) {
    #expect(Example.errors(mistake.yaml) == mistake.expected)
  }

  @Test("has a code that one of these tests shows")
  func everyCode() {
    let elsewhere: Set<ErrorCode> = [
      .fileUnreadable, .notUTF8, .fileTooLarge, .tooDeep, .tooManyListeners, .unknownPort,
    ]
    let shown = Set(Self.all.map(\.code)).union(elsewhere)
    #expect(ErrorCode.allCases.filter { !shown.contains($0) } == [])
  }

  @Test("is answered with all mistakes, in the order of the lines")
  func several() {
    let yaml = """
      detection: {misses: 0, hold: 500}
      regions:
        - {name: lisbon, key: 00}
        - name: porto
      switches: [{name: s, datapath: 1, probe-address: 10.0.0.1, \
      gateways: [{region: lisbn, prot: 1, address: 10.0.0.2}]}]
      services: {}
      """
    #expect(
      Example.errors(yaml) == """
        error[out-of-range]: services.yaml:1:21: 'misses' is 0, which is out of range
          accepted: 1…100
        error[invalid-duration]: services.yaml:1:30: 'hold' is '500', which has no unit
          did you mean '500ms'? accepted: 0s…1h
        error[invalid-key]: services.yaml:3:25: the key in 'key' has 2 characters
          accepted: 64 hexadecimal digits (32 bytes), as 'openssl rand -hex 32' makes them
        error[missing-key]: services.yaml:4:5: a region has no 'key-file'
          add for example 'key-file: keys/lisbon.key', a file with 64 hexadecimal digits (32 bytes), as 'openssl rand \
        -hex 32' makes them
        error[missing-key]: services.yaml:5:71: a gateway has no 'port'
          add for example 'port: 2'
        error[unknown-region]: services.yaml:5:80: a gateway of switch 's' names the region 'lisbn', which the file \
        does not have
          did you mean 'lisbon'? accepted: lisbon, porto
        error[unknown-key]: services.yaml:5:87: unknown key 'prot' in a gateway
          did you mean 'port'? accepted: region, port, address, ipv6, mac
        error[wrong-type]: services.yaml:6:11: 'services' is a mapping, not a list
          write '[a, b]', or lines that begin with '- ' below it
        """)
  }

  @Test("names each of several keys that are there twice")
  func duplicates() {
    let yaml = Example.with("misses: 5\n", "misses: 5\n  misses: 6\n  misses: 7\n")
      .replacing("hold: 10s", with: "hold: 10s\n  hold: 10s")
    #expect(
      Example.errors(yaml) == """
        error[duplicate-key]: services.yaml:8:3: the key 'misses' is there twice: first in line 7
          keep one of the two
        error[duplicate-key]: services.yaml:9:3: the key 'misses' is there twice: first in line 7
          keep one of the two
        error[duplicate-key]: services.yaml:12:3: the key 'hold' is there twice: first in line 11
          keep one of the two
        """)
  }

  @Test("with a key twice and twice again is answered, however often")
  func manyDuplicates() {
    #expect(Example.errors(String(repeating: "a: 1\n", count: 1000))?.hasPrefix("error[duplicate-key]") == true)
  }

  @Test("is answered with 20 mistakes at most")
  func limit() throws {
    let yaml = (1...30).map { "key-\($0): 1\n" }.joined() + "regions: []\nswitches: []\nservices: []\n"
    let errors = try #require(throws: ServiceFileErrors.self) { try Example.parse(yaml) }
    #expect(errors.errors.map(\.line) == Array(1...20))
    #expect(errors.omitted == 10)
    #expect(errors.description.hasSuffix("\nand 10 more"))
  }

  @Test("may be wrong in as many places as it has bytes")
  func hugeMistake() throws {
    let yaml = "regions: []\nswitches: []\nservices: []\n" + (0..<20_000).map { "a\($0):\n" }.joined()
    let errors = try #require(throws: ServiceFileErrors.self) { try Example.parse(yaml) }
    #expect(errors.errors.count + errors.omitted == 20_000)
  }

  @Test("does not show a key that stands where a path should")
  func secrecy() throws {
    let errors = try #require(Example.errors(Example.with("key: abab", "key-file: abab")))
    #expect(!errors.contains("abab"))
  }

  @Test("has at most ten million bytes")
  func tooLarge() {
    #expect(
      Example.errors(String(repeating: "#", count: 10_000_001)) == """
        error[file-too-large]: services.yaml:1:1: the file has 10000001 bytes
          accepted: at most 10000000 bytes
        """)
    #expect(Example.errors(String(repeating: "#", count: 10_000_000))?.hasPrefix("error[empty-file]") == true)
  }

  @Test("has at most 16 levels", arguments: ["[", "{a: ", "- ", "? "])
  func tooDeep(opening: String) throws {
    for count in [17, 900, 100_000] {
      let yaml = String(repeating: opening, count: count) + (count < 1000 ? closing(opening, count) : "")
      let errors = try #require(throws: ServiceFileErrors.self) { try Example.parse(yaml) }
      #expect(errors.errors.contains { $0.code == .tooDeep || $0.code == .missingKey }, "\(count): \(errors)")
    }
  }

  @Test("has no aliases that grow without limit")
  func aliasBomb() {
    let lines = (1..<60).map { "k\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
    #expect(Example.errors("k0: &a0 [x, x]\n\(lines)? *a59\n: 1\n? *a58\n: 2\n")?.contains("error[alias]") == true)
  }

  @Test("has at most 16,384 listeners")
  func tooManyListeners() {
    func services(_ count: Int) -> String {
      let ports = (1...count).map { "{port: \($0)}" }.joined(separator: ", ")
      return Example.adding(
        service: "{name: many, virtual-ip: 172.20.126.9, listeners: [\(ports)], members: {lisbon: [192.168.167.9]}}")
    }
    #expect(Example.errors(services(16_381)) == nil)
    #expect(
      Example.errors(services(16_382)) == """
        error[too-many-listeners]: services.yaml:46:234665: this is listener 16385 of the file
          accepted: at most 16384 in all services together, each has a port of its own on the gateways
        """)
  }

  private func closing(_ opening: String, _ count: Int) -> String {
    switch opening {
    case "[": String(repeating: "]", count: count)
    case "{a: ": String(repeating: "}", count: count)
    default: "a"
    }
  }
}
