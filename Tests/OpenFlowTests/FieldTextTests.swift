// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlow
import Testing

/// How values are written and read, and values of more than 128 bits.
@Suite struct FieldTextTests {
  private func ipv6(_ text: String) throws -> UInt128? {
    let json = Data(#"{"ipv6_src":"\#(text)"}"#.utf8)
    return try? JSONDecoder().decode(Match.self, from: json)[.ipv6Source]?.value
  }

  /// Examples of RFC 5952, and the cases that its rules are about.
  @Test(arguments: [
    ("2001:db8::1", "2001:db8::1"), ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:DB8::AbCd", "2001:db8::abcd"), ("::1", "::1"),
    ("1::", "1::"), ("fe80::", "fe80::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
  ])
  func addressesHaveOneForm(read: String, written: String) throws {
    let value = try #require(try self.ipv6(read))
    #expect("\(MatchEntry(.ipv6Source, value))" == "ipv6_src=\(written)")
    #expect(try self.ipv6(written) == value)
  }

  @Test(arguments: [
    "", ":", ":::", "1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g", "1:2:3:4:5:6:7:8::",
    "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "+1::", "::1%eth0", "1:",
  ])
  func whatIsNoAddressIsRefused(text: String) throws {
    #expect(try self.ipv6(text) == nil)
  }

  @Test func everyFieldIsKnownByItsName() throws {
    for field in MatchField.allKnown {
      let name = try #require(field.name)
      #expect("\(field)" == name)
      let json = try JSONEncoder().encode(field)
      #expect(try JSONDecoder().decode(MatchField.self, from: json) == field)
      #expect(
        MatchField(
          oxmClass: field.oxmClass, number: field.number, experimenter: field.experimenter, byteCount: field.byteCount)
          == field)
    }
    #expect(Set(MatchField.allKnown.compactMap(\.name)).count == MatchField.allKnown.count)
  }

  @Test func wideValuesAreCarriedWhole() throws {
    let field = MatchField.tunnelMetadata(7, byteCount: 124)
    let value = (0..<124).map { UInt8($0) }
    let mask = (0..<124).map { UInt8($0 % 3 == 0 ? 0xff : 0x0f) }
    let entry = try #require(MatchEntry(field, bytes: value, mask: mask))
    #expect(entry.bytes == zip(value, mask).map { $0 & $1 })
    #expect(entry.maskBytes == mask)
    #expect(
      MatchEntry(field, bytes: value, mask: [UInt8](repeating: 0xff, count: 124)) == MatchEntry(field, bytes: value))
    #expect(MatchEntry(field, bytes: [1, 2]) == nil)
    #expect(MatchEntry(field, 5).bytes == [UInt8](repeating: 0, count: 123) + [5])
    // A mask that leaves all open is no condition.
    let open = try #require(MatchEntry(field, bytes: value, mask: [UInt8](repeating: 0, count: 124)))
    #expect(Match([open]) == .any)

    let other = try #require(MatchField(oxmClass: 0x8000, number: 120, byteCount: 255))
    let rest = try #require(MatchEntry(other, bytes: [UInt8](repeating: 7, count: 255)))
    let match: Match = [entry, rest, .inPort(1)]
    #expect(match[field] == entry)
    let whole = try #require(MatchEntry(field, bytes: value))
    for version in ProtocolVersion.allCases {
      let flow = FlowMod(tableID: 0, match: match, instructions: [.applyActions([.setField(whole)])])
      let bytes = try Message(xid: 1, .flowMod(flow)).bytes(version)
      #expect(try Message(bytes: bytes, version).body == .flowMod(flow))
      for length in 0..<bytes.count {
        #expect(throws: OpenFlowDecodingError.self) { try Message(bytes: Array(bytes[..<length]), version) }
      }
    }
    // Value and mask together do not fit.
    let tooLong = try #require(
      MatchEntry(other, bytes: [UInt8](repeating: 7, count: 255), mask: [UInt8](repeating: 7, count: 255)))
    #expect(throws: OpenFlowEncodingError.self) {
      try Message(xid: 1, .flowMod(FlowMod(tableID: 0, match: [tooLong]))).bytes(.v1_3)
    }
    let json = try JSONEncoder().encode(match)
    #expect(try JSONDecoder().decode(Match.self, from: json) == match)
  }

  @Test func wideRegistersAreTheNarrowOnes() {
    let match: Match = [MatchEntry(.register128(1), 0x1_0000_0002_0000_0003_0000_0004)]
    #expect(match == [.register(4, 1), .register(5, 2), .register(6, 3), .register(7, 4)])
    #expect(Match([MatchEntry(.register64(7), 9, mask: 0xf)]) == [.register(15, 9, mask: 0xf)])
  }

  @Test func cloneIsReadToABoundedDepth() throws {
    func nested(_ depth: Int) -> Action { (0..<depth).reduce(Action.output(1)) { action, _ in .clone([action]) } }
    let deepest = Message(xid: 1, .packetOut(PacketOut(actions: [nested(16)], data: [])))
    #expect(try Message(bytes: deepest.bytes(.v1_3), .v1_3) == deepest)
    #expect(throws: OpenFlowEncodingError.self) {
      try Message(xid: 1, .packetOut(PacketOut(actions: [nested(17)], data: []))).bytes(.v1_3)
    }
    // 3,000 of them, each within the one before.
    var bytes: [UInt8] = []
    for level in 0..<3000 {
      let length = UInt16(16 * (3000 - level))
      bytes += [0xff, 0xff, UInt8(length >> 8), UInt8(length & 0xff), 0, 0, 0x23, 0x20, 0, 42, 0, 0, 0, 0, 0, 0]
    }
    let head: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfd, 0xbb, 0x80, 0, 0, 0, 0, 0, 0]
    let total = UInt16(8 + head.count + bytes.count)
    #expect(throws: OpenFlowDecodingError.self) {
      try Message(bytes: [4, 13, UInt8(total >> 8), UInt8(total & 0xff), 0, 0, 0, 1] + head + bytes, .v1_3)
    }
  }
}
