// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Foundation
import SouthboundLoad
import Testing

/// On the loopback address only: needs no root.
@Suite(.serialized) struct SouthboundTests {
  @Test func `as a learning switch the controller answers every packet, and every answer is right`() async throws {
    var options = LoadOptions(controllers: [SocketEndpoint(IPv4Address(rawValue: 0x7f00_0001), 17_653)])
    options.switches = 3
    options.hosts = 20
    options.warmUp = .milliseconds(200)
    options.duration = .seconds(1)
    let directory = FileManager.default.temporaryDirectory.appending(path: "isthmus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: directory) }
    let report = try await LoadTrial.run(.isthmus, options, directory: directory.path).report
    #expect(report.wrong == 0, "\(report.complaint ?? "")")
    #expect(report.unanswered == 0)
    #expect(report.answers > 0)
  }
}
