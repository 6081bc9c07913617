// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlowText
import Testing

/// From bytes to JSON and back: nothing is lost, whatever the bytes are.
@Suite struct RoundTripTests {
  @Test(arguments: try Vectors.names())
  func everyVectorIsTheSameAgain(_ name: String) throws {
    let bytes = try Vectors.bytes(name)
    let decoded = Decoded(hex: try Vectors.text(name))
    #expect(decoded.errorCount == 0, "\(decoded.text)")
    #expect(decoded.lines.count == 1)
    #expect(try encoded(decoded.text) == bytes, "\(decoded.text)")
    // What this project encoded (Open vSwitch has an order of fields of its own) is canonical: its JSON alone says it.
    if name.hasPrefix("of") { #expect(!decoded.text.contains(#","bytes":"#), "\(decoded.text)") }
  }

  @Test func theStreamOfAllVectorsIsTheSameInPiecesOfAnySize() throws {
    let names = try Vectors.names()
    let bytes = try names.flatMap { try Vectors.bytes($0) }
    let whole = Decoded(bytes)
    #expect(whole.lines.count == names.count)
    for chunk in [1, 7, 8, 100, 4096] { #expect(Decoded(bytes, chunk: chunk).text == whole.text) }
    for chunk in [1, 13, 1000, Int.max] { #expect(try encoded(whole.text, chunk: chunk) == bytes) }
  }

  @Test func layoutDoesNotMatter() throws {
    let bytes = try Vectors.names().flatMap { try Vectors.bytes($0) }
    // A line end wherever there may be one; strings have no commas or brackets that matter here.
    let text = Decoded(bytes).text.replacingOutsideOfStrings(["{", ",", "}", "[", "]"]) { "\n \($0)\t\n" }
    #expect(try encoded(text) == bytes)
  }

  @Test(arguments: try Vectors.names())
  func whatIsDamagedIsTheSameAgainToo(_ name: String) throws {
    let bytes = try Vectors.bytes(name)
    var random = SplitMix64(state: UInt64(bytes.count))
    for _ in 0..<40 {
      var damaged = bytes
      if random.below(4) == 0, bytes.count > 8 {
        damaged = Array(bytes.prefix(8 + random.below(bytes.count - 8)))
        damaged[2] = UInt8(damaged.count >> 8)
        damaged[3] = UInt8(damaged.count & 0xff)
      }
      for _ in 0...random.below(3) {
        let index = random.below(damaged.count)
        if index != 2, index != 3 { damaged[index] = UInt8(truncatingIfNeeded: random.next()) }
      }
      let decoded = Decoded(damaged)
      // What stands in for text is an error of its own, at the beginning only.
      #expect(try encoded(decoded.text) == damaged, "\(decoded.text)")
    }
  }

  @Test func noiseIsTheSameAgain() throws {
    var random = SplitMix64(state: 77)
    for _ in 0..<1000 {
      let payload = (0..<random.below(150)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let header: [UInt8] = [
        random.below(2) == 0 ? 4 : 6, UInt8(random.below(40)), 0, UInt8(8 + payload.count), 0, 0, 0, 1,
      ]
      #expect(try encoded(Decoded(header + payload).text) == header + payload)
    }
  }

  @Test func olderAndUnknownVersionsAreCarried() throws {
    let hello: [UInt8] = [1, 0, 0, 8, 0, 0, 0, 1]
    #expect(Decoded(hello).text.hasPrefix(#"{"version":"1.0","xid":1,"type":"hello","body":{"#))
    let error: [UInt8] = [2, 1, 0, 12, 0, 0, 0, 2, 0, 0, 0, 0]
    #expect(Decoded(error).text.hasPrefix(#"{"version":"1.1","xid":2,"type":"error","body":{"#))
    let newer: [UInt8] = [0x42, 0, 0, 8, 0, 0, 0, 3]
    #expect(Decoded(newer).text.hasPrefix(#"{"version":"0x42","xid":3,"type":"hello","body":{"#))
    let features: [UInt8] = [5, 5, 0, 8, 0, 0, 0, 4]
    #expect(
      Decoded(features).text
        == #"{"version":"1.4","xid":4,"type":"features_request","error":"message version 1.4 at byte 0 is none of 1.3 "#
        + #"and 1.5; of other versions there are only HELLO and ERROR","field":"message version","offset":0,"#
        + #""stream_offset":0,"bytes":"0505000800000004"}"# + "\n")
    for bytes in [hello, error, newer, features] { #expect(try encoded(Decoded(bytes).text) == bytes) }
  }
}

extension String {
  /// Replaces each of `signs` that stands outside of quotation marks.
  fileprivate func replacingOutsideOfStrings(_ signs: Set<Character>, _ change: (Character) -> String) -> String {
    var isInString = false
    return self.reduce(into: "") { text, character in
      if character == "\"" { isInString.toggle() }
      text += !isInString && signs.contains(character) ? change(character) : String(character)
    }
  }
}
