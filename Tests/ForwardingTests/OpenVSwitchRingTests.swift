// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Foundation
import Forwarding
import OpenFlow
import Testing

/// On a real Open vSwitch, without a NORMAL anywhere.
@Suite(.enabled(if: RingLab.isPossible, "needs root, iproute2 and Open vSwitch"), .serialized)
struct OpenVSwitchRingTests {
  @Test func `three bridges in a ring carry pings, by flows, also when a link goes and comes`() throws {
    let lab = try RingLab()
    defer { lab.stop() }
    let controller = SmallController(seed: 1)
    for bridge in RingLab.bridges {
      try controller.connect(to: lab.managementSocket(bridge), DatapathID(rawValue: UInt64(bridge)))
    }
    let found = try controller.work(limit: .seconds(20)) { $0.links == 3 && $0.loops == 1 }
    #expect(found, "\(controller.decisions)")

    try self.ping(lab, controller)
    for bridge in RingLab.bridges { #expect(try lab.flows(bridge).contains("idle_timeout=60")) }
    // Known hosts need nobody any more: further pings go by flows.
    let before = controller.packetsIn
    try self.ping(lab, controller)
    #expect(controller.packetsIn - before < 60, "probes of links, and ARP that is asked again")

    for bridge in RingLab.bridges {
      try lab.setLink(from: bridge, isUp: false)
      #expect(try controller.work(limit: .seconds(20)) { $0.links == 2 })
      try self.ping(lab, controller)
      try lab.setLink(from: bridge, isUp: true)
      #expect(try controller.work(limit: .seconds(20)) { $0.links == 3 })
      try self.ping(lab, controller)
    }
    #expect(controller.errors == [])
  }

  /// Everybody pings everybody: each ping is answered once.
  private func ping(_ lab: RingLab, _ controller: SmallController) throws {
    for from in RingLab.bridges {
      for to in RingLab.bridges where to != from {
        // A packet that was on its way, or met a cached flow that was just removed, may be lost: one gets through first.
        var isThrough = false
        for _ in 0..<10 where !isThrough {
          let (first, answer) = try lab.launch(on: from, ["ping", "-c", "1", "-W", "1", lab.address(to)])
          _ = try controller.work(limit: .seconds(30)) { _ in !first.isRunning }
          isThrough = String(decoding: answer.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .contains("1 received")
        }
        #expect(isThrough, "\(from) → \(to)")
        let (process, output) = try lab.launch(
          on: from, ["ping", "-c", "5", "-i", "0.05", "-W", "2", lab.address(to)])
        let isDone = try controller.work(limit: .seconds(30)) { _ in !process.isRunning }
        #expect(isDone)
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text.contains("5 packets transmitted, 5 received, 0% packet loss"), "\(from) → \(to): \(text)")
        #expect(!text.contains("duplicates"), "\(text)")
      }
    }
  }
}

extension SmallController {
  /// Links that are there now.
  var links: Int {
    self.decisions.reduce(0) { count, decision in
      switch decision {
      case .linkFound: count + 1
      case .linkLost: count - 1
      default: count
      }
    }
  }

  var loops: Int { self.decisions.count { if case .loopFound = $0 { true } else { false } } }
}
