// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Outbound
import Storage
import Testing

/// The store in a real etcd that goes away, asks who we are, and forgets.
@Suite(.serialized, .needsEtcd, .timeLimit(.minutes(5))) struct EtcdStoreTests {
  @Test func withCertificatesAndPassword() async throws {
    try await withTemporaryDirectory { directory in
      let authority = try TestAuthority(in: directory)
      let server = try authority.issue("server", subject: "/CN=server")
      let client = try authority.issue("client", subject: "/O=Isthmus")
      let named = try authority.issue("named", subject: "/CN=isthmus")
      let options = EtcdServer.Options(
        certificate: server.certificate, key: server.key, authority: authority.certificate)
      let ours = ClientTLSFiles(
        trustedAuthorities: authority.certificate,
        identity: .init(certificateChain: client.certificate, privateKey: client.key))
      try await EtcdServer.with(options) { server in
        for arguments in [
          ["user", "add", "root:top"], ["user", "add", "isthmus:secret"], ["role", "add", "isthmus"],
        ] {
          #expect(try server.control(arguments[0], arguments[1], arguments[2]))
        }
        #expect(try server.control("role", "grant-permission", "isthmus", "--prefix=true", "readwrite", "/isthmus/"))
        #expect(try server.control("user", "grant-role", "isthmus", "isthmus"))
        #expect(try server.control("user", "grant-role", "root", "root"))
        #expect(try server.control("auth", "enable"))
        let access = Access(endpoint: server.endpoint, tls: ours)
        try await EtcdStore.withStore(access.settings()) { store in
          let log = NewsLog(store.news())
          _ = try await store.commit([.put(key: "a", value: "1")])
          try await eventually("the news") { log.last == ["a": "1"] }
          // A server that was restarted knows no token.
          server.kill()
          try await eventually("it is away") { log.isAway }
          try await server.start()
          _ = try await store.commit([.put(key: "a", value: "2")])
          try await eventually("the news after that") { log.last == ["a": "2"] && !log.isAway }
          let election = try EtcdElection(access.settings(), candidate: "a", ttl: .seconds(2))
          let task = Task { try await election.run() }
          for await news in election.news {
            guard case .elected = news else { continue }
            task.cancel()
          }
          try await task.value
        }
        for (settings, reason) in [
          (
            try access.settings(password: "wrong-one"), "etcdserver: authentication failed, invalid user ID or password"
          ),
          (try access.settings(user: nil), "etcdserver: permission denied"),
          (try access.settings(prefix: "/other/"), "etcdserver: permission denied"),
        ] {
          let error = try await EtcdStore.withStore(settings) { store in
            await #expect(throws: StoreError.self) { _ = try await store.read() }
          }
          #expect(error == .refused(place: server.endpoint, reason: reason))
          #expect(!"\(settings) \(String(describing: error))".contains("wrong-one"))
        }
        for tls in [nil, ClientTLSFiles(trustedAuthorities: authority.certificate)] {
          let access = Access(endpoint: server.endpoint, tls: tls)
          try await EtcdStore.withStore(access.settings()) { store in
            let error = await #expect(throws: StoreError.self) { _ = try await store.read() }
            guard case .unreachable(server.endpoint, let reason)? = error else {
              return #expect(Bool(false), "\(String(describing: error))")
            }
            #expect(
              reason.hasPrefix("no connection") || reason.contains("TLS") || reason.contains("closed"), "\(reason)")
          }
        }
        let theirs = ClientTLSFiles(
          trustedAuthorities: authority.certificate,
          identity: .init(certificateChain: named.certificate, privateKey: named.key))
        try await EtcdStore.withStore(Access(endpoint: server.endpoint, tls: theirs).settings()) { store in
          let error = await #expect(throws: StoreError.self) { _ = try await store.read() }
          #expect(error.map { "\($0)" }?.contains("without a common name (CN)") == true)
        }
        await #expect(
          throws: StoreError.unusable(
            file: "/no/ca.pem", reason: "cannot be read: there is no such file")
        ) {
          let access = Access(endpoint: server.endpoint, tls: ClientTLSFiles(trustedAuthorities: "/no/ca.pem"))
          try await EtcdStore.withStore(access.settings()) { _ in }
        }
      }
    }
  }

  @Test(arguments: [false, true]) func awayAndBack(killed: Bool) async throws {
    try await EtcdServer.with { server in
      try await EtcdStore.withStore(server.settings()) { store in
        let log = NewsLog(store.news())
        _ = try await store.commit([.put(key: "a", value: "1")])
        try await eventually("the news") { log.last == ["a": "1"] }
        for round in 2...3 {
          if killed { server.kill() } else { server.freeze() }
          try await eventually("it is away") { log.isAway }
          await #expect(throws: StoreError.self) { _ = try await store.commit([.put(key: "a", value: "lost")]) }
          let late = NewsLog(store.news())
          try await eventually("a late one hears it too") { late.isAway }
          if killed { try await server.start() } else { server.thaw() }
          try await eventually("it is back") { !log.isAway && !late.isAway }
          _ = try await store.commit([.put(key: "a", value: "\(round)")])
          try await eventually("the news after that") {
            log.last == ["a": "\(round)"] && late.last == ["a": "\(round)"]
          }
        }
      }
    }
  }

  /// Others change it meanwhile, and etcd forgets how it was.
  @Test func compactionWhileCutOff() async throws {
    try await EtcdServer.with { server in
      try await EtcdStore.withStore(server.settings()) { store in
        let log = NewsLog(store.news())
        _ = try await store.commit([.put(key: "a", value: "1"), .put(key: "b", value: "1")])
        try await eventually("the news") { log.last == ["a": "1", "b": "1"] }
        let port = server.port
        server.kill()
        try await eventually("it is away") { log.isAway }
        try await server.start(port: try freePort())
        try await EtcdStore.withStore(server.settings()) { other in
          for round in 2...30 { _ = try await other.commit([.put(key: "a", value: "\(round)")]) }
          let revision = try await other.commit([.delete(key: "b")])
          #expect(try server.control("compact", "\(revision)"))
        }
        server.kill()
        try await server.start(port: port)
        try await eventually("the last state") { log.last == ["a": "30"] && !log.isAway }
      }
    }
  }

  @Test func endpointsAreTriedInTurn() async throws {
    try await EtcdServer.with { server in
      let frozen = "http://127.0.0.1:\(try freePort())"
      try await FakeEtcd.with({ _, _ in .nothing }) { silent in
        let settings = try EtcdSettings(
          endpoints: [frozen, silent.endpoint, server.endpoint], requestTimeout: .milliseconds(200))
        try await EtcdStore.withStore(settings) { store in
          let log = NewsLog(store.news())
          let revision = try await store.commit([.put(key: "a", value: "1")])
          #expect(try await store.read().revision == revision)
          try await eventually("the news") { log.last == ["a": "1"] }
          // It stays with the one that works.
          #expect(silent.requests.all.count <= 2, "\(silent.requests.all)")
        }
      }
    }
  }

  @Test func whatOthersWroteIsSaid() async throws {
    try await EtcdServer.with { server in
      try await EtcdStore.withStore(server.settings()) { store in
        let log = NewsLog(store.news())
        try await eventually("the news") { log.last == [:] }
        #expect(try server.control("put", "/isthmus/documents/Not a key", "x"))
        try await eventually("it is said") { log.isAway }
        let error = await #expect(throws: StoreError.self) { _ = try await store.read() }
        guard case .damaged? = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(try server.control("del", "/isthmus/documents/Not a key"))
        // Beside ours, or like ours, is not ours.
        for key in ["/isthmus/leader", "/isthmus/documents0", "/isthmus/documents", "/isthmus/document/a"] {
          #expect(try server.control("put", key, "x"))
        }
        try await eventually("all is well") { !log.isAway }
        #expect(try await store.read().documents == [])
      }
    }
  }

  @Test(arguments: [
    "", "127.0.0.1:2379", "ftp://127.0.0.1", "http://", "http://user:password@127.0.0.1:2379", "http://a/b",
    "http://a b",
  ])
  func badEndpoints(endpoint: String) {
    #expect(throws: StoreError.self) { _ = try EtcdSettings(endpoints: [endpoint]) }
  }

  @Test func badSettings() {
    let good = ["http://127.0.0.1:2379"]
    #expect(throws: StoreError.self) { _ = try EtcdSettings(endpoints: []) }
    #expect(throws: StoreError.self) { _ = try EtcdSettings(endpoints: Array(repeating: good[0], count: 17)) }
    for prefix in ["", "/", "a/", "/a"] {
      #expect(throws: StoreError.self) { _ = try EtcdSettings(endpoints: good, prefix: prefix) }
    }
    for timeout in [Duration.zero, .milliseconds(99), .seconds(61)] {
      #expect(throws: StoreError.self) { _ = try EtcdSettings(endpoints: good, requestTimeout: timeout) }
    }
  }
}

/// To a server that asks for certificate and password.
private struct Access {
  let endpoint: String
  let tls: ClientTLSFiles?

  func settings(
    prefix: String = "/isthmus/", user: String? = "isthmus", password: String = "secret"
  ) throws -> EtcdSettings {
    try EtcdSettings(
      endpoints: [self.endpoint], prefix: prefix, tls: self.tls, user: user.map { .init(name: $0, password: password) })
  }
}
