// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit
import Testing

extension EndToEnd {
  /// Connections of which only the member still knows.
  @Suite struct PortReuseTests {
    private static let port = 40_001

    private func inClient(_ lab: Lab, _ script: String) async throws -> CommandOutput {
      try await lab.exec(in: .client, ["bash", "-c", script])
    }

    /// Whether or not the switch still knows the old connection too.
    @Test(arguments: [true, false])
    func `a client that lost a connection silently may use its port again at once`(isForgotten: Bool) async throws {
      var options = LabOptions()
      options.name = "isthmus-reuse"
      try await Lab.with(options) { lab in
        try await lab.waitUntilServing(by: 1)
        // Its ends are lost, and it gives up soon.
        _ = try await self.inClient(
          lab,
          """
          sysctl -qw net.ipv4.tcp_orphan_retries=1
          nft 'table ip reuse { chain out { type filter hook output priority 0;
            tcp sport \(Self.port) tcp flags & (fin | rst) != 0 drop; }; }'
          """
        ).requireSuccess()
        // Only connects: the member waits for a request.
        _ = try await self.inClient(
          lab,
          "sleep 1 | curl --silent --max-time 0.5 --local-port \(Self.port) telnet://\(LabLayout.virtualIP):80")
        try await lab.waitUntil("end of the client's side") {
          try await self.inClient(lab, "ss -Htan 'sport = :\(Self.port)'").requireSuccess().isEmpty
        }
        let kept = try await lab.exec(in: .member(1), ["ss", "-Htn", "state", "established", "dport = :\(Self.port)"])
        #expect(try !kept.requireSuccess().isEmpty, "the member has ended the connection: nothing is tried here")
        _ = try await self.inClient(lab, "nft delete table ip reuse").requireSuccess()
        if isForgotten { try await lab.appctl("dpctl/flush-conntrack") }
        let again = try await self.inClient(
          lab, "curl --silent --show-error --max-time 3 --local-port \(Self.port) http://\(LabLayout.virtualIP)/")
        #expect(again.output.hasPrefix("region r1"), "\(again.error)")
      }
    }
  }
}
