// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ArgumentParser
import LabKit
import SystemPackage

/// `isthmus lab prober`: what `Lab.startProber` runs on a client.
struct LabProberCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prober", abstract: "Open connections to an address until the standard input ends.",
    shouldDisplay: false)

  @Option(help: "ADDRESS:PORT", transform: LabProberCommand.endpoint)
  var target: SocketEndpoint

  @Option(help: "A file for JSON lines, one a request; the standard output if there is none.")
  var output: String?

  @Option(help: "From the start of one request to the next.")
  var intervalMicroseconds: Int = 1_000

  @Option(help: "A request without an answer after this long has failed.")
  var timeoutMicroseconds: Int = 1_000_000

  @Option(help: "A client's address to ask from; if there are several, in turn.", transform: LabProberCommand.address)
  var source: [IPv4Address] = []

  func validate() throws {
    guard (100...10_000_000).contains(self.intervalMicroseconds) else {
      throw ValidationError("--interval-microseconds \(self.intervalMicroseconds): 100 to 10000000")
    }
    guard (1_000...60_000_000).contains(self.timeoutMicroseconds) else {
      throw ValidationError("--timeout-microseconds \(self.timeoutMicroseconds): 1000 to 60000000")
    }
  }

  func run() throws {
    let output = try self.output.map {
      try FileDescriptor.open(FilePath($0), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    }
    let options = ProbeOptions(
      target: self.target, interval: .microseconds(self.intervalMicroseconds),
      timeout: .microseconds(self.timeoutMicroseconds), sources: self.source)
    var prober = Prober(options, output: output ?? .standardOutput)
    try prober.run()
  }

  static func address(_ text: String) throws -> IPv4Address {
    guard let address = IPv4Address(text) else { throw ValidationError("'\(text)' is no IPv4 address") }
    return address
  }

  static func endpoint(_ text: String) throws -> SocketEndpoint {
    guard let endpoint = SocketEndpoint(text), endpoint.port != 0 else {
      throw ValidationError("'\(text)' is not ADDRESS:PORT")
    }
    return endpoint
  }
}
