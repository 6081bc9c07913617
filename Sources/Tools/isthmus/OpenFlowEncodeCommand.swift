// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import OpenFlowText

/// `isthmus openflow encode`
struct OpenFlowEncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode", abstract: "Make OpenFlow messages from their JSON form.",
    discussion: """
      The input is what 'isthmus openflow decode' prints, or the same written by hand: objects, one after the other. \
      The output is the messages' bytes. It ends with exit status 1 at the first object that is no message.

        echo '{"version":"1.3","xid":1,"type":"barrier_request"}' | isthmus openflow encode --hex
      """)

  @Argument(help: "The input; - or nothing: the standard input.", completion: .file())
  var file = "-"

  @Flag(help: "Print hexadecimal digits, a message a line.")
  var hex = false

  @Flag(help: "Write bytes even to a terminal.")
  var force = false

  func run() throws {
    guard self.hex || self.force || isatty(STDOUT_FILENO) == 0 else {
      note(
        CommandFailure(
          code: "terminal", message: "the output is bytes, which would confuse this terminal",
          hint: "send them to a file or a program, or use --hex; --force writes them all the same", status: .failed
        ).text)
      throw ExitCode(CommandFailure.Status.failed.rawValue)
    }
    var encoder = OpenFlowEncoder(isHex: self.hex)
    try OpenFlowPipe.run(file: self.file) { input, output throws(OpenFlowTextError) in
      if let input { try encoder.read(input, into: &output) } else { try encoder.finish() }
    }
  }
}
