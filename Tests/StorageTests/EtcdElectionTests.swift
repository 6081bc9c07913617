// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Storage
import Testing

/// Who leads, on a real etcd; candidates that are frozen are processes.
@Suite(.serialized, .needsEtcd, .timeLimit(.minutes(5))) struct EtcdElectionTests {
  private static let ttl = Duration.seconds(2)

  @Test func oneLeaderAmongThree() async throws {
    try await EtcdServer.with { server in
      var candidates: [Candidate] = []
      for name in ["a", "b", "c"] { candidates.append(try Candidate(name, server.settings(), ttl: Self.ttl)) }
      var epochs: [UInt64] = []
      while !candidates.isEmpty {
        try await eventually("a leader whom all know") {
          let led = candidates.compactMap(\.role)
          return led.count == candidates.count && Set(led.map(\.epoch)).count == 1 && led.count { $0.isLeader } == 1
        }
        let index = try #require(candidates.firstIndex { $0.role?.isLeader == true })
        let leader = candidates.remove(at: index)
        epochs.append(try #require(leader.role?.epoch))
        for other in candidates { #expect(other.role?.leader == leader.name) }
        let stopped = ContinuousClock.now
        await leader.stop()
        #expect(leader.log.hasEnded)
        guard !candidates.isEmpty else { break }
        try await eventually("another") { candidates.contains { $0.role?.isLeader == true } }
        let elected = try #require(candidates.compactMap(\.electedAt).max())
        print("take-over after a clean stop: \(elected - stopped)")
      }
      #expect(epochs.count == 3)
      #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 }, "\(epochs)")
    }
  }

  @Test func aFrozenLeaderIsReplaced() async throws {
    let program = try builtProgram("storage-trial")
    try await EtcdServer.with { server in
      var times: [Duration] = []
      for round in 1...3 {
        let prefix = "/round/\(round)/"
        let output = "\(server.directory)/output-\(round)"
        let frozen = try ChildProcess([program, "campaign", server.endpoint, prefix, "frozen", "2"], output: output)
        try await eventually("its election") { lines(of: output).contains { $0.hasPrefix("elected ") } }
        let first = try #require(lines(of: output).last?.split(separator: " ").last.flatMap { UInt64($0) })
        let other = try Candidate("other", server.settings(prefix: prefix), ttl: Self.ttl)
        try await eventually("the other follows") { other.roles == [.init(epoch: first, leader: "frozen")] }
        frozen.send(SIGSTOP)
        let stopped = ContinuousClock.now
        try await eventually("the other leads") { other.role?.isLeader == true }
        let second = try #require(other.role?.epoch)
        #expect(second > first)
        times.append(try #require(other.electedAt) - stopped)
        frozen.send(SIGCONT)
        try await eventually("it sees that it is replaced") {
          lines(of: output).contains("following other \(second)")
        }
        await other.stop()
        try await eventually("it leads again") { lines(of: output).count { $0.hasPrefix("elected ") } == 2 }
        frozen.end(with: SIGKILL)
      }
      print("take-over from a frozen leader, TTL 2 s: \(times)")
      #expect(try #require(times.min()) < Self.ttl + .milliseconds(700), "\(times)")
    }
  }

  @Test(arguments: [false, true]) func anUnreachableEtcdDeposesNobody(killed: Bool) async throws {
    try await EtcdServer.with { server in
      let leader = try Candidate("leader", server.settings(), ttl: Self.ttl)
      try await eventually("the election") { leader.role?.isLeader == true }
      let follower = try Candidate("follower", server.settings(), ttl: Self.ttl)
      try await eventually("the follower") { follower.role?.leader == "leader" }
      let roles = [leader.roles, follower.roles]
      if killed { server.kill() } else { server.freeze() }
      for candidate in [leader, follower] {
        try await eventually("\(candidate.name) is told") { candidate.isAway }
      }
      // Until long after the lease nobody may change its mind, not even for a moment.
      let lapsed = ContinuousClock.now + Self.ttl + .seconds(1)
      try await eventually("the end of the lease") {
        try #require([leader.roles, follower.roles] == roles)
        return ContinuousClock.now >= lapsed
      }
      if killed { try await server.start() } else { server.thaw() }
      for candidate in [leader, follower] {
        try await eventually("\(candidate.name) is told that it is back") { !candidate.isAway }
      }
      // The lease may have ended or not; there is one leader, and no epoch has two.
      try await eventually("one leader") {
        [leader, follower].count { $0.role?.isLeader == true } == 1 && leader.role?.epoch == follower.role?.epoch
      }
      let led = leader.epochsAsLeader + follower.epochsAsLeader
      #expect(Set(led).count == led.count, "\(led)")
      await leader.stop()
      await follower.stop()
    }
  }

  /// Back before the lease ends: the same key, and nothing is said but that.
  @Test func aLeaderThatYieldsIsFollowedByAnother() async throws {
    try await EtcdServer.with { server in
      let first = try Candidate("first", server.settings(), ttl: Self.ttl)
      try await eventually("the election") { first.role?.isLeader == true }
      let second = try Candidate("second", server.settings(), ttl: Self.ttl)
      try await eventually("the follower") { second.role?.leader == "first" }
      first.election.yield()
      try await eventually("the other leads") { second.role?.isLeader == true }
      try await eventually("it follows") { first.role?.leader == "second" }
      let epoch = try #require(second.role?.epoch)
      await first.stop()
      // Nobody else wants it.
      second.election.yield()
      try await eventually("it leads again") { second.role.map { $0.isLeader && $0.epoch > epoch } == true }
      await second.stop()
    }
  }

  @Test func aShortAbsenceChangesNothing() async throws {
    try await EtcdServer.with { server in
      let leader = try Candidate("leader", server.settings(), ttl: .seconds(20))
      try await eventually("the election") { leader.role?.isLeader == true }
      let roles = leader.roles
      server.kill()
      try await eventually("it is told") { leader.isAway }
      try await server.start()
      try await eventually("it is back") { !leader.isAway }
      #expect(leader.roles == roles)
      await leader.stop()
    }
  }

  /// By a person, say: the key is what counts.
  @Test func aDeletedKeyIsANewEpoch() async throws {
    try await EtcdServer.with { server in
      let leader = try Candidate("leader", server.settings(), ttl: Self.ttl)
      try await eventually("the election") { leader.role?.isLeader == true }
      let first = try #require(leader.role?.epoch)
      #expect(try server.control("del", "/isthmus/leader"))
      try await eventually("a new epoch") { (leader.role?.epoch ?? 0) > first }
      #expect(leader.role?.isLeader == true)
      await leader.stop()
    }
  }

  /// With nobody there from the beginning: it says so, stops when told, and is elected when etcd comes.
  @Test func noEtcdAtAll() async throws {
    let settings = try EtcdSettings(endpoints: ["http://127.0.0.1:\(try freePort())"])
    let alone = try Candidate("alone", settings, ttl: Self.ttl)
    try await eventually("it is told") { alone.isAway }
    await alone.stop()
    #expect(alone.roles == [])
  }

  @Test func badSettings() throws {
    let settings = try EtcdSettings(endpoints: ["http://127.0.0.1:1"])
    for ttl in [Duration.seconds(1), .milliseconds(2500), .seconds(3601), .seconds(-2)] {
      #expect(throws: StoreError.self) { _ = try EtcdElection(settings, candidate: "a", ttl: ttl) }
    }
    #expect(throws: StoreError.self) { _ = try EtcdElection(settings, candidate: "", ttl: .seconds(2)) }
  }
}

/// One that runs until it is stopped.
private final class Candidate: Sendable {
  let name: String
  let log: NewsLog<ElectionNews>
  let election: EtcdElection
  private let task: Task<Void, any Error>

  init(_ name: String, _ settings: EtcdSettings, ttl: Duration) throws {
    let election = try EtcdElection(settings, candidate: name, ttl: ttl)
    self.name = name
    self.election = election
    self.log = NewsLog(election.news)
    self.task = Task { try await election.run() }
  }

  deinit {
    self.task.cancel()
  }

  func stop() async {
    self.task.cancel()
    _ = await self.task.result
    // Its last news may be on their way.
    try? await eventually("the end of the news") { self.log.hasEnded }
  }

  struct Role: Equatable {
    let epoch: UInt64
    /// Nil: itself.
    let leader: String?
    var isLeader: Bool { self.leader == nil }
  }

  var roles: [Role] { self.log.all.compactMap(Self.role) }
  var role: Role? { self.roles.last }
  var epochsAsLeader: [UInt64] { self.roles.filter(\.isLeader).map(\.epoch) }
  var electedAt: ContinuousClock.Instant? {
    self.log.entries.last { Self.role($0.news)?.isLeader == true }?.time
  }

  var isAway: Bool {
    for news in self.log.all.reversed() {
      switch news {
      case .unreachable: return true
      case .reachable: return false
      case .elected, .following: continue
      }
    }
    return false
  }

  private static func role(_ news: ElectionNews) -> Role? {
    switch news {
    case .elected(let epoch): Role(epoch: epoch, leader: nil)
    case .following(let leader, let epoch): Role(epoch: epoch, leader: leader)
    case .unreachable, .reachable: nil
    }
  }
}
