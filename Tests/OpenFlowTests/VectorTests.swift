// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlow
import Testing

/// The bytes of each sample (`of13-…`, `of15-…`) are pinned by a file, and Open vSwitch says what they mean. Files
/// whose names begin with `ovs` are what a real Open vSwitch sent.
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
        name: sample.fileName, version: sample.version, says: try ExternalTool.describe(bytes),
        from: "this project's encoder, read by \(try ExternalTool.openVSwitchVersion())", bytes: bytes
      ).write(fileName: sample.fileName)
    }
    let vector = try HexVector(fileName: sample.fileName)
    #expect(bytes == vector.bytes)
    #expect(try Message(bytes: bytes, sample.version) == sample.message)
  }

  @Test(arguments: try HexVector.fileNames(prefix: "of"))
  func decodingAndEncodingGivesTheSameBytes(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    #expect(try Message(bytes: vector.bytes, vector.version).bytes(vector.version) == vector.bytes)
  }

  @Test(
    .enabled(if: ExternalTool.isPresent("ovs-ofctl"), "ovs-ofctl is not installed (package openvswitch-common)"),
    arguments: try HexVector.fileNames())
  func openVSwitchSaysWhatTheFileSays(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    #expect(!vector.says.isEmpty)
    #expect(try ExternalTool.describe(vector.bytes) == vector.says)
  }

  /// Open vSwitch writes fields in another order and under other names; what it says must survive all the same.
  @Test(
    .enabled(if: ExternalTool.isPresent("ovs-ofctl"), "ovs-ofctl is not installed (package openvswitch-common)"),
    arguments: try HexVector.fileNames(prefix: "ovs"))
  func decodingAndEncodingKeepsTheMeaning(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    let message = try Message(bytes: vector.bytes, vector.version)
    let bytes = try message.bytes(vector.version)
    #expect(try Message(bytes: bytes, vector.version) == message)
    #expect(try ExternalTool.describe(bytes) == vector.says)
  }
}
