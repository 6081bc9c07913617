// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Outbound

/// Which of several controllers leads, and so answers.
struct LeaderSearch {
  /// So long an election may take.
  private static let patience = Duration.seconds(6)

  let outbound: HTTPOutbound
  /// One at least.
  let urls: [String]

  /// One that is named alone is asked whatever it is: it says who leads.
  ///
  /// - Throws: if none can be reached, or none leads.
  func find() async throws(CommandFailure) -> APIClient {
    guard self.urls.count > 1 else { return APIClient(outbound: self.outbound, url: self.urls[0]) }
    let end = ContinuousClock.now + Self.patience
    while true {
      let found = await self.ask()
      if let leader = found.leader { return leader }
      guard found.followers > 0 else { throw .noneReachable(found.failures) }
      guard ContinuousClock.now < end else { throw .noLeader(self.urls, found.failures) }
      try? await Task.sleep(for: .milliseconds(500))
    }
  }

  private func ask() async -> (leader: APIClient?, followers: Int, failures: [CommandFailure]) {
    var leader: (client: APIClient, epoch: UInt64)?
    var followers = 0
    var failures: [CommandFailure] = []
    for url in self.urls {
      let client = APIClient(outbound: self.outbound, url: url)
      do throws(CommandFailure) {
        let answer = try await client.get("/v1/controller", as: ControllerResource.self, timeLimit: .seconds(2))
        let epoch = answer.value.epoch ?? 0
        switch answer.value.role {
        case .follower: followers += 1
        // One that was cut off may not know yet that another has taken over.
        case .alone, .leader: if leader.map({ $0.epoch < epoch }) ?? true { leader = (client, epoch) }
        }
      } catch {
        failures.append(error)
      }
    }
    return (leader?.client, followers, failures)
  }
}

extension CommandFailure {
  fileprivate static func noneReachable(_ failures: [CommandFailure]) -> CommandFailure {
    CommandFailure(
      code: "unreachable", message: failures.map(\.message).joined(separator: "; "),
      hint: "is isthmus-controller running there? --api or \(ControllerOptions.environmentName) names other addresses",
      status: .unreachable)
  }

  fileprivate static func noLeader(_ urls: [String], _ failures: [CommandFailure]) -> CommandFailure {
    let missing = failures.isEmpty ? "" : "; \(failures.map(\.message).joined(separator: "; "))"
    return CommandFailure(
      code: "no-leader", message: "none of the controllers at \(urls.joined(separator: ", ")) leads\(missing)",
      hint: "name all controllers; without etcd nobody can begin to lead", status: .unreachable)
  }
}
