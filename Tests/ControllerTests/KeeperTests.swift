// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import Controller
import FoundationEssentials
import Glibc
import Northbound
import ServiceFiles
import ServiceModel
import SharedDocuments
import Storage
import Testing

/// What is configured, over restarts, by several ways, and without the store.
@Suite(.timeLimit(.minutes(2))) struct KeeperTests {
  private let r1 = RegionName(unchecked: "r1")
  private let r2 = RegionName(unchecked: "r2")

  private func configure(_ running: RunningKeeper, misses: Int, revision: UInt64? = nil) async -> ConfigurationOutcome {
    await running.keeper.configure(
      ConfigurationProposal(text: Workshop.yaml(misses: misses), file: "sent.yaml", revision: revision))
  }

  @Test func whatWasAppliedOutlivesAnOldFile() async throws {
    try await Workshop.with { workshop in
      try workshop.write(Workshop.yaml(misses: 3))
      let store = OpeningStore(path: workshop.path("store"))
      try await RunningKeeper.with(workshop, store: store) { running in
        #expect(await running.misses() == "detection: {misses: 3}")
        guard case .accepted(_, let changes) = await self.configure(running, misses: 4) else {
          throw NeverHappened(what: "apply")
        }
        #expect(changes.map(\.subject) == ["detection"])
        #expect(await running.misses() == "detection: {misses: 4}")
      }
      try await RunningKeeper.with(workshop, store: store) { running in
        #expect(await running.misses() == "detection: {misses: 4}")
        #expect(await running.events().contains("file-not-applied"))
        // A file that changes is applied, also back to what it was.
        for misses in [5, 3] {
          try workshop.write(Workshop.yaml(misses: misses))
          await running.keeper.consider(try ServiceFile.load(path: workshop.path("c.yaml")))
          #expect(await running.misses() == "detection: {misses: \(misses)}")
        }
      }
      // Changed while nobody looked.
      try workshop.write(Workshop.yaml(misses: 6))
      try await RunningKeeper.with(workshop, store: store) { running in
        #expect(await running.misses() == "detection: {misses: 6}")
      }
    }
  }

  @Test func aFileThatComesLateOrFromElsewhereChangesNothing() async throws {
    try await Workshop.with { workshop in
      let store = OpeningStore(path: workshop.path("store"))
      try workshop.write(Workshop.yaml(misses: 3))
      try workshop.write(Workshop.yaml(misses: 3), to: "c2.yaml")
      try await RunningKeeper.with(workshop, store: store) { one in
        try await RunningKeeper.with(workshop, store: store, name: "c2", file: "c2.yaml") { two in
          for misses in [4, 5] { _ = await self.configure(one, misses: misses) }
          try await eventually("the other one follows") { await two.misses() == "detection: {misses: 5}" }
          try workshop.write(Workshop.yaml(misses: 4), to: "c2.yaml")
          await two.keeper.consider(try ServiceFile.load(path: workshop.path("c2.yaml")))
          #expect(await two.misses() == "detection: {misses: 5}")
          #expect(await two.events().last == "file-not-applied")
        }
        try workshop.write(Workshop.yaml(misses: 9), to: "c3.yaml")
        try await RunningKeeper.with(workshop, store: store, name: "c3", file: "c3.yaml") { three in
          #expect(await three.misses() == "detection: {misses: 5}")
          #expect(await three.events().contains("file-not-applied"))
        }
      }
    }
  }

  @Test func ofTwoOperatorsOneIsTold() async throws {
    try await Workshop.with { workshop in
      try workshop.write(Workshop.yaml(misses: 3))
      let store = OpeningStore(path: workshop.path("store"))
      try await RunningKeeper.with(workshop, store: store) { running in
        let revision = await running.keeper.view.revision
        #expect(revision > 0)
        async let first = self.configure(running, misses: 4, revision: revision)
        async let second = self.configure(running, misses: 5, revision: revision)
        let outcomes = await [first, second]
        #expect(outcomes.count { if case .accepted = $0 { true } else { false } } == 1)
        #expect(outcomes.count { if case .conflict = $0 { true } else { false } } == 1)
        guard case .conflict = await self.configure(running, misses: 6, revision: 0) else {
          throw NeverHappened(what: "a conflict with nothing")
        }
      }
    }
  }

  @Test func whatIsWrongIsRefusedAsCheckDoes() async throws {
    try await Workshop.with { workshop in
      try workshop.write(Workshop.yaml(misses: 3))
      try workshop.write(Workshop.yaml(misses: 700), to: "sent.yaml")
      let store = OpeningStore(path: workshop.path("store"))
      try await RunningKeeper.with(workshop, store: store) { running in
        let error = try #require(throws: ServiceFileErrors.self) {
          try ServiceFile.load(path: workshop.path("sent.yaml"))
        }
        let expected = error.description.replacing(workshop.path("sent.yaml"), with: "sent.yaml")
        #expect(await self.configure(running, misses: 700) == .rejected(expected))
        #expect(
          await running.keeper.configure(.init(text: "controller: {name: c9}\n", file: "f"))
            == .rejected(
              """
              error[missing-key]: f:1:1: the file has only 'controller'
                nothing in it is for all controllers: add 'regions', 'switches' and 'services'
              """))
        #expect(await running.misses() == "detection: {misses: 3}")
      }
    }
  }

  @Test func aDrainAndItsDeadlineOutliveTheController() async throws {
    try await Workshop.with { workshop in
      try workshop.write(Workshop.yaml(misses: 3))
      let store = OpeningStore(path: workshop.path("store"))
      try await RunningKeeper.with(workshop, store: store) { running in
        #expect(await running.keeper.drain(self.r1, deadline: .seconds(600), isForced: true) == nil)
        #expect(await running.keeper.drain(self.r2, deadline: nil, isForced: false) == nil)
        #expect(await running.keeper.undrain(self.r2) == nil)
      }
      try await RunningKeeper.with(workshop, store: store) { running in
        let regions = await running.loop.status().regions
        let drain = try #require(regions[0].drain)
        #expect(drain.isForced && regions[1].drain == nil)
        let left = try #require(drain.left)
        #expect(left < .seconds(600) && left > .seconds(500))
        // Its region goes, and with it the drain.
        _ = await running.keeper.configure(.init(text: Workshop.yaml(misses: 3, regions: ["r2"]), file: "f"))
        _ = await running.keeper.configure(.init(text: Workshop.yaml(misses: 3, regions: ["r1", "r2"]), file: "f"))
        #expect(await running.loop.status().regions.allSatisfy { $0.drain == nil })
      }
    }
  }

  /// The clock of the machine at which a drain was ordered may be anything.
  @Test(arguments: [Int64.min, -1, 0, Int64.max])
  func aDrainOfAnotherClockIsReadAllTheSame(time: Int64) async throws {
    try await Workshop.with { workshop in
      try workshop.write(Workshop.yaml(misses: 3))
      let store = OpeningStore(path: workshop.path("store"))
      try await RunningKeeper.with(workshop, store: store) { _ in }
      let record = DrainRecord(since: time, deadline: time, isForced: false)
      _ = try await store.commit([try record.put(for: self.r1)])
      try await RunningKeeper.with(workshop, store: store) { running in
        #expect(await running.loop.status().regions[0].drain != nil)
      }
    }
  }

  @Test func withoutTheStoreChangesAreRefusedAndTheFileServes() async throws {
    try await Workshop.with { workshop in
      try workshop.write(Workshop.yaml(misses: 3))
      let store = OpeningStore(path: workshop.path("not-there/store"))
      try await RunningKeeper.with(workshop, store: store) { running in
        #expect(await running.misses() == "detection: {misses: 3}")
        #expect(await running.events().contains("started-without-store"))
        guard case .notKept(let why) = await self.configure(running, misses: 4) else {
          throw NeverHappened(what: "a refusal")
        }
        #expect(why.hasPrefix("nothing was changed, and what runs goes on: "), "\(why)")
        #expect(await running.keeper.drain(self.r1, deadline: nil, isForced: true)?.hasPrefix("nothing was") == true)
        #expect(await running.loop.status().regions[0].drain == nil)
        #expect(await running.keeper.problem != nil)
        // A file that changes meanwhile waits.
        try workshop.write(Workshop.yaml(misses: 5))
        await running.keeper.consider(try ServiceFile.load(path: workshop.path("c.yaml")))
        #expect(await running.misses() == "detection: {misses: 3}")
        try FileManager.default.createDirectory(
          atPath: workshop.path("not-there"), withIntermediateDirectories: false)
        try await eventually("the file is applied") { await running.misses() == "detection: {misses: 5}" }
        try await eventually("it is back") { await running.keeper.problem == nil }
        guard case .accepted = await self.configure(running, misses: 4) else { throw NeverHappened(what: "apply") }
      }
    }
  }

  @Test func aCopyServesWhileTheStoreIsAwayAndFillsAnEmptyOne() async throws {
    try await Workshop.with { workshop in
      // etcd may not hold keys.
      let keys = Workshop.yaml(misses: 3)
      let yaml = keys.replacing(/key: [0-9a-f]+/, with: "key-file: a.key")
        .replacing("r2, key-file: a.key", with: "r2, key-file: b.key")
      try workshop.write(String(repeating: "0a", count: 32), to: "a.key")
      try workshop.write(String(repeating: "1a", count: 32), to: "b.key")
      try workshop.write(keys)
      let copy = OpeningStore(path: workshop.path("copy"))
      let store = OpeningStore(path: workshop.path("store"))
      try await RunningKeeper.with(workshop, store: store, copy: copy) { running in
        #expect(await running.events().contains("configuration-rejected"))
        #expect(await running.misses() == "detection: {misses: 3}")
        let error = await running.keeper.configure(.init(text: keys, file: "f"))
        guard case .rejected(let text) = error else { throw NeverHappened(what: "a refusal") }
        #expect(text.contains("error[key-exposed]: f:3:") && text.contains("use 'key-file'"), "\(text)")
      }
      try workshop.write(yaml)
      try await RunningKeeper.with(workshop, store: store, copy: copy) { running in
        let sent = yaml.replacing("3}", with: "8}")
        guard case .accepted = await running.keeper.configure(.init(text: sent, file: "f")) else {
          throw NeverHappened(what: "apply")
        }
        #expect(await running.keeper.drain(self.r1, deadline: nil, isForced: true) == nil)
        try await eventually("the copy has it") {
          let view = try SharedView(try await copy.read(), place: "copy")
          return view.drains[self.r1] != nil && view.configuration?.text == sent
        }
      }
      let away = OpeningStore(path: workshop.path("not-there/store"))
      try await RunningKeeper.with(workshop, store: away, copy: copy) { running in
        #expect(await running.misses() == "detection: {misses: 8}")
        #expect(await running.loop.status().regions[0].drain != nil)
        #expect(await running.events().contains("started-without-store"))
        // It is back, and empty.
        try FileManager.default.createDirectory(
          atPath: workshop.path("not-there"), withIntermediateDirectories: false)
        try await eventually("it has what the copy has") {
          let view = try SharedView(try await away.read(), place: "store")
          return view.configuration?.text.contains("misses: 8") == true && view.drains[self.r1] != nil
        }
        try await eventually("it says so") { await running.events().contains("store-restored") }
      }
    }
  }
}
