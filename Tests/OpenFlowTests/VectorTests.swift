// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlow
import Testing

/// The bytes of each sample are pinned by a file, and Open vSwitch says what they mean.
///
/// To add one: add the sample, run with `ISTHMUS_RECORD_VECTORS=1`, and read what Open vSwitch says in the new file.
@Suite struct VectorTests {
  @Test(arguments: Sample.all)
  func sampleHasTheBytesOfItsFile(_ sample: Sample) throws {
    let bytes = try sample.message.bytes(sample.version)
    if !FileManager.default.fileExists(atPath: HexVector.url(sample.fileName).path),
      ProcessInfo.processInfo.environment["ISTHMUS_RECORD_VECTORS"] != nil
    {
      try HexVector(
        name: sample.fileName, says: try ExternalTool.describe(bytes), from: "this project's encoder, read by Open vSwitch", bytes: bytes
      ).write(fileName: sample.fileName)
    }
    let vector = try HexVector(fileName: sample.fileName)
    #expect(bytes == vector.bytes)
    #expect(try Message(bytes: bytes, sample.version) == sample.message)
  }

  @Test(arguments: try HexVector.fileNames())
  func decodingAndEncodingGivesTheSameBytes(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    let version: ProtocolVersion = fileName.hasPrefix("of13") ? .v1_3 : .v1_5
    #expect(try Message(bytes: vector.bytes, version).bytes(version) == vector.bytes)
  }

  @Test(
    .enabled(if: ExternalTool.isPresent("ovs-ofctl"), "ovs-ofctl is not installed (package openvswitch-common)"),
    arguments: try HexVector.fileNames())
  func openVSwitchSaysWhatTheFileSays(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    #expect(try ExternalTool.describe(vector.bytes) == vector.says)
    #expect(!vector.says.isEmpty)
  }
}
