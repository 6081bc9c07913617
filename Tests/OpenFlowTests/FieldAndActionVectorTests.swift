// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlow
import Testing

/// The bytes of every field and every action that Open vSwitch knows are pinned by a file, in both versions; what it
/// says of them is in the file too. To add one, see `VectorTests`.
@Suite struct FieldAndActionVectorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let version: ProtocolVersion
    let name: String
    let body: MessageBody
    var fileName: String { "of\(self.version == .v1_3 ? "13" : "15")-\(self.name)" }
    var testDescription: String { self.fileName }

    static let all: [Case] = ProtocolVersion.allCases.flatMap { version in
      let newer = version == .v1_5 ? ActionSamples.newerSamples : []
      return (FieldSamples.samples + ActionSamples.samples + newer).map {
        Case(version: version, name: $0.name, body: $0.body)
      }
    }
  }

  @Test(arguments: Case.all)
  func sampleHasTheBytesOfItsFile(_ sample: Case) throws {
    let message = Message(xid: 1, sample.body)
    let bytes = try message.bytes(sample.version)
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
    #expect(try Message(bytes: bytes, sample.version) == message)
  }

  @Test(arguments: ProtocolVersion.allCases)
  func whatOpenVSwitchDoesNotKnowIsReadAsItWasWritten(version: ProtocolVersion) throws {
    let fields = FieldSamples.unknownToOpenVSwitch.flatMap { family in
      [false, true].map { FlowMod(tableID: 0, match: FieldSamples.match(family, masked: $0)) }
    }
    for flow in fields + ActionSamples.others.map(\.flow) {
      let bytes = try Message(xid: 1, .flowMod(flow)).bytes(version)
      #expect(try Message(bytes: bytes, version).body == .flowMod(flow), "\(flow.match) \(flow.instructions)")
    }
  }

  /// No field and no action is without a sample.
  @Test func everyFieldHasASample() {
    let families = FieldSamples.families + FieldSamples.unknownToOpenVSwitch
    for field in MatchField.allKnown {
      let found = families.contains { $0.fields.contains { $0.name == field.name } }
      #expect(found, "\(field)")
    }
  }
}
