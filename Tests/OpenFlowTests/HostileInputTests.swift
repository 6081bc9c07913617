// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow
import Testing

/// Bytes from a network are messages or errors, never a trap.
@Suite struct HostileInputTests {
  @Test(arguments: try HexVector.fileNames())
  func everyTruncationIsAnError(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    let (bytes, version) = (vector.bytes, vector.version)
    for length in 0..<bytes.count {
      // As it was cut off: its header says that there is more.
      if let message = try? Message(bytes: Array(bytes[..<length]), version) {
        Issue.record("\(length) of \(bytes.count) bytes are read as \(message)")
      }
      // As a liar would send it: its header says that this is all. Some messages may be shorter; none may trap.
      guard length >= OpenFlowFrame.headerLength else { continue }
      var shortened = Array(bytes[..<length])
      shortened[2] = UInt8(length >> 8)
      shortened[3] = UInt8(length & 0xff)
      Self.mustNotTrap(shortened, version)
    }
  }

  @Test(arguments: try HexVector.fileNames())
  func everyFlippedBitIsAMessageOrAnError(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    let (bytes, version) = (vector.bytes, vector.version)
    // Long messages hold many structures of one kind: every seventh bit reaches all parts of it.
    for bit in stride(from: 0, to: 8 * bytes.count, by: bytes.count > 512 ? 7 : 1) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      Self.mustNotTrap(flipped, version)
    }
  }

  /// Bytes of the vectors with random ones among them, and headers that fit: far deeper into the decoder than noise.
  @Test func randomBytesAreMessagesOrErrors() throws {
    let vectors = try HexVector.fileNames().map { try HexVector(fileName: $0) }
    var random = SplitMix64(state: 1)
    for round in 0..<200_000 {
      let vector = vectors[Int(random.next() % UInt64(vectors.count))]
      var (bytes, version) = (vector.bytes, vector.version)
      if round % 4 == 0 {
        bytes =
          [version.rawValue, UInt8(random.next() % 32), 0, 0]
          + (0..<(random.next() % 120)).map { _ in
            UInt8(truncatingIfNeeded: random.next())
          }
      } else {
        for _ in 0...(random.next() % 4) {
          bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        bytes[0] = version.rawValue
      }
      guard bytes.count >= OpenFlowFrame.headerLength else { continue }
      bytes[2] = UInt8(bytes.count >> 8)
      bytes[3] = UInt8(bytes.count & 0xff)
      Self.mustNotTrap(bytes, version)
    }
  }

  @Test func nestedConntrackIsRefusedAtTheSecondLevel() {
    // 2,000 actions ct, each within the one before: a decoder that calls itself would run out of stack.
    let depth = 2000
    var bytes: [UInt8] = []
    for level in 0..<depth {
      let length = UInt16(24 * (depth - level))
      bytes += [0xff, 0xff, UInt8(length >> 8), UInt8(length & 0xff), 0, 0, 0x23, 0x20, 0, 35]
      bytes += [UInt8](repeating: 0, count: 14)
    }
    let actionsLength = UInt16(bytes.count)
    let body: [UInt8] =
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfd, UInt8(actionsLength >> 8), UInt8(actionsLength & 0xff)]
      + [UInt8](repeating: 0, count: 6) + bytes
    let total = UInt16(body.count + 8)
    #expect(
      throws: OpenFlowDecodingError.badValue(
        what: "action within ct", offset: 48, value: 35, accepted: "any other than ct")
    ) {
      try Message(bytes: [4, 13, UInt8(total >> 8), UInt8(total & 0xff), 0, 0, 0, 1] + body, .v1_3)
    }
  }

  @Test func aMatchHasNoMoreFieldsThanAnySwitchKnows() throws {
    func message(fields: Int) -> [UInt8] {
      var match: [UInt8] = (0..<fields).flatMap { index in
        [0x12, UInt8(index / 128), UInt8(index % 128) << 1, 1, 0]
      }
      match = [0, 1, UInt8((match.count + 4) >> 8), UInt8((match.count + 4) & 0xff)] + match
      match += [UInt8](repeating: 0, count: (8 - match.count % 8) % 8)
      let length = 48 + match.count
      return [4, 14, UInt8(length >> 8), UInt8(length & 0xff), 0, 0, 0, 1] + [UInt8](repeating: 0, count: 40) + match
    }
    #expect(throws: Never.self) { try Message(bytes: message(fields: 256), .v1_3) }
    #expect(throws: OpenFlowDecodingError.self) { try Message(bytes: message(fields: 257), .v1_3) }
  }

  /// What can be read can be written and read again, and is the same then.
  private static func mustNotTrap(_ bytes: [UInt8], _ version: ProtocolVersion) {
    guard let message = try? Message(bytes: bytes, version), let again = try? message.bytes(version) else { return }
    if (try? Message(bytes: again, version)) != message { Issue.record("\(bytes) is read as \(message)") }
  }
}

/// A small generator whose numbers are the same on every machine (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    self.state &+= 0x9e37_79b9_7f4a_7c15
    var z = self.state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
