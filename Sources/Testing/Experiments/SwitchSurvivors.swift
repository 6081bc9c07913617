// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import LabKit
package import ServiceModel

/// Which established TCP connections survive the loss of a switch, by who sends first afterwards.
package struct SwitchSurvivors: Sendable {
  package let placement: Placement
  package let mode: SwitchGroup.Mode
  /// Of each kind.
  package let connections: Int
  /// Idle connections whose client sends a request after the takeover, and gets its answer within 5 s from the region
  /// that it had.
  package let clientFirst: Int
  /// Downloads on which the region goes on sending, and whose client says nothing by itself: those that went on within
  /// 5 s of the takeover, and those that did within a minute after another connection's client had said something.
  package let regionFirst: Int
  package let regionFirstLater: Int

  /// - Parameter hasKnownRouter: the group names the client as a router.
  package static func measure(
    _ placement: Placement, mode: SwitchGroup.Mode = .activeStandby, hasKnownRouter: Bool = false,
    connections count: Int = 16
  ) async throws -> SwitchSurvivors {
    let policy: Policy = placement == .redirect ? .primaryReplica : .roundRobin
    var options = SwitchLoss.options(placement: placement, policy: policy)
    options.switchMode = mode
    options.hasKnownRouter = hasKnownRouter
    return try await Lab.with(options) { lab in
      if mode == .activeActive { try await lab.route(through: [1, 2]) }
      try await lab.waitUntilServing(timeout: .seconds(30))
      // A gateway whose rules are not there yet refuses connections.
      if policy == .roundRobin { try await lab.waitUntilAllServe() }
      let active = try await LabSwitches.waitUntilPaired(in: lab)
      let clients = try await Self.open(count, in: lab)
      let downloads = try await Self.download(count, in: lab)
      _ = try await lab.killSwitch(active)
      if mode == .activeActive {
        try await lab.route(through: [3 - active])
      } else {
        try await lab.waitUntil("a takeover", timeout: .seconds(20)) {
          try await LabSwitches.active(in: lab) == 3 - active
        }
      }
      // First those that nobody helps: a client that says something would show everybody the way.
      let atTakeover = try await downloads.sizes()
      let soon = try await downloads.grown(since: atTakeover, within: .seconds(5))
      let kept = try await clients.askAgain()
      let later = try await downloads.grown(since: atTakeover, within: .seconds(60))
      return SwitchSurvivors(
        placement: placement, mode: mode, connections: count, clientFirst: kept, regionFirst: soon,
        regionFirstLater: later)
    }
  }

  // MARK: The client sends first

  package struct Clients {
    let lab: Lab
    let count: Int

    package func askAgain() async throws -> Int {
      try self.lab.make("go")
      try await self.lab.waitUntil("answers", timeout: .seconds(30)) { self.lines("done").count == self.count }
      return self.lines("done").count { $0.hasSuffix("same") }
    }

    func lines(_ word: String) -> [Substring] {
      (1...self.count).compactMap { number in
        self.lab.written(to: "held-\(number).log").split(separator: "\n").first { $0.hasPrefix(word) }
      }
    }
  }

  package static func open(_ count: Int, in lab: Lab) async throws -> Clients {
    let go = "\(lab.directory.path)/go"
    let script = """
      ask() {
        printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3
        while IFS= read -r -t 5 -u 3 line; do case $line in "region "*) echo "${line%% client*}"; return;; esac; done
      }
      exec 3<>/dev/tcp/\(LabLayout.virtualIP)/80
      first=$(ask)
      echo "open $first"
      while [ ! -e \(go) ]; do sleep 0.05; done
      second=$(ask)
      if [ -n "$second" ] && [ "$first" = "$second" ]; then echo "done same"; else echo "done lost"; fi
      """
    for number in 1...count {
      _ = try await lab.start(in: .client, ["bash", "-c", script], log: "held-\(number).log")
    }
    let clients = Clients(lab: lab, count: count)
    try await lab.waitUntil("\(count) connections") {
      clients.lines("open").count { $0.hasPrefix("open region r") } == count
    }
    return clients
  }

  // MARK: The region sends first

  package struct Downloads {
    let lab: Lab
    let count: Int

    package func sizes() async throws -> [Int] {
      let files = (1...self.count).map { "\(self.lab.directory.path)/download-\($0)" }
      let output = try await self.lab.exec(in: .client, ["stat", "-c", "%s"] + files).requireSuccess()
      return output.split(separator: "\n").compactMap { Int($0) }
    }

    /// - Returns: how many have got another 4,000 bytes by then.
    package func grown(since before: [Int], within limit: Duration) async throws -> Int {
      let end = MonotonicClock.now() + limit
      var count = 0
      repeat {
        count = zip(try await self.sizes(), before).count { $0 >= $1 + 4_000 }
        try await Task.sleep(for: .milliseconds(100))
      } while count < self.count && MonotonicClock.now() < end
      return count
    }
  }

  package static func download(_ count: Int, in lab: Lab) async throws -> Downloads {
    let downloads = Downloads(lab: lab, count: count)
    for number in 1...count {
      let words = [
        "curl", "--silent", "--no-buffer", "--max-time", "300", "--output",
        "\(lab.directory.path)/download-\(number)", "http://\(LabLayout.virtualIP)/slow",
      ]
      _ = try await lab.start(in: .client, words, log: "download-\(number).log")
    }
    try await lab.waitUntil("\(count) downloads") {
      let sizes = try? await downloads.sizes()
      return sizes?.count == count && sizes?.allSatisfy { $0 > 0 } == true
    }
    return downloads
  }
}
