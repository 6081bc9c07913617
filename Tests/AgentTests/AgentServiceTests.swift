// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Agent
import AgentLink
import AgentPlane
import FoundationEssentials
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import ServiceModel
import Testing

/// A whole agent against a controller on loopback; its rules go into a namespace of their own.
@Suite(.serialized, .enabled(if: canUseNamespaces, "needs root"), .timeLimit(.minutes(1)))
struct AgentServiceTests {
  static let key = RegionKey(bytes: [UInt8](repeating: 3, count: 32))!
  static let region = RegionName(unchecked: "east")
  let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()

  /// The member is a listening socket of this process.
  static func assignment(member: SocketEndpoint) -> Assignment {
    Assignment(
      region: Self.region, heartbeatInterval: .milliseconds(50), gateways: [IPAddress("192.0.2.1")!],
      services: [
        AssignedService(
          name: ServiceName(unchecked: "web"), targets: [Target(transport: .tcp, port: 16384, memberPort: 80)],
          members: [member.address],
          check: Check(port: member.port, interval: .milliseconds(20), timeout: .milliseconds(500), fall: 2, rise: 2),
          mode: .immediate, clientAddress: .automatic)
      ], peers: [])
  }

  /// Runs an agent until `body` ends, then asks it to end.
  func withAgent(
    _ controller: SocketEndpoint, state: String, nft: NFTables, _ body: () async throws -> Void
  ) async throws {
    let agent = AgentService(
      AgentConfiguration(
        region: Self.region, key: Self.key, controllers: [controller], listen: SocketEndpoint("127.0.0.1:0")!,
        stateDirectory: state),
      on: self.loop, nft: nft, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let group = ServiceGroup(services: [agent], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      try await body()
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  func withScratch(_ name: String, _ body: (_ nft: NFTables, _ state: String) async throws -> Void) async throws {
    let namespace = "isth-agent-\(name)-\(ProcessInfo.processInfo.processIdentifier)"
    let directory = FileManager.default.temporaryDirectory.appending(path: namespace).path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try Data("1\n".utf8).write(to: URL(filePath: "\(directory)/ip_forward"))
    try await sh("ip netns add \(namespace)")
    let nft = NFTables(
      command: ["ip", "netns", "exec", namespace, "nft"], forwarding: Forwarding(path: "\(directory)/ip_forward"))
    let result: Result<Void, any Error>
    do {
      try await body(nft, directory)
      result = .success(())
    } catch {
      result = .failure(error)
    }
    _ = try? await sh("ip netns del \(namespace); rm -rf \(directory)")
    try result.get()
  }

  func listen(port: Int = 0) async throws -> (channel: any Channel, endpoint: SocketEndpoint) {
    let channel = try await ServerBootstrap(group: self.loop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: port).get()
    return (channel, SocketEndpoint(IPv4Address("127.0.0.1")!, UInt16(channel.localAddress?.port ?? 0)))
  }

  @Test func anAgentFetchesChecksTellsAndLeaves() async throws {
    try await self.withScratch("tell") { nft, state async throws in
      let member = try await self.listen()
      let assignment = Self.assignment(member: member.endpoint)
      let controller = try SmallController(assignment, key: Self.key, session: 5, on: self.loop)
      let revision = try assignment.revision()
      let endpoint = try await controller.start()
      var leaving: Task<Heartbeat, Never>?
      try await self.withAgent(endpoint, state: state, nft: nft) {
        let up = await controller.heartbeat { $0.assignment == revision && $0.services.isEmpty }
        #expect(up.sessions == [5])
        let digest = try await nft.installedDigest()
        #expect(digest != nil, "a service is not up before its rules are in place")

        try await member.channel.close()
        let down = await controller.heartbeat { $0.services.first?.state == .down(.refused) }
        #expect(down.services.map(\.target) == [16384])
        #expect(try #require(down.services[0].lastGoodAge) < .seconds(5))

        let again = try await self.listen(port: Int(member.endpoint.port))
        _ = await controller.heartbeat { $0.services.isEmpty }
        try await again.channel.close()
        leaving = Task { await controller.heartbeat { $0.leaving } }
        _ = await controller.heartbeat { !$0.leaving }
      }
      #expect(await leaving?.value.leaving == true)
      #expect(try await nft.installedDigest() != nil, "the rules stay")
      #expect(await controller.fetches == 1)
      try await controller.stop()
    }
  }

  @Test func aRestartedAgentWorksWithoutAControllerAndTouchesNothing() async throws {
    try await self.withScratch("again") { nft, state async throws in
      let member = try await self.listen()
      let assignment = Self.assignment(member: member.endpoint)
      let revision = try assignment.revision()
      let first = try SmallController(assignment, key: Self.key, session: 5, on: self.loop)
      let endpoint = try await first.start()
      try await self.withAgent(endpoint, state: state, nft: nft) {
        _ = await first.heartbeat { $0.assignment == revision && $0.services.isEmpty }
      }
      try await first.stop()
      let cache = AssignmentCache(directory: state, region: Self.region, key: Self.key)
      #expect(try cache.load()?.revision == revision)
      #expect(try await sh("stat -c %a \(cache.path)") == "600\n")

      // A controller that has no assignment to give: the agent works by what it kept. Rules cannot be written now,
      // so that the service is up proves that nothing had to be.
      let readOnly = NFTables(
        command: ["sh", "-c", Self.onlyLists(nft), "nft"], forwarding: Forwarding(path: "\(state)/ip_forward"))
      let second = try SmallController(assignment, key: Self.key, session: 6, on: self.loop)
      _ = try await second.start(port: endpoint.port)
      try await self.withAgent(endpoint, state: state, nft: readOnly) {
        let up = await second.heartbeat { $0.assignment == revision && $0.services.isEmpty }
        #expect(up.sessions == [6], "counted after one round trip, although the controller is new")
      }
      #expect(await second.fetches == 0)
      #expect(await second.rejected(for: .staleSession) >= 1)
      try await second.stop()
      try await member.channel.close()
    }
  }

  /// A script that passes `nft list` and `nft -t list` on, and refuses everything else.
  private static func onlyLists(_ nft: NFTables) -> String {
    "case \"$*\" in *list*) exec \(nft.command.joined(separator: " ")) \"$@\";; *) exit 1;; esac"
  }

  @Test func theCacheBelievesOnlyItsOwnKey() async throws {
    try await self.withScratch("cache") { _, state async throws in
      let assignment = Self.assignment(member: SocketEndpoint("10.0.0.1:80")!)
      let cache = AssignmentCache(directory: state, region: Self.region, key: Self.key)
      #expect(try cache.load() == nil)
      try cache.store(assignment)
      try cache.store(assignment)
      #expect(try cache.load()?.assignment == assignment)
      let other = AssignmentCache(
        directory: state, region: Self.region, key: RegionKey(bytes: [UInt8](repeating: 4, count: 32))!)
      #expect(throws: AssignmentSealError.notAuthentic) { try other.load() }
    }
  }
}
