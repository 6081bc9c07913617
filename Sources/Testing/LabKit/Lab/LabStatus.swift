// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A lab as it is now, seen from any process.
package struct LabStatus: Sendable, Equatable, Codable {
  package struct Host: Sendable, Equatable, Codable {
    package let name: String
    package let namespace: String
    /// Whether the namespace is there.
    package let exists: Bool
    package let processes: [Process]
  }

  package struct Process: Sendable, Equatable, Codable {
    package let pid: Int32
    package let name: String
  }

  package let name: String
  package let directory: String
  /// The process that the lab dies with; nil: it was left in the background.
  package let owner: Int32?
  /// False if that process has died and its lab still waits to be removed.
  package let ownerIsAlive: Bool?
  package let hosts: [Host]

  /// - Throws: `LabError.notUp` if there is no lab of this name.
  package static func of(
    _ name: String, stateDirectory: String = LabOptions.defaultStateDirectory
  ) async throws -> LabStatus {
    let directory = LabDirectory(root: stateDirectory, name: name)
    guard let record = try directory.readRecord() else { throw LabError.notUp(name: name) }
    var hosts: [Host] = []
    for host in record.layout.hosts {
      let namespace = record.layout.namespace(of: host)
      let processes = await NamespaceProcesses.all(in: namespace)
      hosts.append(
        Host(
          name: host.description, namespace: namespace, exists: fileExists("/run/netns/\(namespace)"),
          processes: processes.map { Process(pid: $0.pid, name: NamespaceProcesses.name(of: $0)) }))
    }
    return LabStatus(
      name: name, directory: directory.path, owner: record.owner?.pid, ownerIsAlive: record.owner?.isAlive,
      hosts: hosts)
  }
}
