// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ArgumentParser
import Console
import Foundation
import ServiceModel
import SouthboundLoad

/// `isthmus bench southbound`
struct BenchSouthboundCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "southbound", abstract: "Play switches against a learning controller and check its answers.",
    discussion: """
      Each switch has hosts that send packets to each other; each packet is a PACKET_IN, and its answer is the \
      PACKET_OUT that sends it out of the right port, with a FLOW_MOD. Without --controller, Isthmus's own controller \
      and ovs-testcontroller are started on the loopback address, one after the other, and compared.
      """)

  @Option(help: "Another controller: ADDRESS:PORT. Its switches 1, 2, … must be free.")
  var controller: String?

  @Option(help: "How many switches; may be given several times. Default: 1, 16 and 64.")
  var switches: [Int] = []

  @Option(help: "throughput (256 packets under way at each switch), latency (1), or both.")
  var mode: [LoadOptions.Mode] = []

  @Option(help: "Hosts at each switch.")
  var hosts = 200

  @Option(help: "How many seconds answers are counted.")
  var seconds = 4

  @Option(help: "How often each is measured; the median counts.")
  var rounds = 3

  func validate() throws {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard range.contains(value) else {
        throw ValidationError("--\(name) \(value): accepted are \(range.lowerBound) to \(range.upperBound)")
      }
    }
    for count in self.switches { try check("switches", count, 1...4096) }
    try check("hosts", self.hosts, 2...4096)
    try check("seconds", self.seconds, 1...3600)
    try check("rounds", self.rounds, 1...100)
    if let controller, SocketEndpoint(controller) == nil {
      throw ValidationError("--controller \(controller): accepted is ADDRESS:PORT like 127.0.0.1:6653")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      if let controller, let endpoint = SocketEndpoint(controller) {
        try await self.load([endpoint])
      } else {
        try await self.compare()
      }
    }
  }

  private var cases: [(mode: LoadOptions.Mode, switches: Int)] {
    let switches = self.switches.isEmpty ? [1, 16, 64] : self.switches
    let modes = self.mode.isEmpty ? [.latency, .throughput] : self.mode
    return modes.flatMap { mode in switches.map { (mode, $0) } }
  }

  private func options(_ endpoints: [SocketEndpoint], _ mode: LoadOptions.Mode, _ switches: Int) -> LoadOptions {
    var options = LoadOptions(controllers: endpoints)
    options.mode = mode
    options.switches = switches
    options.hosts = self.hosts
    options.duration = .seconds(self.seconds)
    return options
  }

  private static let columns: [Table.Column] = [
    .init("MODE"), .init("SWITCHES", .right), .init("ANSWERS/S", .right), .init("MIN…MAX", .right),
    .init("RTT P50", .right), .init("P99", .right), .init("WRONG", .right), .init("UNANSWERED", .right),
  ]

  private func cells(_ report: LoadReport) -> [Table.Cell] {
    [
      .init(report.options.mode.rawValue), .init("\(report.options.switches)"),
      .init("\(Int(report.answersPerSecond))"), .init("\(report.leastPerSecond)…\(report.mostPerSecond)"),
      .init(microseconds(report.median)), .init(microseconds(report.percentile99)),
      .init("\(report.wrong)", report.wrong == 0 ? .plain : .bad),
      .init("\(report.unanswered)", report.unanswered == 0 ? .plain : .bad),
    ]
  }

  private func load(_ endpoints: [SocketEndpoint]) async throws {
    var table = Table(Self.columns)
    for (mode, switches) in self.cases {
      let report = try await SouthboundLoad.run(self.options(endpoints, mode, switches))
      if let complaint = report.complaint { note("first wrong answer: \(complaint)") }
      table.add(self.cells(report))
    }
    print(table.text(terminalPalette()))
  }

  /// One after the other in each round, so that what else the machine does disturbs both alike.
  private func compare() async throws {
    var table = Table(
      [.init("CONTROLLER")] + Self.columns + [.init("CPU", .right), .init("RSS", .right), .init("RATIO", .right)])
    var port: UInt16 = 16_653
    for (mode, switches) in self.cases {
      var trials: [LoadedController: [LoadTrial]] = [:]
      for _ in 0..<self.rounds {
        for controller in LoadedController.allCases {
          let processes = switches <= controller.maximumSwitches ? 1 : (switches - 1) / controller.maximumSwitches + 1
          let endpoints = (0..<processes).map {
            SocketEndpoint(IPv4Address(rawValue: 0x7f00_0001), port + UInt16(3 * $0))
          }
          port += 20
          let trial = try await withTemporaryDirectory {
            try await LoadTrial.run(controller, self.options(endpoints, mode, switches), directory: $0)
          }
          if let complaint = trial.report.complaint { note("\(controller.rawValue): \(complaint)") }
          trials[controller, default: []].append(trial)
        }
      }
      self.add(trials, to: &table)
    }
    print(table.text(terminalPalette()))
  }

  private func add(_ trials: [LoadedController: [LoadTrial]], to table: inout Table) {
    func middle(_ controller: LoadedController) -> LoadTrial? {
      let sorted = (trials[controller] ?? []).sorted { $0.report.answersPerSecond < $1.report.answersPerSecond }
      return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }
    let peer = middle(.testController)
    for controller in LoadedController.allCases {
      guard let trial = middle(controller) else { continue }
      let ratio = peer.map { trial.report.answersPerSecond / $0.report.answersPerSecond } ?? 0
      table.add(
        [.init(controller.rawValue)] + self.cells(trial.report) + [
          .init("\(Int((trial.processorShare * 100).rounded())) %"), .init("\(trial.residentBytes >> 20) MiB"),
          .init(String(format: "%.2f", ratio)),
        ])
    }
  }
}

extension LoadOptions.Mode: ExpressibleByArgument {}

/// `61 µs`
private func microseconds(_ duration: Duration) -> String { "\((duration.nanoseconds + 500) / 1_000) µs" }

private func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "isthmus-bench-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: url) }
  return try await body(url.path)
}
