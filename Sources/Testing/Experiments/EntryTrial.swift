// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import LabKit
import ServiceModel

/// What `isthmus lab entries` does on a host of the lab: entries over HTTP, one request each, and how soon they work.
package struct EntryTrial {
  package struct Rate: Codable, Sendable {
    package var seconds: Double
    /// From a request to its answer, in ascending order, milliseconds.
    package var p50: Double
    package var p99: Double
    package var failed: Int
  }

  package struct Reaction: Codable, Sendable {
    /// From the first byte of the first request to the first reply by both entries; in milliseconds, each run.
    package var worked: [Double]
    /// The same until all requests were answered.
    package var answered: [Double]
  }

  package var address: String
  package var floodlight: UInt16
  package var datapath: String

  package init(address: String, floodlight: UInt16, datapath: String) {
    self.address = address
    self.floodlight = floodlight
    self.datapath = datapath
  }

  /// Entries that nobody has yet, in the text of Floodlight.
  package static func entry(_ number: Int, of series: Int, datapath: String) -> String {
    let address = "10.\(50 + series).\(number >> 8 & 255).\(number & 255)"
    return
      #"{"switch":"\#(datapath)","name":"load-\#(series)-\#(number)","priority":"2000","eth_type":"0x0800","ipv4_dst":"\#(address)","actions":"set_field=eth_dst->fa:16:3e:d8:26:42,output=2"}"#
  }

  /// - Parameter window: so many requests are on their way at once; 1: each waits for the answer to the one before.
  package func rate(_ count: Int, window: Int, series: Int) throws -> Rate {
    var connection = try KeptConnection(to: self.address, port: self.floodlight)
    let requests = (0..<count).map {
      KeptConnection.request(
        "POST", "/wm/staticentrypusher/json", body: Self.entry($0, of: series, datapath: self.datapath))
    }
    var sent: [Instant] = []
    sent.reserveCapacity(count)
    var times: [Double] = []
    var failed = 0
    let good = Array(#"{"status" : "Entry pushed"}"#.utf8)
    let start = MonotonicClock.now()
    while times.count < count {
      var batch: [UInt8] = []
      while sent.count < count, sent.count - times.count < window {
        batch += requests[sent.count]
        sent.append(MonotonicClock.now())
      }
      if !batch.isEmpty { try connection.send(batch) }
      guard let answer = try connection.answer() else { continue }
      times.append(milliseconds(MonotonicClock.now() - sent[times.count]))
      if answer.body != good { failed += 1 }
    }
    let seconds = milliseconds(MonotonicClock.now() - start) / 1000
    times.sort()
    return Rate(seconds: seconds, p50: times[times.count / 2], p99: times[times.count * 99 / 100], failed: failed)
  }
}

extension EntryTrial {
  /// - Returns: milliseconds from the first byte of the request to its answer.
  package static func bulk(_ body: String, address: String, port: UInt16) throws -> Double {
    let request = KeptConnection.request("POST", "/v1/flows", body: body)
    var connection = try KeptConnection(to: address, port: port)
    let start = MonotonicClock.now()
    try connection.send(request)
    guard let answer = try connection.answer(), answer.status == 200 else {
      throw KeptConnection.Problem(description: "the request was refused")
    }
    return milliseconds(MonotonicClock.now() - start)
  }
}

func milliseconds(_ duration: Duration) -> Double {
  let (seconds, attoseconds) = duration.components
  return Double(seconds) * 1000 + Double(attoseconds) / 1e15
}
