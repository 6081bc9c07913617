// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel
import Testing

/// Numbers are the same for ever, and a new name disturbs nobody.
@Suite struct NumberingTests {
  private let names = (0..<300).map { "service-\($0)/tcp/80" }

  @Test func `every name has a number of its own within the range`() {
    let numbers = StableNumbers(names: self.names, range: 16384..<32768)
    let given = self.names.compactMap { numbers[$0] }
    #expect(Set(given).count == self.names.count)
    #expect(given.allSatisfy { (16384..<32768).contains($0) })
    #expect(numbers["unknown"] == nil)
  }

  @Test func `the order and number of mentions do not matter`() {
    let numbers = StableNumbers(names: self.names, range: 0..<1000)
    #expect(StableNumbers(names: self.names.reversed(), range: 0..<1000) == numbers)
    #expect(StableNumbers(names: self.names + self.names, range: 0..<1000) == numbers)
  }

  @Test func `a full range is used up, number by number`() {
    let names = (0..<50).map { "\($0)" }
    let numbers = StableNumbers(names: names, range: 7..<57)
    #expect(Set(names.compactMap { numbers[$0] }) == Set(7..<57))
  }

  @Test func `a new name moves only names that collide with it`() {
    let before = StableNumbers(names: self.names, range: 16384..<32768)
    let after = StableNumbers(names: self.names + ["new"], range: 16384..<32768)
    let moved = self.names.filter { before[$0] != after[$0] }
    #expect(moved.count <= 1)
  }

  @Test func `numbers are those of the first release`() {
    // If this fails, a controller that is upgraded would move every connection.
    #expect(fnv1a("") == 2_166_136_261)
    #expect(fnv1a("a") == 0xe40c_292c)
    #expect(fnv1a("foobar") == 0xbf9c_f968)
  }

  @Test func `regions and listeners are numbered within their ranges`() {
    let regions = (0..<4).compactMap { index in
      RegionKey(bytes: [UInt8](repeating: 0, count: RegionKey.length)).map {
        Region(name: RegionName(unchecked: "r\(index)"), key: $0)
      }
    }
    let services = (0..<5).map {
      Service(
        name: ServiceName(unchecked: "service-\($0)"),
        virtualIP: VirtualIP(address: .v4(IPv4Address(rawValue: 0xcb00_7101 + $0))), listeners: [Listener(port: 80)],
        pools: [])
    }
    let intent = Intent(detection: Detection(), regions: regions, switches: [], services: services)
    let numbering = Numbering(intent)
    let ports = intent.services.map { numbering.targetPort(of: $0.listeners[0], in: $0.name) }
    #expect(Set(ports).count == 5)
    #expect(ports.allSatisfy { Numbering.targetPorts.contains(UInt32($0)) })
    let marks = intent.regions.map { numbering.number(of: $0.name) }
    #expect(Set(marks).count == 4)
    #expect(marks.allSatisfy { (1...0xffff).contains($0) }, "0 is the mark of no connection")
  }
}
