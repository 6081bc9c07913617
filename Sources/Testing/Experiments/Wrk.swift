// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import LabKit

/// What wrk, a load generator for HTTP, says of a run.
package struct Wrk: Sendable, Equatable {
  package var requests = 0
  /// Connections that were refused, reset or ended too early, requests answered late (2 s), answers that are no success.
  package var errors = 0
  package var perSecond = 0.0
  /// What wrk says of the errors.
  package var complaints: [String] = []

  static let service = SocketEndpoint(LabLayout.virtualIP, 80)

  /// One thread, a new connection for every request.
  ///
  /// - Parameter options: for example `["-c", "32"]`, connections at a time.
  static func run(
    in lab: Lab, to target: SocketEndpoint = Self.service, _ options: [String], seconds: Int,
    as client: LabClient? = nil
  ) async throws -> Wrk {
    let words =
      ["wrk", "-t", "1"] + options + ["-d", "\(seconds)s", "-H", "Connection: close", "http://\(target)/"]
    let output = try await lab.exec(
      in: .client, client?.command(words) ?? words, timeout: .seconds(Int64(seconds) + 30)
    ).requireSuccess()
    guard let wrk = Wrk(output) else { throw ExperimentError.badAnswer("wrk: \(output)") }
    return wrk
  }

  /// `62000 requests in 5.00s, 15.2MB read`, `Socket errors: connect 0, read 1, write 0, timeout 0`,
  /// `Requests/sec: 12400.0`
  package init?(_ output: String) {
    var requests: Int?
    var rate: Double?
    for line in output.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "," }
      if words.dropFirst().starts(with: ["requests", "in"]) { requests = Int(words[0]) }
      if words.first == "Socket" { self.errors += words.compactMap { Int($0) }.reduce(0, +) }
      if words.first == "Non-2xx" { self.errors += words.last.flatMap { Int($0) } ?? 0 }
      if words.first == "Socket" || words.first == "Non-2xx" { self.complaints.append(words.joined(separator: " ")) }
      if words.first == "Requests/sec:" { rate = words.last.flatMap { Double($0) } }
    }
    guard let requests, let rate else { return nil }
    (self.requests, self.perSecond) = (requests, rate)
  }

  package init() {}

  static func + (left: Wrk, right: Wrk) -> Wrk {
    var sum = left
    sum.requests += right.requests
    sum.errors += right.errors
    sum.perSecond += right.perSecond
    sum.complaints += right.complaints
    return sum
  }
}
