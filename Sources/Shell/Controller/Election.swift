// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Storage

/// Where there are several controllers: takes part in the choice of the one that leads, and tells the control loop.
struct Election {
  private let election: EtcdElection
  private let loop: ControlLoop

  /// - Throws: what is wrong with the settings.
  init(_ settings: EtcdSettings, candidate: String, lease: Duration, loop: ControlLoop) throws(StoreError) {
    self.election = try EtcdElection(settings, candidate: candidate, ttl: lease)
    self.loop = loop
  }

  /// Until cancelled; then somebody else may lead at once.
  func run() async throws {
    await self.loop.stand(in: self.election)
    let news = self.election.news
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await self.election.run() }
      tasks.addTask { for await news in news { await self.loop.heard(news) } }
      try await tasks.waitForAll()
    }
  }
}
