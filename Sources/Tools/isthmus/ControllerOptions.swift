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
      "The controller's API; of several controllers name all, with commas or again, and the leader is found. "
        + "(default: $\(environmentName), else \(defaultURL))", valueName: "url"))
  var explicitURLs: [String] = []

  @Option(name: .long, help: "How to print the result.")
  var output = OutputFormat.text

  /// Without slashes at their ends; one at least.
  var urls: [String] {
    let given = self.explicitURLs.isEmpty ? [environment(Self.environmentName) ?? ""] : self.explicitURLs
    let urls = given.flatMap { $0.split(separator: ",") }.map { text in
      let url = text.filter { $0 != " " }
      return url.hasSuffix("/") ? String(url.dropLast()) : url
    }
    return urls.isEmpty ? [Self.defaultURL] : urls
  }

  func validate() throws {
    let schemes = ["http://", "https://"]
    for url in self.urls where !schemes.contains(where: { url.hasPrefix($0) && url.count > $0.count }) {
      let origin = self.explicitURLs.isEmpty ? "$\(Self.environmentName)" : "--api"
      throw ValidationError("'\(url)' in \(origin) is no URL; a URL here looks like \(Self.defaultURL)")
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
