// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlowText
import Testing

/// What tcpdump captures of a conversation with a real Open vSwitch, while it goes on.
@Suite(
  .serialized,
  .enabled(if: CapturedSwitch.isPossible, "needs root, Open vSwitch (package openvswitch-switch) and tcpdump"))
struct RealCaptureTests {
  @Test(arguments: [["-i", "lo"], ["-i", "lo", "--nano"], ["-i", "any"], ["-i", "any", "-y", "LINUX_SLL"]])
  func aConversationIsReadAsItHappens(tcpdump: [String]) throws {
    try CapturedSwitch.run(tcpdump: tcpdump) { captured in
      for version in ["OpenFlow13", "OpenFlow15"] {
        try captured.ofctl(
          version, "add-group",
          ["group_id=\(version.hasSuffix("3") ? 3 : 5),type=select,bucket=output:1,bucket=output:2"])
        try captured.ofctl(
          version, "add-flow",
          ["table=1,priority=7,tcp,nw_dst=10.0.0.0/24,tp_dst=80,actions=set_field:10.0.0.9->ip_dst,ct(commit,zone=3)"])
        for command in ["dump-flows", "dump-groups", "show", "dump-ports", "dump-desc"] {
          try captured.ofctl(version, command)
        }
      }
      var decoder = OpenFlowDecoder(ports: [captured.portNumber])
      var output: [UInt8] = []
      // The answers to the last command of each version; what comes after them is of no interest.
      while Self.count(#""type":"multipart_reply","body":{"type":"desc""#, in: output) < 2 {
        try decoder.read(try captured.captured()[...], into: &output)
      }
      #expect(decoder.errorCount == 0)
      let text = String(decoding: output, as: UTF8.self)
      for type in ["hello", "group_mod", "flow_mod", "features_reply", "barrier_reply", "multipart_request"] {
        #expect(text.contains(#""type":"\#(type)""#), "\(type)")
      }
      for line in text.split(separator: "\n") {
        let bytes = try encoded(String(line))
        let again = try #require(Decoded(bytes).lines.first)
        #expect(line.hasSuffix(again.dropFirst()), "\(line)")
      }
    }
  }

  private static func count(_ pattern: String, in output: [UInt8]) -> Int {
    String(decoding: output, as: UTF8.self).components(separatedBy: pattern).count - 1
  }
}
