// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OpenFlowText
import SystemPackage

/// `isthmus openflow decode`
struct OpenFlowDecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode", abstract: "Print OpenFlow 1.3 and 1.5 messages as JSON, one a line.",
    discussion: """
      The input is a stream of messages, one after the other, or a capture (pcap or pcapng, of tcpdump or Wireshark), \
      whose TCP connections are put together. With --hex it is text: digits, or a dump of ovs-ofctl, hexdump -C or xxd.

      A message that cannot be read has a line with "error", the rest goes on. Exit status: 0 everything was read, \
      1 something was not.

        tcpdump -i lo -w - -U port 6653 | isthmus openflow decode
        echo 04 00 00 08 00 00 00 01 | isthmus openflow decode --hex
      """)

  @Argument(help: "The input; - or nothing: the standard input.", completion: .file())
  var file = "-"

  @Flag(help: "The input is hexadecimal text.")
  var hex = false

  @Option(
    name: .customLong("port"),
    help: "In a capture, a TCP port of controllers; may be given several times. (default: 6633 and 6653)")
  var ports: [UInt16] = []

  func run() throws {
    let ports = self.ports.isEmpty ? OpenFlowDecoder.usualPorts : Set(self.ports)
    var decoder = OpenFlowDecoder(isHex: self.hex, ports: ports)
    try OpenFlowPipe.run(file: self.file) { input, output throws(OpenFlowInputError) in
      if let input { try decoder.read(input, into: &output) } else { try decoder.finish(into: &output) }
    }
    if let explanation = decoder.explanation { note("note: \(explanation)") }
    if decoder.errorCount > 0 { throw ExitCode(CommandFailure.Status.failed.rawValue) }
  }
}
