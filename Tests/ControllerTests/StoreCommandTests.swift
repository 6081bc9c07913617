// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LabKit
import Outbound
import ServiceModel
import SharedDocuments
import Storage
import Testing

/// `isthmus store`, on the file of a controller that was killed.
@Suite(.serialized, .timeLimit(.minutes(2))) struct StoreCommandTests {
  private func isthmus(_ arguments: String...) async throws -> CommandOutput {
    guard let program = ExecutablePath.ofProduct("isthmus", override: nil) else {
      throw NeverHappened(what: "a built isthmus")
    }
    return try await Command([program] + arguments).run()
  }

  @Test func whatIsExportedCanBeImportedElsewhere() async throws {
    try await Workshop.with { workshop in
      try RealController.prepare(workshop)
      let (config, export) = (workshop.path("c.yaml"), workshop.path("export.json"))
      let none = try await self.isthmus("store", "export", export, "--config", config)
      #expect(none.error.contains("there is no store \(workshop.path("c.store"))"), "\(none)")
      try await RealController.with(workshop) { controller in
        let text = "regions:\n  - {name: r1, key-file: r1.key}\nswitches: []\nservices: []\n"
        let applied = try await controller.post("/v1/configuration", Array(text.utf8))
        let drained = try await controller.post("/v1/regions/r1/drain?force=true", [])
        #expect(applied.status == 200 && drained.status == 202)
        let refused = try await self.isthmus("store", "export", export, "--config", config)
        #expect(!refused.succeeded && refused.error.contains("in use by another process"), "\(refused)")
      }
      let exported = try await self.isthmus("store", "export", export, "--config", config)
      #expect(exported.succeeded, "\(exported)")
      #expect(try FileManager.default.attributesOfItem(atPath: export)[.posixPermissions] as? Int == 0o600)

      let other = workshop.path("other.yaml")
      try workshop.write("controller: {store: other.store}\n", to: "other.yaml")
      #expect(try await self.isthmus("store", "import", export, "--config", other).succeeded)
      let again = try await self.isthmus("store", "import", export, "--config", other)
      #expect(!again.succeeded && again.error.contains("--replace"), "\(again)")
      #expect(try await self.isthmus("store", "import", export, "--config", other, "--replace").succeeded)
      let one = try await SQLiteStore(path: workshop.path("c.store")).read().documents.map(\.value)
      #expect(try await SQLiteStore(path: workshop.path("other.store")).read().documents.map(\.value) == one)
      #expect(one.count == 3)

      try workshop.write("{}", to: "bad.json")
      let bad = try await self.isthmus("store", "import", workshop.path("bad.json"), "--config", other, "--replace")
      #expect(bad.error.hasPrefix("error[export]: format: is missing"), "\(bad)")
    }
  }
}
