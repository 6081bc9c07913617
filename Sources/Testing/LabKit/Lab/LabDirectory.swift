// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The directory that holds all files of one lab. That it exists is what makes a lab's name taken.
package struct LabDirectory: Sendable, Equatable {
  /// Holds the directories of all labs.
  private let root: String
  package let path: String

  package init(root: String, name: String) {
    self.root = root
    self.path = "\(root)/\(name)"
  }

  // MARK: Files

  var record: String { "\(self.path)/lab.json" }
  /// One a line, for the reaper.
  var namespaces: String { "\(self.path)/namespaces" }
  package var reaperLog: String { "\(self.path)/reaper.log" }
  /// Database, sockets, process numbers and logs of the private Open vSwitch.
  package var openVSwitch: String { "\(self.path)/ovs" }
  /// The same of the second switch.
  func openVSwitch(_ number: Int) -> String { number == 1 ? self.openVSwitch : "\(self.openVSwitch)\(number)" }
  package func controllerConfiguration(of controller: Int = 1) -> String {
    controller == 1 ? "\(self.path)/isthmus.yaml" : "\(self.path)/isthmus-\(controller).yaml"
  }
  package func controllerLog(of controller: Int = 1) -> String {
    controller == 1 ? "\(self.path)/controller.log" : "\(self.path)/controller-\(controller).log"
  }
  var etcd: String { "\(self.path)/etcd" }
  var etcdLog: String { "\(self.path)/etcd.log" }
  var certificates: LabCertificates { LabCertificates(directory: "\(self.path)/tls") }
  package func key(_ region: Int) -> String { "\(self.path)/r\(region).key" }
  package func agentLog(_ region: Int, gateway number: Int = 1) -> String {
    "\(self.path)/r\(region)-agent\(number == 1 ? "" : "-\(number)").log"
  }
  /// What a region's agent remembers from one start to the next.
  package func agentState(_ region: Int, gateway number: Int = 1) -> String {
    "\(self.path)/r\(region)-agent\(number == 1 ? "" : "-\(number)")"
  }
  /// Begins the names of what keepalived and conntrackd of one of two gateways have.
  func pair(_ region: Int, gateway number: Int) -> String { "\(self.path)/r\(region)-gw\(number)" }
  /// Configuration, process number, log and temporary files of a region's web server.
  package func member(_ region: Int) -> String { "\(self.path)/r\(region)-member" }
  func prober(_ number: Int) -> String { "\(self.path)/prober-\(number)" }

  /// Every log of the lab that exists, to be printed when a test fails.
  package var logs: [String] {
    let directories = [self.path, self.openVSwitch, self.openVSwitch(2)]
    return directories.flatMap { directory in directoryEntries(directory).map { "\(directory)/\($0)" } }
      .filter { $0.hasSuffix(".log") }
  }

  // MARK: Life

  /// The lab of this name; nil if there is none.
  package func readRecord() throws(LabError) -> LabRecord? { try LabRecord.read(from: self.record) }

  func write(_ record: LabRecord) throws { try record.write(to: self.record) }

  /// Takes the name for this process, removing first what a dead owner left.
  ///
  /// The directory is made aside and renamed, so that it never exists without its record; of two processes that want
  /// one name, one fails.
  func claim(_ layout: LabLayout) async throws {
    let lock = try await DirectoryLock.acquire(self.root)
    defer { lock.release() }
    try await self.removeRemains()
    for host in layout.hosts where fileExists("/run/netns/\(layout.namespace(of: host))") {
      throw LabError.foreignNamespace(layout.namespace(of: host))
    }
    let aside = try self.makeAside(".\(layout.name).\(getpid())")
    try aside.write(LabRecord(layout: layout, owner: .current, reaper: nil))
    try TextFile.write(layout.hosts.map { "\(layout.namespace(of: $0))\n" }.joined(), to: aside.namespaces)
    do {
      try rename(aside.path, to: self.path)
    } catch {
      try await Command(["rm", "-rf", aside.path]).runSuccessfully()
      throw LabError.alreadyUp(name: layout.name, owner: try self.readRecord()?.owner?.pid)
    }
  }

  private func makeAside(_ name: String) throws -> LabDirectory {
    let aside = LabDirectory(root: self.root, name: name)
    // The reaper of another lab removes the root if it is empty, perhaps just now.
    for _ in 1..<5 {
      try makeDirectory(self.root, mayExist: true)
      if (try? makeDirectory(aside.path, mayExist: true)) != nil { return aside }
    }
    try makeDirectory(aside.path)
    return aside
  }

  private func removeRemains() async throws {
    guard fileExists(self.path) else { return }
    // The record goes first when a lab is removed: a directory without one was not removed to its end.
    guard let record = try self.readRecord() else { return try await Reaper.reapNow(self) }
    guard let owner = record.owner, !owner.isAlive else {
      throw LabError.alreadyUp(name: record.layout.name, owner: record.owner?.pid)
    }
    try await self.reap(record)
  }

  /// Removes the lab of this name, whoever owns it; nothing if there is none.
  ///
  /// - Returns: whether there was one.
  func remove() async throws -> Bool {
    guard fileExists(self.path) else { return false }
    let lock = try await DirectoryLock.acquire(self.root)
    defer { lock.release() }
    if let record = try self.readRecord() { try await self.reap(record) } else { try await Reaper.reapNow(self) }
    return true
  }

  /// The lab's own reaper is ended first: at work later than this, it could remove a new lab of the same name.
  private func reap(_ record: LabRecord) async throws {
    if let reaper = record.reaper {
      reaper.send(.kill, toGroup: true)
      try await waitUntil("end of reaper \(reaper.pid)") { !reaper.isAlive }
    }
    if fileExists(self.path) { try await Reaper.reapNow(self) }
  }
}
