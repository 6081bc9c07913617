// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Outbound
import Storage

/// A real etcd of three members.
final class EtcdCluster {
  private struct Member {
    let client: String
    let peer: String
  }

  private let directory: String
  private let members: [Member]
  private var processes: [ChildProcess] = []

  private init(directory: String) throws {
    self.directory = directory
    self.members = try (0..<3).map { _ in
      Member(client: "http://127.0.0.1:\(try freePort())", peer: "http://127.0.0.1:\(try freePort())")
    }
  }

  /// Runs `body` with members that all answer; they are ended afterwards.
  static func with<Value>(_ body: (EtcdCluster) async throws -> Value) async throws -> Value {
    try await withTemporaryDirectory { directory in
      let cluster = try EtcdCluster(directory: directory)
      defer { for process in cluster.processes { process.end(with: SIGKILL) } }
      for index in cluster.members.indices { cluster.processes.append(try cluster.process(index)) }
      for member in cluster.members {
        try await eventually("\(member.client) answers") {
          let health = try? await HTTPOutbound.withClient { client in
            try await client.get(member.client + "/health", timeLimit: .seconds(1))
          }
          return health?.status == 200
        }
      }
      return try await body(cluster)
    }
  }

  var endpoints: [String] { self.members.map(\.client) }

  func kill(_ index: Int) { self.processes[index].end(with: SIGKILL) }
  func start(_ index: Int) throws { self.processes[index] = try self.process(index) }
  func freeze(_ index: Int) { self.processes[index].send(SIGSTOP) }
  func thaw(_ index: Int) { self.processes[index].send(SIGCONT) }

  private func process(_ index: Int) throws -> ChildProcess {
    let member = self.members[index]
    let all = self.members.enumerated().map { "m\($0.offset)=\($0.element.peer)" }.joined(separator: ",")
    return try ChildProcess(
      [
        "etcd", "--name", "m\(index)", "--data-dir", "\(self.directory)/m\(index)", "--listen-client-urls",
        member.client, "--advertise-client-urls", member.client, "--listen-peer-urls", member.peer,
        "--initial-advertise-peer-urls", member.peer, "--initial-cluster", all,
      ], output: "\(self.directory)/log-\(index)")
  }
}
