// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import ServiceModel

/// `isthmus bench triggers`
struct BenchTriggersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triggers",
    abstract: "Measure how load that passes a threshold is shared: packets, flows, processors.",
    discussion: """
      Two regions; the first one gets everything until the policy's threshold is passed. wrk opens a connection for every \
      request; for active-flows httperf keeps some 400 connections open, 50 new ones a second. FIRED is from the \
      load's start until both regions get new connections. CONNECTIONS and CARRIED are the regions' shares in the second \
      half of the load: of new connections, as the members' kernels count them, and of what the policy levels (packets through the gateways, open \
      connections at the members). OFF is how far CARRIED, or for cpu CONNECTIONS, is from an even share, in points. \
      The lab's members share the machine's processors, and so tell the same load (isthmus-agent member).
      """)

  @Option(help: "How long the load lasts.")
  var seconds = 60

  @Option(help: "Only this policy; may be given several times: packets-per-second, active-flows, cpu.")
  var policy: [String] = []

  func validate() throws {
    guard (10...600).contains(self.seconds) else {
      throw ValidationError("--seconds \(self.seconds): accepted are 10 to 600")
    }
    let names = Triggered.policies.map(\.rawValue)
    for name in self.policy where !names.contains(name) {
      throw ValidationError("--policy \(name): accepted are \(names.joined(separator: ", "))")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      var table = Table(
        "POLICY", .init("REQUESTS", .right), .init("LOST", .right), .init("FIRED", .right), "CONNECTIONS", "CARRIED",
        .init("OFF", .right), .init("STOLEN", .right))
      var isKept = true
      for policy in Triggered.policies where self.policy.isEmpty || self.policy.contains(policy.rawValue) {
        let result = try await Triggered.measure(policy, seconds: self.seconds)
        isKept = isKept && result.lost == 0 && result.fired != nil
        table.add(
          .init(policy.rawValue), .init("\(result.requests)"), .count(result.lost),
          result.fired.map { .init(milliseconds($0)) } ?? .init("never", .bad), .init(shares(result.connections)),
          .init(shares(result.figures)), .init(hundredths(result.deviation)), .init(percent(result.stolen)))
      }
      print(table.text(terminalPalette()))
      if !isKept { throw ExitCode.failure }
    }
  }
}
