// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Glibc

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  /// The API's own JSON.
  case json
}

/// Which controller is asked, and how its answer is printed.
struct ControllerOptions: ParsableArguments {
  static let environmentName = "ISTHMUS_API"
  static let defaultURL = "http://127.0.0.1:8080"

  @Option(
    name: .customLong("api"),
    help: ArgumentHelp(
      "The controller's API. (default: $\(environmentName), else \(defaultURL))", valueName: "url"))
  var explicitURL: String?

  @Option(name: .long, help: "How to print the result.")
  var output = OutputFormat.text

  /// Without a slash at its end.
  var url: String {
    let text =
      self.explicitURL ?? environment(Self.environmentName).flatMap { $0.isEmpty ? nil : $0 } ?? Self.defaultURL
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  func validate() throws {
    let schemes = ["http://", "https://"]
    guard schemes.contains(where: { self.url.hasPrefix($0) && self.url.count > $0.count }) else {
      let origin = self.explicitURL == nil ? "$\(Self.environmentName)" : "--api"
      throw ValidationError("'\(self.url)' in \(origin) is no URL; a URL here looks like \(Self.defaultURL)")
    }
  }

  /// Colours on a terminal only.
  var palette: Palette { terminalPalette() }
}

func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Colours if the standard output is a terminal that wants them.
func terminalPalette() -> Palette { Palette(isTerminal: isatty(STDOUT_FILENO) == 1, environment: environment) }
