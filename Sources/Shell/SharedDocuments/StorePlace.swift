// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
import Outbound
package import ServiceFiles
package import Storage

/// Which store a controller has, by its own settings.
package enum StorePlace: Sendable, Equatable {
  /// One controller alone, and the SQLite file.
  case file(String)
  /// Several controllers, and this one's copy of what is in etcd.
  case etcd(EtcdSettings, copy: String)

  /// `controller.store`; else `/var/lib/isthmus/controller.store` for a configuration file under `/etc`; else beside the
  /// configuration file, with the ending `.store`. Nothing but the file decides it, so that tools find what the
  /// controller has.
  ///
  /// - Parameter file: the configuration file's path.
  /// - Throws: `StoreError.badSetting`, also for the password's file.
  package init(_ settings: ControllerSettings, file: String) throws(StoreError) {
    let path = settings.store ?? Self.defaultPath(besides: file)
    self = if let etcd = settings.etcd { .etcd(try EtcdSettings(etcd), copy: path) } else { .file(path) }
  }

  /// For messages.
  package var text: String {
    switch self {
    case .file(let path): path
    case .etcd(let settings, _): settings.endpoints.joined(separator: ", ")
    }
  }

  /// Whether whoever can read the store could read the controller's own files as well.
  package var mayHoldKeys: Bool { if case .file = self { true } else { false } }

  private static func defaultPath(besides file: String) -> String {
    if file.hasPrefix("/etc/") { return "/var/lib/isthmus/controller.store" }
    let name = file.split(separator: "/").last ?? ""
    let ending = [".yaml", ".yml"].first { name.hasSuffix($0) && name.count > $0.count } ?? ""
    return file.dropLast(ending.count) + ".store"
  }

  /// Runs `body` with the store.
  ///
  /// - Parameter copy: nil for SQLite.
  /// - Throws: `StoreError` for files that etcd's settings name, or what `body` throws. That the store is away is no
  ///   error here.
  package func withStore<Value: Sendable>(
    _ body: (_ store: any DocumentStore, _ copy: (any DocumentStore)?) async throws -> Value
  ) async throws -> Value {
    switch self {
    case .file(let path): try await body(OpeningStore(path: path), nil)
    case .etcd(let settings, let copy):
      try await EtcdStore.withStore(settings) { store in try await body(store, OpeningStore(path: copy)) }
    }
  }
}

extension EtcdSettings {
  package init(_ access: EtcdAccess) throws(StoreError) {
    let identity: ClientTLSFiles.Identity? =
      if let certificate = access.certificate, let key = access.privateKey {
        ClientTLSFiles.Identity(certificateChain: certificate, privateKey: key)
      } else {
        nil
      }
    let isPlain = access.authorities == nil && identity == nil
    var user: User?
    if let name = access.user, let file = access.passwordFile {
      user = User(name: name, password: try firstLine(of: file))
    }
    try self.init(
      endpoints: access.endpoints, prefix: access.prefix,
      tls: isPlain ? nil : ClientTLSFiles(trustedAuthorities: access.authorities, identity: identity), user: user)
  }
}

private func firstLine(of file: String) throws(StoreError) -> String {
  do {
    let content = try FileContent(path: file, limit: 4096)
    let line = content.bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return String(decoding: line, as: UTF8.self)
  } catch {
    throw .badSetting("etcd's password-file", value: file, accepted: "\(error)")
  }
}
