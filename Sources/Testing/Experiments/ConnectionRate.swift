// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import LabKit

/// New connections a second through the virtual IP, beside plain forwarding in the same switch.
package struct ConnectionRate: Sendable {
  /// Connections a second, of each round.
  package let rates: Comparison
  package let connections: Int
  /// Connections that failed, of both.
  package let errors: Int
  /// The share of the processors that the hypervisor took from this machine meanwhile.
  package let stolen: Double

  /// Of each burst; together they have 32 connections at a time.
  private static let clients = 4

  /// - Parameter seconds: of each round and way.
  package static func measure(rounds: Int, seconds: Int) async throws -> ConnectionRate {
    try LabRequirements.require("wrk", package: "wrk")
    return try await Lab.with(FailoverScenario.quick()) { lab in
      try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
      try await PlainPath.open([80], in: lab)
      try await Self.forgetEndedConnectionsSoon(in: lab)
      let clients = try await lab.addClients(LabClient.maximum)
      let stolenTime = StolenTime()
      var total = Wrk()
      var burst = 0
      let rates = try await Comparison.run(rounds: rounds) { isVirtual, _ in
        // Clients that were at rest for a while: no port is used again before the switch and the server have forgotten it.
        let first = burst * Self.clients % (clients.count - Self.clients)
        burst += 1
        let wrk = try await Self.burst(
          to: isVirtual ? Wrk.service : PlainPath.endpoint(80), from: clients[first..<first + Self.clients],
          seconds: seconds, in: lab)
        total = total + wrk
        return wrk.perSecond
      }
      return ConnectionRate(
        rates: rates, connections: total.requests, errors: total.errors, stolen: stolenTime.share())
    }
  }

  /// A wrk for each client, all at once.
  private static func burst(
    to target: SocketEndpoint, from clients: ArraySlice<LabClient>, seconds: Int, in lab: Lab
  ) async throws -> Wrk {
    try await withThrowingTaskGroup(of: Wrk.self) { group in
      for client in clients {
        group.addTask { try await Wrk.run(in: lab, to: target, ["-c", "8"], seconds: seconds, as: client) }
      }
      return try await group.reduce(Wrk(), +)
    }
  }

  /// The gateway's kernel holds no more than 262,144 connections, by default each for two minutes after its end.
  private static func forgetEndedConnectionsSoon(in lab: Lab) async throws {
    let setting = "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait"
    _ = try await lab.exec(in: .gateway(1), ["tee", setting], input: "5").requireSuccess()
  }
}
