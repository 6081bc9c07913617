// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Foundation
import LabKit
import ServiceModel

/// Static entries over REST, measured from a host of the lab: how many a second, how long ten thousand at once take beside
/// `ovs-ofctl --bundle`, and how soon two of them redirect packets that are on their way.
package struct Entries: Sendable {
  package var waiting: EntryTrial.Rate
  package var pipelined: EntryTrial.Rate
  /// Ten thousand in one request, until it is answered, and by the tool, its start included. In the order of the rounds.
  package var bulk: [Duration] = []
  package var byTool: [Duration] = []
  package var together: EntryTrial.Reaction
  package var apart: EntryTrial.Reaction
  package var stolen: Double

  /// The median of the rounds' ratios.
  package var ratio: Double { Comparison.median(zip(self.bulk, self.byTool).map { $0 / $1 }) }

  package static let bulkCount = 10_000

  /// - Parameter note: told what goes on.
  package static func measure(
    entries: Int, window: Int, rounds: Int, runs: Int, note: (String) -> Void
  ) async throws -> Entries {
    var options = LabOptions()
    options.name = "isthmus-entries"
    return try await Lab.with(options) { lab in
      let stolenTime = StolenTime()
      try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
      let waiting: EntryTrial.Rate = try await Self.trial(
        ["rate", "--count", "\(entries)", "--window", "1", "--series", "1"], in: lab)
      note("waiting for each: \(Double(entries) / waiting.seconds) a second")
      try await Self.check(lab, count: entries)
      let pipelined: EntryTrial.Rate = try await Self.trial(
        ["rate", "--count", "\(entries)", "--window", "\(window)", "--series", "2"], in: lab)
      note("\(window) on their way: \(Double(entries) / pipelined.seconds) a second")
      try await Self.check(lab, count: 2 * entries)
      try await Self.clear(lab)

      var bulk: [Duration] = []
      var byTool: [Duration] = []
      let (body, flows) = try await Self.writeBulk(in: lab)
      for _ in 0..<rounds {
        let began = MonotonicClock.now()
        try await lab.ofctl("--bundle", "add-flows", LabLayout.bridge, flows)
        byTool.append(MonotonicClock.now() - began)
        try await lab.ofctl("del-flows", LabLayout.bridge, "cookie=0x77/-1")
        let took: Double = try await Self.trial(["bulk", "--file", body], in: lab)
        bulk.append(.microseconds(Int64(took * 1000)))
        try await Self.check(lab, count: Self.bulkCount)
        try await Self.clear(lab)
        note("10,000 at once: \(bulk[bulk.count - 1]), ovs-ofctl \(byTool[byTool.count - 1])")
      }
      try await Self.prepareStream(lab)
      let together: EntryTrial.Reaction = try await Self.reaction(["--together"], runs, in: lab)
      let apart: EntryTrial.Reaction = try await Self.reaction([], runs, in: lab)
      return Entries(
        waiting: waiting, pipelined: pipelined, bulk: bulk, byTool: byTool, together: together, apart: apart,
        stolen: stolenTime.share())
    }
  }

  // MARK: Trials

  private static func trial<Value: Decodable>(
    _ words: [String], on host: LabHost = .switch, in lab: Lab
  ) async throws -> Value {
    guard let isthmus = ExecutablePath.ofProduct("isthmus", override: nil) else {
      throw ExperimentError.badAnswer("the program isthmus is not beside this one")
    }
    let address = host == .switch ? "127.0.0.1" : LabLayout.controllerAddress.description
    let text = try await lab.exec(
      in: host, [isthmus, "lab", "entries", "--address", address] + words, timeout: .seconds(300)
    ).requireSuccess()
    return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  private static func check(_ lab: Lab, count: Int) async throws {
    let aggregate = try await lab.ofctl(
      "dump-aggregate", LabLayout.bridge, "cookie=0x4953534500000000/0xffffffff00000000")
    guard aggregate.contains("flow_count=\(count)") else { throw ExperimentError.badAnswer(aggregate) }
  }

  private static func clear(_ lab: Lab) async throws {
    let url = "http://127.0.0.1:\(LabLayout.floodlightPort())/wm/staticentrypusher/clear/all/json"
    try await lab.exec(in: .switch, ["curl", "--silent", "--fail", url], timeout: .seconds(60)).requireSuccess()
    try await Self.check(lab, count: 0)
  }

  /// The same flows as a request's body and for `ovs-ofctl`.
  private static func writeBulk(in lab: Lab) async throws -> (body: String, flows: String) {
    var entries: [String] = []
    var flows = ""
    for number in 0..<Self.bulkCount {
      let address = "10.60.\(number >> 8).\(number & 255)"
      entries.append(
        #"{"name":"bulk-\#(number)","switch":"edge","priority":2000,"match":{"eth_type":"0x0800","ipv4_dst":"\#(address)"},"actions":[{"set_field":{"eth_dst":"fa:16:3e:d8:26:42"}},{"output":{"port":2}}]}"#
      )
      flows +=
        "cookie=0x77,priority=2000,ip,nw_dst=\(address),actions=set_field:fa:16:3e:d8:26:42->eth_dst,output:2\n"
    }
    let files = ("\(lab.directory.path)/bulk.json", "\(lab.directory.path)/bulk.flows")
    try "{\"entries\":[\(entries.joined(separator: ",\n"))]}".write(toFile: files.0, atomically: false, encoding: .utf8)
    try flows.write(toFile: files.1, atomically: false, encoding: .utf8)
    return files
  }

  // MARK: Packets on their way

  /// Region 2's gateway sends to an address that nobody has, and the lab's client is to answer.
  private static let target = "172.20.126.240"
  private static let targetMAC = "02:00:00:00:02:40"

  private static func prepareStream(_ lab: Lab) async throws {
    try await lab.exec(
      in: .gateway(2), ["ip", "neigh", "replace", Self.target, "lladdr", Self.targetMAC, "dev", "ext"]
    ).requireSuccess()
  }

  private static func reaction(_ words: [String], _ runs: Int, in lab: Lab) async throws -> EntryTrial.Reaction {
    let mac = try await lab.exec(in: .client, ["cat", "/sys/class/net/eth0/address"]).requireSuccess()
    let back = try await lab.exec(in: .gateway(2), ["cat", "/sys/class/net/ext/address"]).requireSuccess()
    func line(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }
    return try await Self.trial(
      [
        "reaction", "--target", Self.target, "--target-mac", Self.targetMAC, "--source",
        "\(LabLayout.gatewayAddress(2))", "--source-mac", line(back), "--answerer", "\(LabLayout.clientAddress)",
        "--answerer-mac", line(mac), "--runs", "\(runs)",
      ] + words, on: .gateway(2), in: lab)
  }
}
