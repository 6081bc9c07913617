// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Foundation
import LabKit
import ServiceModel
import Testing

/// What operators copy is what the lab runs, with other addresses.
@Suite struct GatewayPairFilesTests {
  private static let example = GatewayPairFiles(
    outside: .init(
      interface: "ens3", address: IPv4Address("172.20.126.11")!, prefixLength: 24,
      own: IPv4Address("172.20.126.101")!, peer: IPv4Address("172.20.126.111")!),
    inside: .init(
      interface: "ens4", address: IPv4Address("192.168.101.1")!, prefixLength: 24,
      own: IPv4Address("192.168.101.4")!, peer: IPv4Address("192.168.101.5")!),
    others: [IPv4Address("10.0.0.11")!], isFirst: true)

  @Test(arguments: [
    ("keepalived.conf", Self.example.keepalived), ("conntrackd.conf", Self.example.conntrackdConfiguration),
  ])
  func `the samples are what the lab writes`(name: String, text: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "packaging/gateway-pair/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_EXAMPLES"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }

  @Test func `keepalived's time is in seconds, to the hundredth`() {
    for (interval, text) in [
      (Duration.milliseconds(50), "0.05"), (.milliseconds(1_250), "1.25"), (.seconds(1), "1.00"),
    ] {
      var files = Self.example
      files.interval = interval
      #expect(files.keepalived.contains("advert_int \(text)\n"))
    }
  }
}
