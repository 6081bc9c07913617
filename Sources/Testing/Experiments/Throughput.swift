// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import LabKit

/// What one connection, or a few, get through the virtual IP, beside plain forwarding in the same switch.
package struct Throughput: Sendable {
  /// Bits a second of that many TCP streams.
  package let streams: [(count: Int, rates: Comparison)]
  /// The median round trip of 64 bytes on a kept connection, in microseconds.
  package let roundTrips: Comparison
  /// The share of the processors that the hypervisor took from this machine meanwhile.
  package let stolen: Double

  /// What the virtual IP adds, in microseconds.
  package var addedLatency: Double { self.roundTrips.medians.virtual - self.roundTrips.medians.plain }

  private static let streamPort: UInt16 = 5201
  private static let echoPort: UInt16 = 11_111

  /// - Parameter seconds: of each round and way.
  package static func measure(streams: [Int], rounds: Int, seconds: Int) async throws -> Throughput {
    try LabRequirements.require("iperf3", package: "iperf3")
    try LabRequirements.require("sockperf", package: "sockperf")
    let ports = [80, Self.streamPort, Self.echoPort]
    return try await Lab.with(FailoverScenario.quick { $0.service.ports = ports }) { lab in
      try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
      try await PlainPath.open(ports, in: lab)
      try await Self.serve(["iperf3", "--server", "--port", "\(Self.streamPort)"], at: Self.streamPort, in: lab)
      try await Self.serve(["sockperf", "server", "--tcp", "--port", "\(Self.echoPort)"], at: Self.echoPort, in: lab)
      let stolenTime = StolenTime()
      var results: [(count: Int, rates: Comparison)] = []
      for count in streams {
        let rates = try await Comparison.run(rounds: rounds) { isVirtual, _ in
          try await Self.bitsPerSecond(isVirtual, streams: count, seconds: seconds, in: lab)
        }
        results.append((count, rates))
      }
      let roundTrips = try await Comparison.run(rounds: rounds) { isVirtual, _ in
        try await Self.roundTrip(isVirtual, seconds: seconds, in: lab)
      }
      return Throughput(streams: results, roundTrips: roundTrips, stolen: stolenTime.share())
    }
  }

  /// Starts a server at the member of region 1 and returns when it listens.
  private static func serve(_ words: [String], at port: UInt16, in lab: Lab) async throws {
    _ = try await lab.start(in: .member(1), words, log: "\(words[0]).log")
    try await lab.waitUntil("\(words[0]) on port \(port)") {
      try await !lab.exec(in: .member(1), ["ss", "-Htln", "sport = :\(port)"]).requireSuccess().isEmpty
    }
  }

  private static func address(_ isVirtual: Bool) -> String {
    "\(isVirtual ? LabLayout.virtualIP : LabLayout.gatewayAddress(1))"
  }

  private static func bitsPerSecond(
    _ isVirtual: Bool, streams: Int, seconds: Int, in lab: Lab
  ) async throws -> Double {
    let output = try await lab.exec(
      in: .client,
      [
        "iperf3", "--client", self.address(isVirtual), "--port", "\(self.streamPort)", "--time", "\(seconds)",
        "--parallel", "\(streams)", "--json",
      ], timeout: .seconds(Int64(seconds) + 30)
    ).output
    guard let rate = Iperf(output)?.bitsPerSecond else { throw ExperimentError.badAnswer("iperf3: \(output)") }
    return rate
  }

  private static func roundTrip(_ isVirtual: Bool, seconds: Int, in lab: Lab) async throws -> Double {
    let output = try await lab.exec(
      in: .client,
      [
        "sockperf", "ping-pong", "--tcp", "--full-rtt", "--ip", self.address(isVirtual), "--port", "\(self.echoPort)",
        "--time", "\(seconds)", "--msg-size", "64",
      ], timeout: .seconds(Int64(seconds) + 30)
    ).requireSuccess()
    guard let sockperf = Sockperf(output) else { throw ExperimentError.badAnswer("sockperf: \(output)") }
    return sockperf.median
  }
}

/// What iperf3 says with `--json`.
package struct Iperf: Sendable {
  /// Received, of all streams.
  package let bitsPerSecond: Double

  /// Nil where it failed: it says why in the same form.
  package init?(_ output: String) {
    struct Report: Decodable {
      struct End: Decodable { var sum_received: Sum? }
      struct Sum: Decodable { var bits_per_second: Double }
      var end: End
    }
    guard let report = try? JSONDecoder().decode(Report.self, from: Data(output.utf8)),
      let sum = report.end.sum_received
    else { return nil }
    self.bitsPerSecond = sum.bits_per_second
  }
}

/// What sockperf says of round trips.
package struct Sockperf: Sendable {
  /// Microseconds
  package let median: Double

  /// `sockperf: ---> percentile 50.000 =   23.794`
  package init?(_ output: String) {
    let line = output.split(separator: "\n").first { $0.contains("percentile 50.000 ") }
    guard let median = line?.split(separator: " ").last.flatMap({ Double($0) }) else { return nil }
    self.median = median
  }
}
