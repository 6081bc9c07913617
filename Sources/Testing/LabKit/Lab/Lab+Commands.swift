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

  /// Starts a command on a host, which ends with the lab at the latest.
  ///
  /// - Parameter log: the name of a file in the lab's directory that takes what it writes.
  package nonisolated func start(in host: LabHost, _ words: [String], log: String) async throws -> ChildProcess {
    try await self.command(in: host, words).start(log: "\(self.directory.path)/\(log)")
  }

  /// What a command that was started has written to its log so far.
  package nonisolated func written(to log: String) -> String { TextFile.read("\(self.directory.path)/\(log)") ?? "" }

  /// Makes a file in the lab's directory, for commands that wait for one.
  package nonisolated func make(_ file: String) throws { try TextFile.write("", to: "\(self.directory.path)/\(file)") }

  /// Gives the controller another configuration file, which it applies while it runs. Hosts, addresses and processes
  /// stay as they are.
  package nonisolated func configure(_ options: LabOptions) throws {
    for number in self.layout.controllers {
      try TextFile.write(
        options.controllerConfiguration(of: number), to: self.directory.controllerConfiguration(of: number))
    }
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
  package nonisolated func ofctl(
    _ arguments: String..., version: String = "OpenFlow13", onSwitch number: Int = 1
  ) async throws -> String {
    try await self.openVSwitches[number - 1].command(["ovs-ofctl", "-O", version] + arguments).runSuccessfully()
  }

  /// Writes those lines of what `ovs-ofctl dump-…` says that contain a text to a file; there may be many.
  ///
  /// - Returns: how many they are.
  package nonisolated func ofctlDump(
    _ arguments: String..., linesWith text: String, to path: String, version: String = "OpenFlow15"
  ) async throws -> Int {
    let script = "text=$1 file=$2; shift 2; ovs-ofctl \"$@\" | grep -F -e \"$text\" | tee \"$file\" | wc -l"
    let words = ["sh", "-c", script, "dump", text, path, "-O", version] + arguments
    let count = try await self.openVSwitch.command(words).runSuccessfully(timeout: .seconds(60))
    return Int(count.filter { $0.isNumber }) ?? 0
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

  /// Whether the switch has a connection to a controller now. (What the database says of it is up to 5 s old.)
  package nonisolated func switchIsConnected(_ number: Int = 1, to controller: Int = 1) async throws -> Bool {
    let connections = try await self.exec(
      in: LabLayout.host(ofSwitch: number),
      ["ss", "-Htn", "state", "established", "dport = :\(LabLayout.openFlowPort(of: controller))"])
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
  package nonisolated func waitUntilServing(
    by region: Int? = nil, at address: SocketEndpoint = SocketEndpoint(LabLayout.virtualIP, 80),
    timeout: Duration = .seconds(15)
  ) async throws {
    let what = region.map { "answer of r\($0) at the virtual IP" } ?? "answer at the virtual IP"
    try await self.waitUntil(what, timeout: timeout) {
      guard let answered = try await self.request(to: address, timeout: .milliseconds(250)) else { return false }
      return region == nil || answered == region
    }
  }

  /// Opens connections to the virtual IP, one after the other, by curl.
  ///
  /// - Returns: how many each region has answered.
  package nonisolated func answers(_ count: Int, from host: LabHost = .client) async throws -> [Int: Int] {
    let url = "http://\(LabLayout.virtualIP)/?[1-\(count)]"
    let output = try await self.exec(
      in: host, ["curl", "--silent", "--max-time", "60", "--header", "Connection: close", url], timeout: .seconds(90)
    ).requireSuccess()
    var counts: [Int: Int] = [:]
    for line in output.split(separator: "\n") where line.hasPrefix("region r") {
      guard let region = Int(line.dropFirst("region r".count).prefix { $0.isNumber }) else { continue }
      counts[region, default: 0] += 1
    }
    return counts
  }

  /// Waits until every region answers a part of the requests, and none is lost.
  package nonisolated func waitUntilAllServe() async throws {
    try await self.waitUntil("answers of every region", timeout: .seconds(30)) {
      guard let counts = try? await self.answers(60) else { return false }
      return counts.count == self.layout.regionCount && counts.values.reduce(0, +) == 60
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
