// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import LabKit
import ServiceModel

/// What becomes of the connections that a region leaves behind when it dies.
package struct DeadConnections: Sendable {
  package let connections: Int
  /// From the region's death to the first reset that a connection's client got, in ascending order.
  package let resets: [Duration]
  /// From the death until the switch was told to forget the connections.
  package let flushed: Duration
  /// Connections that were neither reset nor open at the end, and those that were still open without a reset.
  package let vanished: Int
  package let hanging: Int
  /// Of new TCP connections.
  package let unavailability: Duration
  /// New connections that failed from 100 ms after detection's bound on.
  package let failedLater: Int
  /// Of one UDP flow that sends every 5 ms from one port.
  package let datagramUnavailability: Duration?
  package let bound: Duration
  package let stolen: Double

  /// Every connection got a reset, and new ones were served in time.
  package var isKept: Bool {
    self.resets.count == self.connections && self.unavailability <= self.bound + .milliseconds(100)
  }

  /// Sends a datagram, waits 5 ms for the first byte of an answer, and writes the time of each answer. A shell's `read`
  /// takes one byte; the rest of a datagram goes with it.
  private static let datagrams = """
    exec 3<>/dev/udp/\(LabLayout.virtualIP)/53
    while :; do
      echo >&3
      if IFS= read -r -t 0.005 -n 1 -u 3; then echo "$EPOCHREALTIME"; sleep 0.005; fi
    done
    """

  package static func measure(_ amount: HeldLoad.Amount) async throws -> DeadConnections {
    let scenario = FailoverScenario.regionDark
    var options = scenario.options
    options.service.datagramPorts = [53]
    return try await Lab.with(options) { lab in
      try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
      let load = try await HeldLoad.start(amount, in: lab)
      // Resets that the client is sent, and when.
      let capture = try await lab.start(
        in: .client,
        [
          "tcpdump", "-i", "eth0", "-n", "-tt", "-l", "--immediate-mode", "-B", "16384",
          "src host \(LabLayout.virtualIP) and tcp[tcpflags] & tcp-rst != 0",
        ], log: "resets.log")
      let datagrams = try await lab.start(in: .client, ["bash", "-c", self.datagrams], log: "datagrams.log")
      try await lab.waitUntil("tcpdump and answers to datagrams") {
        lab.written(to: "resets.log").contains("listening on")
          && lab.written(to: "datagrams.log").split(separator: "\n").count > 50
      }
      let clock = WallClockOffset()
      let failed = try await scenario.fail(lab)
      try await load.prober.waitForAnswers(3 * amount.rate, of: 2, after: failed)
      capture.send(.terminate)
      datagrams.send(.terminate)
      _ = try await (capture.wait(), datagrams.wait())
      let resets = Self.resets(lab.written(to: "resets.log"))
      let open = try await ClientSockets.established(in: lab)
      let events = try await LabEvents.read(from: lab)
      let outcome = try await load.stop()
      guard let gap = outcome.new.unavailability(around: failed) else {
        throw ExperimentError.noAnswers(scenario.name)
      }
      let flush = events.filter { $0.kind == "connections-cut" }.compactMap(clock.instant(of:)).first { $0 > failed }
      let unreset = load.opened.filter { resets[$0] == nil }
      let answers = lab.written(to: "datagrams.log").split(separator: "\n").compactMap { clock.instant(ofEpoch: $0) }
      return DeadConnections(
        connections: load.opened.count,
        resets: load.opened.compactMap { resets[$0].flatMap { clock.instant(ofEpoch: $0) }.map { $0 - failed } }
          .sorted(),
        flushed: flush.map { $0 - failed } ?? .zero, vanished: unreset.count { open[$0] == nil },
        hanging: unreset.count { open[$0] != nil }, unavailability: gap.duration,
        failedLater: outcome.new.lost.count { $0.start > failed + scenario.bound + .milliseconds(100) },
        datagramUnavailability: Self.longestGap(answers, after: failed), bound: scenario.bound, stolen: outcome.stolen)
    }
  }

  /// The first reset of each connection, by the client's address and port:
  /// `1763858400.123456 IP 172.20.126.100.80 > 172.20.126.130.49190: Flags [R.], …`
  package static func resets(_ capture: String) -> [String: Substring] {
    var resets: [String: Substring] = [:]
    for line in capture.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 4, words[1] == "IP", words[3] == ">", let dot = words[4].lastIndex(of: ".") else { continue }
      let socket = "\(words[4][..<dot]):\(words[4][words[4].index(after: dot)...].prefix { $0.isNumber })"
      if resets[socket] == nil { resets[socket] = words[0] }
    }
    return resets
  }

  private static func longestGap(_ answers: [Instant], after moment: Instant) -> Duration? {
    zip(answers, answers.dropFirst()).filter { $0.1 > moment }.map { $0.1 - $0.0 }.max()
  }
}
