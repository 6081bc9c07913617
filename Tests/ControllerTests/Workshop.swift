// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Controller
import FoundationEssentials
import Glibc
import LabKit
import Logging
import NIOCore
import NIOPosix
import Northbound
import ServiceFiles
import ServiceModel
import SharedDocuments
import Storage
import Synchronization

/// A directory with a controller's file, in which controllers come and go.
struct Workshop {
  let directory: String
  /// The first of three that a real controller listens on.
  let port: Int

  private static let count = Atomic(0)

  static func with(_ body: (Workshop) async throws -> Void) async throws {
    var template = Array("/tmp/isthmus-controller-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template).map({ String(cString: $0) }) else { throw NeverHappened(what: "mkdtemp") }
    defer { for end in ["", ".log"] { try? FileManager.default.removeItem(atPath: path + end) } }
    // Tests run beside each other, and beside other processes of tests. From 32768 on are the ports that clients get.
    let number = self.count.add(1, ordering: .relaxed).newValue
    try await body(Workshop(directory: path, port: 12_000 + (Int(getpid()) % 220 * 30 + number % 30) * 3))
  }

  /// Not in the directory, whose disk may be full.
  var log: String { self.directory + ".log" }

  func path(_ name: String) -> String { self.directory + "/" + name }

  /// With so many misses, by which configurations are told from each other.
  static func yaml(misses: Int, regions: [String] = ["r1", "r2"]) -> String {
    let lines = regions.enumerated().map { number, name in
      "  - {name: \(name), key: \(String(repeating: "\(number)a", count: 32))}\n"
    }
    return "detection: {misses: \(misses)}\nregions:\n\(lines.joined())switches: []\nservices: []\n"
  }

  func write(_ yaml: String, to name: String = "c.yaml") throws {
    try Data(yaml.utf8).write(to: URL(filePath: self.path(name)))
    chmod(self.path(name), 0o600)
  }
}

struct NeverHappened: Error { let what: String }

/// Waits for what can be observed; the time limit is for a busy machine.
func eventually(
  _ what: String, within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async throws {
  try await waitUntil(what, timeout: limit, condition)
}

/// A controller without its listeners: the loop that decides, and the keeper of what is configured.
struct RunningKeeper {
  let loop: ControlLoop
  let keeper: ConfigurationKeeper

  /// Starts it on the file `c.yaml`, runs `body`, and ends it as if it was killed.
  static func with(
    _ workshop: Workshop, store: any DocumentStore, copy: (any DocumentStore)? = nil, name: String = "c1",
    file: String = "c.yaml", _ body: (RunningKeeper) async throws -> Void
  ) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let path = workshop.path(file)
    let own = try ServiceFile.load(path: path)
    let loop = ControlLoop(
      eventLoop: group.next(), file: own, name: name, journal: Journal(logger: logger), seeds: (1, 2), session: 3,
      logger: logger)
    let place: StorePlace =
      if copy == nil {
        .file(workshop.path("store"))
      } else {
        .etcd(try EtcdSettings(endpoints: ["http://192.0.2.1:1"]), copy: workshop.path("copy"))
      }
    let keeper = ConfigurationKeeper(
      store: store, copy: copy, place: place, file: own, name: name, loop: loop,
      eventLoop: group.next())
    await keeper.start()
    let task = Task { try await keeper.run() }
    do {
      try await body(RunningKeeper(loop: loop, keeper: keeper))
    } catch {
      task.cancel()
      throw error
    }
    task.cancel()
    _ = await task.result
    try await group.shutdownGracefully()
  }

  func events() async -> [String] {
    self.loop.journal.events.page(after: nil, limit: 1000).records.map(\.decision.kind)
  }

  func misses() async -> String {
    let text = await self.keeper.view.text
    return text.split(separator: "\n").first { $0.contains("misses") }.map(String.init) ?? ""
  }
}
