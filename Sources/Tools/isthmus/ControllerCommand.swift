// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console
import Outbound

/// A command that asks the controller.
protocol ControllerCommand: AsyncParsableCommand {
  var options: ControllerOptions { get }
  func run(with session: Session) async throws
}

extension ControllerCommand {
  func run() async throws {
    do {
      try await HTTPOutbound.withClient { outbound in
        let search = LeaderSearch(outbound: outbound, urls: self.options.urls)
        try await self.run(
          with: Session(
            search: search, api: try await search.find(), output: self.options.output, palette: self.options.palette))
      }
    } catch let failure as CommandFailure {
      note(failure.text)
      throw ExitCode(failure.status.rawValue)
    }
  }
}

/// What a command works with.
struct Session {
  let search: LeaderSearch
  var api: APIClient
  var output: OutputFormat
  var palette: Palette

  /// Prints the API's JSON, or what `text` makes of its value.
  func show<Value>(_ answer: APIClient.Answer<Value>, _ text: (Value) -> (Palette) -> String) {
    switch self.output {
    case .text: print(text(answer.value)(self.palette), terminator: "")
    case .json: print(String(decoding: answer.json, as: UTF8.self), terminator: "")
    }
  }
}
