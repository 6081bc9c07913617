// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

/// Ending and breaking switches.
extension Lab {
  /// Ends the process that forwards, and waits until it is gone. What it forwarded is forwarded no more, its links stay
  /// up, and its tables are lost.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func killSwitch(_ number: Int) async throws -> Instant {
    guard let process = self.openVSwitches[number - 1].forwarding else {
      throw LabError.ended("ovs-vswitchd", log: "")
    }
    let moment = MonotonicClock.now()
    process.send(.kill)
    try await self.waitUntil("end of switch \(number)", timeout: .seconds(10)) { !process.isAlive }
    return moment
  }

  /// Has it hang, or go on.
  ///
  /// - Returns: the moment just before.
  package func signalSwitch(_ number: Int, _ signal: ProcessSignal) async throws -> Instant {
    let moment = MonotonicClock.now()
    self.openVSwitches[number - 1].forwarding?.send(signal)
    return moment
  }

  /// Starts it again, with empty tables.
  package func startSwitch(_ number: Int) async throws { try await self.openVSwitches[number - 1].startForwarding() }

  /// Has a switch and its controllers hear nothing of each other any more, though their connection is there.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func cutControl(ofSwitch number: Int) async throws -> Instant {
    let ports = self.layout.controllers.map { "\(LabLayout.openFlowPort(of: $0))" }.joined(separator: ", ")
    let rules = try self.command(in: LabLayout.host(ofSwitch: number), ["nft", "-f", "-"])
    let moment = MonotonicClock.now()
    try await rules.runSuccessfully(
      input: """
        table ip isthmus-lab-control {
          chain out { type filter hook output priority 0; tcp dport { \(ports) } drop; }
          chain in { type filter hook input priority 0; ip saddr \(LabLayout.controllerAddress) \
        tcp sport { \(ports) } ip daddr \(self.controlAddress(ofSwitch: number)) tcp dport 32768-65535 drop; }
        }

        """)
    return moment
  }

  package func restoreControl(ofSwitch number: Int) async throws {
    try await self.command(
      in: LabLayout.host(ofSwitch: number), ["nft", "delete", "table", "ip", "isthmus-lab-control"]
    ).runSuccessfully()
  }

  private func controlAddress(ofSwitch number: Int) -> String {
    number == 1 ? "\(LabLayout.controllerAddress)" : "\(LabLayout.switchManagementAddress)"
  }

  /// Takes the link between a switch and a segment down (`client`, `r1`): the switch sees its port go down.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func cutSegment(_ segment: String, ofSwitch number: Int) async throws -> Instant {
    let moment = MonotonicClock.now()
    try await self.setSegment(segment, ofSwitch: number, "down")
    return moment
  }

  package func restoreSegment(_ segment: String, ofSwitch number: Int) async throws {
    try await self.setSegment(segment, ofSwitch: number, "up")
  }

  private func setSegment(_ segment: String, ofSwitch number: Int, _ state: String) async throws {
    try await self.exec(in: .segments, ["ip", "link", "set", "s\(number)-\(segment)", state]).requireSuccess()
  }

  /// Has the client send what is for the virtual IP to these switches' own addresses, each connection to one of them, as a
  /// router with several next hops does.
  package func route(through switches: [Int]) async throws {
    let hops = switches.flatMap { ["nexthop", "via", "\(LabLayout.probeAddress(ofSwitch: $0))", "dev", "eth0"] }
    try await self.exec(in: .client, ["sysctl", "-qw", "net.ipv4.fib_multipath_hash_policy=1"]).requireSuccess()
    try await self.exec(in: .client, ["ip", "route", "replace", "\(LabLayout.virtualIP)/32"] + hops).requireSuccess()
  }
}
