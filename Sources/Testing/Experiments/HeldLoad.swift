// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import LabKit
import ServiceModel

/// Load on a lab's virtual IP while something is done to it: connections that stay open and exchange something about
/// once a second (wrk, of several clients), and new ones all the time (a prober, from other addresses).
package struct HeldLoad: Sendable {
  /// How much.
  package struct Amount: Sendable {
    /// Connections that stay open.
    package var connections: Int
    /// New connections a second. At most 10,000
    package var rate: Int

    package init(connections: Int = 2_000, rate: Int = 500) {
      self.connections = connections
      self.rate = rate
    }
  }

  /// What became of it.
  package struct Outcome: Sendable {
    /// Connections that were open at the start.
    package let connections: Int
    /// Of those, how many were gone at the end.
    package let broken: Int
    /// Of those, how many were there but had got no byte for 2.5 s.
    package let silent: Int
    /// Of any established connection, as the client's kernel counts them.
    package let resets: Int
    /// Requests on the connections that stay open, and those that failed or took longer than 5 s.
    package let requests: Wrk
    /// The new ones. One without an answer for 5 s has failed; a SYN that the machine lost is sent again after 1 s.
    package let new: ProbeLog
    /// The share of the processors that the hypervisor took from this machine meanwhile.
    package let stolen: Double

    /// New connections that were answered after more than 0.9 s.
    package var late: Int { self.new.answers.count { $0.end - $0.start > .milliseconds(900) } }

    package var isUnharmed: Bool {
      self.broken + self.silent + self.resets + self.requests.errors + self.new.lost.count == 0
    }
  }

  package let amount: Amount
  private let lab: Lab
  private let talkers: [Talker]
  package let prober: ProberHandle
  /// The connections that stay open, by the client's address and port.
  package let opened: Set<String>
  private let resets: Int
  private let stolenTime = StolenTime()

  /// A wrk that holds some of the connections.
  private struct Talker: Sendable {
    let process: ChildProcess
    let log: String
  }

  /// 500 to 1,000 ms between an answer and the next request.
  private static let pause = "function delay() return math.random(500, 1000) end\n"
  private static let talkerCount = 8
  private static let newClients = 4

  /// Returns when all connections are open and have been answered. Once in a lab's life.
  package static func start(_ amount: Amount = Amount(), in lab: Lab) async throws -> HeldLoad {
    try LabRequirements.require("wrk", package: "wrk")
    let clients = try await lab.addClients(Self.talkerCount + Self.newClients)
    let script = "\(lab.directory.path)/pause.lua"
    _ = try await lab.exec(in: .client, ["tee", script], input: Self.pause).requireSuccess()
    var talkers: [Talker] = []
    for (number, client) in clients.prefix(Self.talkerCount).enumerated() {
      let share = (amount.connections + number) / Self.talkerCount
      let words = [
        "wrk", "-t", "1", "-c", "\(max(share, 1))", "-d", "1h", "--timeout", "5s", "-s", script,
        "http://\(Wrk.service)/",
      ]
      let log = "wrk-\(number).log"
      talkers.append(
        Talker(process: try await lab.start(in: .client, client.command(words), log: log), log: log))
    }
    var opened: [String: Int] = [:]
    try await lab.waitUntil("\(amount.connections) open connections", timeout: .seconds(30)) {
      opened = try await ClientSockets.established(in: lab)
      return opened.count >= amount.connections
    }
    var options = ProbeOptions(
      interval: .nanoseconds(1_000_000_000 / Int64(amount.rate)), timeout: .seconds(5))
    options.sources = clients.dropFirst(Self.talkerCount).map(\.address)
    let prober = try await lab.startProber(options)
    try await prober.waitForAnswers(amount.rate, after: MonotonicClock.now())
    return HeldLoad(
      amount: amount, lab: lab, talkers: talkers, prober: prober, opened: Set(opened.keys),
      resets: try await ClientSockets.resets(in: lab))
  }

  private init(amount: Amount, lab: Lab, talkers: [Talker], prober: ProberHandle, opened: Set<String>, resets: Int) {
    self.amount = amount
    self.lab = lab
    self.talkers = talkers
    self.prober = prober
    self.opened = opened
    self.resets = resets
  }

  package func stop() async throws -> Outcome {
    let stolen = self.stolenTime.share()
    let sockets = try await ClientSockets.established(in: self.lab)
    let resets = try await ClientSockets.resets(in: self.lab) - self.resets
    let new = try await self.prober.stop()
    var requests = Wrk()
    for talker in self.talkers {
      // Upon an interrupt wrk says what it has counted.
      talker.process.send(.interrupt)
      _ = try await talker.process.wait()
      let written = self.lab.written(to: talker.log)
      guard let wrk = Wrk(written) else { throw ExperimentError.badAnswer("wrk: \(written)") }
      requests = requests + wrk
    }
    return Outcome(
      connections: self.opened.count, broken: self.opened.subtracting(sockets.keys).count,
      silent: self.opened.count { sockets[$0].map { $0 > 2_500 } ?? false }, resets: resets, requests: requests,
      new: new, stolen: stolen)
  }
}
