// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import LabKit
import Testing

/// A lab comes whole and leaves nothing, whatever happens to its owner.
@Suite(.enabled(if: TestLab.canRun))
struct LabLifeTests {
  @Test func downLeavesNothing() async throws {
    let options = TestLab.options("down")
    let lab = try await Lab.up(options)
    #expect(TestLab.namespaces(of: options).count == 6)
    #expect(!(try await TestLab.processes(mentioning: lab.directory.path).isEmpty))
    try await lab.down()
    try await self.expectNothing(of: options)
  }

  @Test func aFailedUpLeavesNothing() async throws {
    var options = TestLab.options("failed")
    options.processes = .controllerAndAgents
    options.executables = LabExecutables(controller: "/bin/false", agent: "/bin/true")
    await #expect {
      try await Lab.up(options)
    } throws: { error in
      if case LabError.ended("isthmus-controller", _) = error { true } else { false }
    }
    try await self.expectNothing(of: options)
  }

  @Test func aFailureInTheLabLeavesNothing() async throws {
    let options = TestLab.options("body")
    await #expect {
      try await Lab.with(options) { lab in
        try await lab.exec(in: .member(1), ["false"]).requireSuccess()
      }
    } throws: { error in
      if case LabError.commandFailed = error { true } else { false }
    }
    try await self.expectNothing(of: options)
  }

  @Test func labsOfDifferentNamesCoexist() async throws {
    try await Lab.with(TestLab.options("one")) { one in
      try await Lab.with(TestLab.options("two")) { two in
        try await one.connectPlainly()
        #expect(try await two.ofctl("dump-flows", "edge").contains("NORMAL") == false)
      }
      #expect(try await one.ofctl("dump-flows", "edge").contains("NORMAL"))
    }
  }

  @Test func oneNameIsForOneLab() async throws {
    let options = TestLab.options("taken")
    try await Lab.with(options) { _ in
      await #expect {
        try await Lab.up(options)
      } throws: { error in
        if case LabError.alreadyUp(_, owner: getpid()) = error { true } else { false }
      }
      #expect(TestLab.namespaces(of: options).count == 6)
    }
  }

  @Test func aStrangersNamespaceIsLeftAlone() async throws {
    let options = TestLab.options("foreign")
    let namespace = options.layout.namespace(of: .member(2))
    try await Command(["ip", "netns", "add", namespace]).runSuccessfully()
    await #expect {
      try await Lab.up(options)
    } throws: { error in
      if case LabError.foreignNamespace(namespace) = error { true } else { false }
    }
    #expect(TestLab.namespaces(of: options) == [namespace])
    try await Command(["ip", "netns", "delete", namespace]).runSuccessfully()
    #expect(!TestLab.directoryExists(options))
  }

  @Test func aLabThatIsLeftOutlivesItsOwnerUntilItIsTakenDown() async throws {
    let options = TestLab.options("left")
    try await self.isthmus(["lab", "up", "--bare", "--name", options.name]).runSuccessfully()
    let status = try await LabStatus.of(options.name)
    #expect(status.owner == nil && status.hosts.allSatisfy(\.exists))
    #expect(status.hosts.first?.processes.map(\.name) == ["ovsdb-server", "ovs-vswitchd"])
    let inside = try await self.isthmus(["lab", "exec", "--name", options.name, "r2-gw", "--", "ip", "-br", "addr"])
      .runSuccessfully()
    #expect(inside.contains("172.20.126.12/24"))
    try await self.isthmus(["lab", "down", "--name", options.name]).runSuccessfully()
    try await self.expectNothing(of: options)
  }

  @Test func nothingIsLeftWhenTheOwnerIsKilled() async throws {
    let options = TestLab.options("killed")
    let owner = try await self.isthmus(["lab", "up", "--bare", "--foreground", "--name", options.name])
      .start(log: "/dev/null")
    try await self.eventually("the lab is up") {
      try await LabStatus.of(options.name).hosts.last?.processes.isEmpty == false
    }
    owner.send(.kill)
    // The directory goes last but one, the reaper last.
    try await self.eventually("the reaper is done") {
      try await TestLab.processes(mentioning: "/\(options.name)").isEmpty && !TestLab.directoryExists(options)
    }
    try await self.expectNothing(of: options)
  }

  @Test func remainsOfADeadOwnerAreRemovedByTheNextOfTheName() async throws {
    let options = TestLab.options("remains")
    let owner = try await self.isthmus(["lab", "up", "--bare", "--foreground", "--name", options.name])
      .start(log: "/dev/null")
    try await self.eventually("the lab is up") {
      try await LabStatus.of(options.name).hosts.last?.processes.isEmpty == false
    }
    // The reaper first, then its owner: nobody is left to remove the lab.
    let directory = LabDirectory(root: options.stateDirectory, name: options.name)
    let reaper = try #require(try directory.readRecord()?.reaper)
    reaper.send(.kill)
    try await self.eventually("the reaper is gone") { !reaper.isAlive }
    owner.send(.kill)
    try await self.eventually("the owner is gone") { !owner.isAlive }
    #expect(TestLab.namespaces(of: options).count == 6)

    try await Lab.with(options) { lab in
      let ports = try await lab.ofctl("show", "edge")
      #expect(ports.contains(" 3(r2)"))
    }
    try await self.expectNothing(of: options)
  }

  // MARK: Words

  private func isthmus(_ arguments: [String]) throws -> Command {
    let path = try #require(LabExecutables.find("isthmus"), "swift build --product isthmus")
    return Command([path] + arguments)
  }

  private func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    try await waitUntil(what, timeout: .seconds(20)) { (try? await condition()) ?? false }
  }

  private func expectNothing(of options: LabOptions) async throws {
    #expect(TestLab.namespaces(of: options) == [])
    #expect(!TestLab.directoryExists(options))
    #expect(try await TestLab.processes(mentioning: "/\(options.name)") == [])
  }
}
