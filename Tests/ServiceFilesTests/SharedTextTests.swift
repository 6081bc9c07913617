// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles
import ServiceModel
import Testing

/// What of a file is for all controllers, and what is shown of it.
@Suite struct SharedTextTests {
  private let key = String(repeating: "aB", count: 32)

  private func parse(_ yaml: String) throws -> ServiceFile {
    try ServiceFile.parse(yaml: yaml, file: "f") { _ throws(KeyFileProblem) in
      Array(String(repeating: "cd", count: 32).utf8)
    }
  }

  @Test func linesOfTheControllerAreLeftEmpty() throws {
    let rest = "# regions\nregions: []\nswitches: []\nservices: []\n"
    let file = try self.parse("controller:\n  api: 127.0.0.1:1\n  # ours\n\n" + rest)
    #expect(file.sharedText == "\n\n  # ours\n\n".replacing("  # ours", with: "") + rest)
    let last = try self.parse("regions: []\nswitches: []\nservices: []\ncontroller:\n  api: 127.0.0.1:1\n")
    #expect(last.sharedText == "regions: []\nswitches: []\nservices: []\n\n\n")
    #expect(try self.parse(file.sharedText).intent == file.intent)
    let braces = "{controller: {api: 127.0.0.1:1}, regions: [], switches: [], services: []}"
    #expect(try self.parse(braces).sharedText == braces)
  }

  @Test func aFileWithTheControllerOnlySaysNothingElse() throws {
    let file = try self.parse("controller: {name: c1}\n")
    #expect(file.isOwnOnly && file.controller.name == "c1" && file.intent == .empty)
    #expect(throws: ServiceFileErrors.self) { try self.parse("controller: {name: c1}\nregions: []\n") }
  }

  @Test func keysAreNotShown() throws {
    let yaml = """
      regions:
        - name: a
          key: \(self.key)  # here
        - {name: b, key: "\(self.key.replacing("a", with: "0"))"}
        - {name: c, key-file: c.key}
      switches: []
      services: []

      """
    let file = try self.parse(yaml)
    #expect(
      file.shownText
        == yaml.replacing(self.key, with: "NOT-SHOWN").replacing(self.key.replacing("a", with: "0"), with: "NOT-SHOWN"))
    // Where it cannot be found, or is there twice, the file is written anew.
    for hidden in [
      yaml.replacing("# here", with: "# \(self.key.uppercased())"),
      yaml.replacing("\"0", with: "\"\\x30"),
    ] {
      let shown = try self.parse(hidden).shownText
      #expect(!shown.lowercased().contains(self.key.lowercased()) && !shown.contains("x30"), "\(shown)")
      #expect(shown.contains("key-file: 'c.key'") || shown.contains("key-file: c.key"), "\(shown)")
    }
  }

  @Test func differencesNameWhatChanges() throws {
    let old = try Example.parse(Example.yaml).intent
    var new = old
    new.detection.misses += 1
    new.services.removeLast()
    new.services[0].failback = .automatic
    let differences = ServiceFile.differences(from: old, to: new)
    #expect(differences.map(\.subject) == ["detection", "service web", "service api"])
    #expect(differences.map(\.kind) == [.changed, .changed, .removed])
    #expect(differences[1].lines == ["- failback: manual", "+ failback: automatic"])
    #expect(ServiceFile.differences(from: old, to: old) == [])
    #expect(ServiceFile.differences(from: .empty, to: old).allSatisfy { $0.kind != .removed })
  }

  @Test func anotherKeyIsADifferenceThatShowsNone() throws {
    let one = try self.parse("regions: [{name: a, key: \(self.key)}]\nswitches: []\nservices: []\n").intent
    let other = try self.parse("regions: [{name: a, key-file: a.key}]\nswitches: []\nservices: []\n").intent
    #expect(ServiceFile.differences(from: one, to: other).map(\.lines) == [["+ key: another one"]])
  }
}
