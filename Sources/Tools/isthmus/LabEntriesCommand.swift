// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Experiments
import Files
import Foundation

/// `isthmus lab entries`: what `isthmus bench entries` runs on a host of the lab.
struct LabEntriesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "entries", abstract: "Order entries of a controller and say how long it took.", shouldDisplay: false)

  enum Trial: String, ExpressibleByArgument { case rate, bulk, reaction }

  @Argument var trial: Trial
  @Option var address = "127.0.0.1"
  @Option var port: UInt16 = 8085
  @Option var api: UInt16 = 8080
  @Option var datapath = "00:00:00:00:00:00:00:01"
  @Option var count = 10_000
  @Option var window = 1
  @Option var series = 1
  @Option var file = ""
  @Option var runs = 20
  @Flag var together = false
  @Option var target = ""
  @Option var targetMac = ""
  @Option var source = ""
  @Option var sourceMac = ""
  @Option var answerer = ""
  @Option var answererMac = ""

  func run() throws {
    switch self.trial {
    case .rate:
      let trial = EntryTrial(address: self.address, floodlight: self.port, datapath: self.datapath)
      try self.show(try trial.rate(self.count, window: self.window, series: self.series))
    case .bulk:
      let body = String(decoding: try FileContent(path: self.file, limit: 10_000_000).bytes, as: UTF8.self)
      try self.show(try EntryTrial.bulk(body, address: self.address, port: self.api))
    case .reaction:
      let (puts, deletes) = self.pair
      try self.show(
        try EntryTrial.reaction(
          address: self.address, port: self.port, target: self.target, puts: puts, delete: deletes, runs: self.runs))
    }
  }

  /// The way there and the way back, as Floodlight's scripts order them. Sent together they leave in one write.
  private var pair: (puts: [[UInt8]], deletes: [[UInt8]]) {
    func entry(_ name: String, _ fields: String) -> [UInt8] {
      KeptConnection.request(
        "POST", "/wm/staticentrypusher/json",
        body:
          #"{"switch":"\#(self.datapath)","name":"\#(name)","eth_type":"0x0800","ip_proto":"1",\#(fields)}"#
      )
    }
    let there = entry(
      "there",
      #""priority":"4000","in_port":"3","ipv4_dst":"\#(self.target)","actions":"set_field=eth_dst->\#(self.answererMac),set_field=ipv4_dst->\#(self.answerer),output=1""#
    )
    let back = entry(
      "back",
      #""priority":"4000","in_port":"1","ipv4_src":"\#(self.answerer)","ipv4_dst":"\#(self.source)","actions":"set_field=eth_src->\#(self.targetMac),set_field=ipv4_src->\#(self.target),output=3""#
    )
    // Until then the switch drops them, and has cached that.
    let drop = entry("drop", #""in_port":"3","ipv4_dst":"\#(self.target)","priority":"10""#)
    func delete(_ name: String) -> [UInt8] {
      KeptConnection.request("DELETE", "/wm/staticentrypusher/json", body: #"{"name":"\#(name)"}"#)
    }
    return (self.together ? [there + back] : [there, back], [drop, delete("there"), delete("back")])
  }

  private func show(_ value: some Encodable) throws {
    print(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
  }
}
