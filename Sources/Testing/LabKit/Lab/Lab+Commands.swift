// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import ServiceModel

/// Looking into a lab.
extension Lab {
  /// Runs a command on a host and returns what it wrote, whether it succeeded or not.
  ///
  /// - Throws: `LabError.noSuchHost`, `.cannotRun`, `.timedOut`.
  package nonisolated func exec(
    in host: LabHost, _ words: [String], input: String = "", timeout: Duration = .seconds(20)
  ) async throws -> CommandOutput {
    try await self.command(in: host, words).run(input: input, timeout: timeout)
  }

  nonisolated func command(in host: LabHost, _ words: [String]) throws -> Command {
    guard self.layout.hosts.contains(host) else {
      throw LabError.noSuchHost("\(host)", accepted: self.layout.hosts.map(\.description))
    }
    return Command(["ip", "netns", "exec", self.layout.namespace(of: host)] + words)
  }

  // MARK: The switch

  /// `ovs-ofctl` on the lab's switch, for example `lab.ofctl("dump-flows", "edge")`; OpenFlow 1.3 unless told.
  ///
  /// - Returns: its standard output.
  /// - Throws: `LabError.commandFailed` if it does not succeed.
  @discardableResult
  package nonisolated func ofctl(_ arguments: String..., version: String = "OpenFlow13") async throws -> String {
    try await self.openVSwitch.command(["ovs-ofctl", "-O", version] + arguments).runSuccessfully()
  }

  /// `ovs-vsctl` on the lab's database.
  @discardableResult
  package nonisolated func vsctl(_ arguments: String...) async throws -> String {
    try await self.openVSwitch.command(["ovs-vsctl", "--timeout=10"] + arguments).runSuccessfully()
  }

  /// `ovs-appctl` to the lab's `ovs-vswitchd`.
  @discardableResult
  package nonisolated func appctl(_ arguments: String...) async throws -> String {
    try await self.openVSwitch.command(["ovs-appctl"] + arguments).runSuccessfully()
  }

  /// Writes every message between the switch and its controller to `log`, until it is ended (`ovs-ofctl snoop`).
  package nonisolated func snoop(log: String) async throws -> ChildProcess {
    try await self.openVSwitch.command(["ovs-ofctl", "-O", "OpenFlow15", "snoop", LabLayout.bridge]).start(log: log)
  }

  /// Whether the switch has a connection to the controller now. (What the database says of it is up to 5 s old.)
  package nonisolated func switchIsConnected() async throws -> Bool {
    let connections = try await self.exec(
      in: .switch, ["ss", "-Htn", "state", "established", "dport = :\(LabLayout.openFlowPort)"])
    return try !connections.requireSuccess().isEmpty
  }

  // MARK: The service

  /// One request to the virtual IP from a client, by curl.
  ///
  /// - Returns: the region that answered; nil: none did.
  package nonisolated func request(
    from host: LabHost = .client, to address: SocketEndpoint = SocketEndpoint(LabLayout.virtualIP, 80),
    timeout: Duration = .seconds(1)
  ) async throws -> Int? {
    let seconds = "\(timeout.milliseconds / 1_000)"
    let output = try await self.exec(
      in: host, ["curl", "--silent", "--show-error", "--max-time", seconds, "http://\(address)/"])
    guard output.succeeded, output.output.hasPrefix("region r") else { return nil }
    return output.output.dropFirst("region r".count).split(separator: " ").first.flatMap { Int($0) }
  }

  /// Waits until a request to the virtual IP is answered, by `region` if one is given.
  package nonisolated func waitUntilServing(by region: Int? = nil, timeout: Duration = .seconds(15)) async throws {
    let what = region.map { "answer of r\($0) at the virtual IP" } ?? "answer at the virtual IP"
    try await self.waitUntil(what, timeout: timeout) {
      guard let answered = try await self.request(timeout: .milliseconds(250)) else { return false }
      return region == nil || answered == region
    }
  }

  /// Waits until a condition on something observable holds. A failure tells the ends of the lab's logs.
  ///
  /// - Throws: `LabError.timedOut`.
  package nonisolated func waitUntil(
    _ what: String, timeout: Duration = .seconds(10), _ condition: () async throws -> Bool
  ) async throws {
    try await LabKit.waitUntil(what, timeout: timeout, detail: { self.logTails }, condition)
  }

  private nonisolated var logTails: String {
    self.directory.logs.map { (path: $0, tail: TextFile.tail($0)) }.filter { !$0.tail.isEmpty }
      .map { "\n\($0.path):\n\($0.tail)" }.joined()
  }
}
