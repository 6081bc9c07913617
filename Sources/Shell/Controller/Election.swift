// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
import Outbound
import ServiceFiles
import ServiceModel
import Storage

/// Where there are several controllers: takes part in the choice of the one that leads, and tells the control loop.
struct Election {
  private let election: EtcdElection
  private let loop: ControlLoop

  /// - Throws: what is wrong with the settings.
  init(_ access: EtcdAccess, candidate: String, loop: ControlLoop) throws {
    self.election = try EtcdElection(EtcdSettings(access), candidate: candidate, ttl: access.lease)
    self.loop = loop
  }

  /// Until cancelled; then somebody else may lead at once.
  func run() async throws {
    let news = self.election.news
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await self.election.run() }
      tasks.addTask { for await news in news { await self.loop.heard(news) } }
      try await tasks.waitForAll()
    }
  }
}

extension EtcdSettings {
  /// - Throws: `StoreError.badSetting`, or `FileContent.Problem` with the password's file.
  init(_ access: EtcdAccess) throws {
    let identity: ClientTLSFiles.Identity? =
      if let certificate = access.certificate, let key = access.privateKey {
        ClientTLSFiles.Identity(certificateChain: certificate, privateKey: key)
      } else {
        nil
      }
    let isPlain = access.authorities == nil && identity == nil
    let user: User? =
      if let name = access.user, let file = access.passwordFile {
        User(name: name, password: try firstLine(of: file))
      } else {
        nil
      }
    try self.init(
      endpoints: access.endpoints, prefix: access.prefix,
      tls: isPlain ? nil : ClientTLSFiles(trustedAuthorities: access.authorities, identity: identity), user: user)
  }
}

private func firstLine(of file: String) throws -> String {
  do {
    let content = try FileContent(path: file, limit: 4096)
    let line = content.bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return String(decoding: line, as: UTF8.self)
  } catch {
    throw StoreError.badSetting("etcd's password-file", value: file, accepted: "\(error)")
  }
}

/// What the log says of the store. Nothing that moves traffic waits for it.
enum StoreDecision: RecordedDecision {
  case away(String)
  case back

  var kind: String {
    switch self {
    case .away: "store-away"
    case .back: "store-back"
    }
  }

  var severity: Severity {
    switch self {
    case .away: .warning
    case .back: .notice
    }
  }

  var message: String {
    switch self {
    case .away(let why): "the store cannot be reached: who leads goes on leading, and nobody else can begin to: \(why)"
    case .back: "the store can be reached again"
    }
  }

  var attributes: [(key: String, value: String)] { [] }
}
