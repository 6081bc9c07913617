// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Console
import ControlPlane
import FoundationEssentials
import Northbound
import Testing

/// Every example in the reference is what the API and the CLI really say.
///
/// An example is a fenced block after a line `<!-- example: VIEW COMMAND -->`. With `UPDATE_EXAMPLES=1` in the
/// environment they are written anew.
@Suite(.timeLimit(.minutes(1))) struct DocumentedExamplesTests {
  @Test(arguments: ["api.md", "cli.md"])
  func examplesAreReal(file: String) async throws {
    let path = Self.reference + file
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let examples = try Example.all(in: lines, of: file)
    #expect(examples.count >= 5)
    for example in examples.reversed() {
      let actual = try await example.output()
      if ProcessInfo.processInfo.environment["UPDATE_EXAMPLES"] == nil {
        #expect(lines[example.block] == actual[...], "\(file): \(example.view) \(example.command)")
      } else {
        lines.replaceSubrange(example.block, with: actual)
      }
    }
    let updated = lines.joined(separator: "\n")
    if updated != text { try updated.write(toFile: path, atomically: true, encoding: .utf8) }
  }

  private static var reference: String {
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/docs/reference/"
  }
}

private struct Example {
  struct Malformed: Error { var line: String }

  var view: String
  /// `GET /v1/…` or `isthmus …`
  var command: String
  /// The lines between the fences.
  var block: Range<Int>

  static func all(in lines: [String], of file: String) throws -> [Example] {
    var examples: [Example] = []
    for (index, line) in lines.enumerated() {
      guard let words = line.wholeMatch(of: /<!-- example: (\w+) (.+) -->/) else { continue }
      guard index + 1 < lines.count, lines[index + 1].hasPrefix("```"),
        let end = lines[(index + 2)...].firstIndex(of: "```")
      else { throw Malformed(line: "\(file):\(index + 1): no fenced block follows") }
      examples.append(Example(view: String(words.1), command: String(words.2), block: index + 2..<end))
    }
    return examples
  }

  func output() async throws -> [String] {
    let views: [String: StatusView] = [
      "healthy": .healthy, "regionDark": .regionDark, "serviceOut": .serviceOut, "justStarted": .justStarted,
      "draining": .draining, "hashing": .hashing,
    ]
    guard let view = views[self.view] else { throw Malformed(line: self.view) }
    let text = ReceivedText()
    try await RunningServer.with(FixedSurface(view: view, events: .story)) { server in
      await text.set(try await self.text(from: server))
    }
    // Without the last line's end.
    return await text.value.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { String($0) }
  }

  private func text(from server: RunningServer) async throws -> String {
    func body(_ request: String) async throws -> [UInt8] {
      Array(try await RawAnswer.to(request, at: server.api).body.utf8)
    }
    if !self.command.hasPrefix("isthmus ") { return String(decoding: try await body(self.command), as: UTF8.self) }
    let (palette, said) = (Palette.plain, "$ \(self.command)\n")
    let words = self.command.split(separator: " ").dropFirst()
    let name = words.last { !$0.hasPrefix("--") } ?? ""
    switch words.prefix(2).joined(separator: " ") {
    case "status":
      return said + (try JSON.decode(StatusResource.self, from: try await body("GET /v1/status")).text(palette))
    case "service list":
      return said + (try JSON.decode(ServiceListResource.self, from: try await body("GET /v1/services")).text(palette))
    case "service show":
      return said
        + (try JSON.decode(ServiceResource.self, from: try await body("GET /v1/services/\(name)")).text(palette))
    case "service failback":
      let answer = try await body("POST /v1/services/\(name)/failback")
      return said + (try JSON.decode(FailbackResource.self, from: answer).text(palette))
    case "region drain":
      let answer = try await body(
        "POST /v1/regions/\(name)/drain?dry-run=\(self.command.hasSuffix(" --dry-run"))")
      return said + (try JSON.decode(RegionCommandResource.self, from: answer).text(palette))
    case "region list":
      return said + (try JSON.decode(RegionListResource.self, from: try await body("GET /v1/regions")).text(palette))
    case "region show":
      return said
        + (try JSON.decode(RegionResource.self, from: try await body("GET /v1/regions/\(name)")).text(palette))
    case "switch list":
      return said + (try JSON.decode(SwitchListResource.self, from: try await body("GET /v1/switches")).text(palette))
    case "switch show":
      return said
        + (try JSON.decode(SwitchResource.self, from: try await body("GET /v1/switches/\(name)")).text(palette))
    case "apply isthmus.yaml":
      let isTrial = self.command.hasSuffix(" --dry-run")
      let answer = try await body("POST /v1/configuration?dry-run=\(isTrial)&file=isthmus.yaml")
      return said + (try JSON.decode(ConfigurationCommandResource.self, from: answer).text(palette))
    case "configuration":
      let answer = try await body("GET /v1/configuration")
      return said + (try JSON.decode(ConfigurationResource.self, from: answer).text(palette))
    case "events":
      return said + (try JSON.decode(EventListResource.self, from: try await body("GET /v1/events")).text(palette))
    default: throw Malformed(line: self.command)
    }
  }
}

private actor ReceivedText {
  var value = ""
  func set(_ value: String) { self.value = value }
}
