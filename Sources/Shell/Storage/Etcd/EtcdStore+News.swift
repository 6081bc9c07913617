// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension EtcdStore {
  package func news() -> AsyncStream<StoreNews> {
    NewsBox(isOfOneKind: StoreNews.isOfOneKind).stream { box in await self.follow(SnapshotReport(to: box)) }
  }

  /// Reads, then watches from there, again and again.
  private func follow(_ report: SnapshotReport) async {
    var backoff = Backoff()
    while !Task.isCancelled {
      do throws(StoreError) {
        let snapshot = try await self.read()
        report.found(snapshot)
        let started = ContinuousClock.now
        let end = await self.watch(after: snapshot, report)
        if ContinuousClock.now - started > .seconds(1) { backoff.reset() }
        // What else may have ended it, the next reading finds out.
        if case .final(let error) = end { throw error }
        if case .needsToken = end { self.client.forgetToken() }
      } catch .cancelled {
        return
      } catch {
        report.lost(error)
      }
      try? await Task.sleep(for: backoff.next())
    }
  }

  /// - Returns: why it ended.
  private func watch(after snapshot: Snapshot, _ report: SnapshotReport) async -> EtcdProblem {
    let endpoint = self.client.endpoint
    return await withTaskGroup(of: EtcdProblem.self) { group in
      group.addTask {
        do throws(EtcdProblem) { try await self.read(changesAfter: snapshot, at: endpoint, report) } catch {
          return error
        }
      }
      group.addTask {
        do throws(EtcdProblem) { try await self.askWhetherAlive(endpoint) } catch { return error }
      }
      let end = await group.next() ?? .final(.cancelled)
      group.cancelAll()
      return end
    }
  }

  private func read(
    changesAfter snapshot: Snapshot, at endpoint: Int, _ report: SnapshotReport
  ) async throws(EtcdProblem) -> Never {
    let place = self.client.settings.endpoints[endpoint]
    // Holds the largest commit; a longer answer, of many commits at once, is replaced by reading again.
    var watch = try await self.client.watch(
      EtcdWatch(
        create: .init(key: self.keys.first, end: self.keys.end, start: EtcdNumber(snapshot.revision + 1))),
      at: endpoint, lineLimit: 8 << 20)
    var revision = snapshot.revision
    var documents: [String: Document] = [:]
    for document in snapshot.documents { documents[document.key] = document }
    while true {
      for event in try await watch.next() {
        revision = max(revision, event.kv.modified?.value ?? 0)
        let key = try self.keys.documentKey(event.kv.key, from: place)
        documents[key] = event.type == "DELETE" ? nil : try self.keys.document(event.kv, from: place)
      }
      report.found(Snapshot(revision: revision, documents: documents.values.sorted { $0.key < $1.key }))
    }
  }

  /// A watch of a server that is dead, or cut off from the others, is as quiet as one of a server where nothing happens.
  private func askWhetherAlive(_ endpoint: Int) async throws(EtcdProblem) -> Never {
    while true {
      do { try await Task.sleep(for: self.client.settings.requestTimeout / 2) } catch { throw .final(.cancelled) }
      do throws(EtcdProblem) {
        _ = try await self.client.call(
          "/v3/kv/range", EtcdRange(key: self.keys.first, countOnly: true), for: EtcdRange.Answer.self, at: endpoint)
      } catch {
        self.client.leave(endpoint)
        throw error
      }
    }
  }
}
