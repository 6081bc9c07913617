// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlow
import Testing

/// As `VectorTests`, for messages beyond flows and groups, and for those that Open vSwitch does not read.
@Suite struct MessageVectorTests {
  @Test(arguments: Sample.further)
  func sampleHasTheBytesOfItsFile(_ sample: Sample) throws {
    let bytes = try sample.message.bytes(sample.version)
    if Self.mustRecord(sample.fileName) {
      try HexVector(
        name: sample.fileName, version: sample.version, says: try ExternalTool.describe(bytes),
        from: "this project's encoder, read by \(try ExternalTool.openVSwitchVersion())", bytes: bytes
      ).write(fileName: sample.fileName)
    }
    #expect(bytes == (try HexVector(fileName: sample.fileName).bytes))
    #expect(try Message(bytes: bytes, sample.version) == sample.message)
  }

  @Test(arguments: Sample.beyondOpenVSwitch)
  func sampleBeyondOpenVSwitchHasTheBytesOfItsFile(_ sample: Sample) throws {
    let (bytes, fileName) = (try sample.message.bytes(sample.version), sample.specificationFileName)
    if Self.mustRecord(fileName) {
      try HexVector(
        name: fileName, version: sample.version, says: [],
        from: "this project's encoder, compared with the specification",
        bytes: bytes
      ).write(fileName: fileName)
    }
    #expect(bytes == (try HexVector(fileName: fileName).bytes))
    #expect(try Message(bytes: bytes, sample.version) == sample.message)
    // As in `HostileInputTests`: cut off anywhere it is an error; with a header that hides it, it is at least no trap.
    for length in 0..<bytes.count {
      #expect(throws: OpenFlowDecodingError.self) { try Message(bytes: Array(bytes[..<length]), sample.version) }
      guard length >= OpenFlowFrame.headerLength else { continue }
      var shortened = Array(bytes[..<length])
      shortened[2] = UInt8(length >> 8)
      shortened[3] = UInt8(length & 0xff)
      Self.mustStay(shortened, sample.version)
    }
    for bit in 0..<(8 * bytes.count) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      Self.mustStay(flipped, sample.version)
    }
  }

  /// What can be read can be written and read again, and is the same then.
  private static func mustStay(_ bytes: [UInt8], _ version: ProtocolVersion) {
    guard let message = try? Message(bytes: bytes, version), let again = try? message.bytes(version) else { return }
    if (try? Message(bytes: again, version)) != message { Issue.record("\(bytes) is read as \(message)") }
  }

  private static func mustRecord(_ fileName: String) -> Bool {
    !FileManager.default.fileExists(atPath: HexVector.url(fileName).path)
      && ProcessInfo.processInfo.environment["ISTHMUS_RECORD_VECTORS"] != nil
  }
}
