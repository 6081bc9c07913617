// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Outbound
import Storage

/// A real etcd of one member, on ports and in a directory of its own.
final class EtcdServer {
  struct Options {
    /// A certificate, its key, and the authority of clients; nil: no TLS.
    var certificate: String?
    var key: String?
    var authority: String?
  }

  let directory: String
  let options: Options
  private(set) var port: UInt16
  private var process: ChildProcess?

  private init(directory: String, options: Options) throws {
    self.directory = directory
    self.options = options
    self.port = try freePort()
  }

  /// Runs `body` with a server that answers; it is ended afterwards.
  static func with<Value>(
    _ options: Options = Options(), _ body: (EtcdServer) async throws -> Value
  ) async throws -> Value {
    try await withTemporaryDirectory { directory in
      let server = try EtcdServer(directory: directory, options: options)
      try await server.start()
      defer { server.process?.end(with: SIGKILL) }
      return try await body(server)
    }
  }

  var endpoint: String { "\(self.scheme)://127.0.0.1:\(self.port)" }

  func settings(prefix: String = EtcdSettings.defaultPrefix) throws -> EtcdSettings {
    try EtcdSettings(endpoints: [self.endpoint], prefix: prefix)
  }

  /// - Parameter port: nil: the one that it had.
  func start(port: UInt16? = nil) async throws {
    if let port { self.port = port }
    for _ in 1...3 {
      let peer = "http://127.0.0.1:\(try freePort())"
      let process = try ChildProcess(self.command(peer: peer), output: self.directory + "/log")
      self.process = process
      try await eventually("etcd answers") { process.hasEnded ? true : await self.answers() }
      if !process.hasEnded { return }
    }
    throw NeverHappened(what: "an etcd that starts (see \(self.directory)/log)")
  }

  func freeze() { self.process?.send(SIGSTOP) }
  func thaw() { self.process?.send(SIGCONT) }
  func kill() { self.process?.end(with: SIGKILL) }

  /// - Returns: whether it succeeded.
  func control(_ arguments: String...) throws -> Bool {
    var command = ["env", "ETCDCTL_API=3", "etcdctl", "--endpoints", self.endpoint]
    if let certificate = self.options.certificate, let key = self.options.key, let authority = self.options.authority {
      command += ["--cert", certificate, "--key", key, "--cacert", authority]
    }
    return try ChildProcess.run(command + arguments)
  }

  private var scheme: String { self.options.certificate == nil ? "http" : "https" }

  private func command(peer: String) -> [String] {
    var command = [
      "etcd", "--name", "trial", "--data-dir", self.directory + "/data", "--listen-client-urls", self.endpoint,
      "--advertise-client-urls", self.endpoint, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
      "--initial-cluster", "trial=\(peer)",
    ]
    if let certificate = self.options.certificate, let key = self.options.key, let authority = self.options.authority {
      command += [
        "--cert-file", certificate, "--key-file", key, "--trusted-ca-file", authority, "--client-cert-auth=true",
      ]
    }
    return command
  }

  private func answers() async -> Bool {
    var tls: ClientTLSFiles?
    if let certificate = self.options.certificate, let key = self.options.key {
      tls = ClientTLSFiles(
        trustedAuthorities: self.options.authority, identity: .init(certificateChain: certificate, privateKey: key))
    }
    let health = try? await HTTPOutbound.withClient(tls: tls) { client in
      try await client.get(self.endpoint + "/health", timeLimit: .seconds(1))
    }
    return health?.status == 200
  }
}

/// One that was free a moment ago.
func freePort() throws -> UInt16 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
      bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
    }
  }
  guard isBound else { throw NeverHappened(what: "a free port") }
  return UInt16(bigEndian: address.sin_port)
}
