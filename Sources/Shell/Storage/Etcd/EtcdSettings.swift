// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Outbound

/// Where etcd is, and who we are to it. Checked when made.
package struct EtcdSettings: Sendable, Equatable {
  package static let defaultPrefix = "/isthmus/"
  package static let endpointLimit = 16

  /// `http://HOST:PORT` or `https://HOST:PORT`, the client addresses of one cluster: 1…`endpointLimit`. One is used at a
  /// time, the next one when it fails.
  package let endpoints: [String]
  /// Before each key of ours. Begins and ends with `/`.
  package let prefix: String
  /// For `https`; nil: the authorities that the system trusts. The files are read when a store is opened. With a `user`,
  /// etcd 3.4 takes no client certificate that has a common name.
  package let tls: ClientTLSFiles?
  /// Nil if the cluster has no authentication.
  package let user: User?
  /// How long one endpoint may take for an answer: 100 ms…60 s.
  package let requestTimeout: Duration

  /// Its password is in no text that is made of it.
  package struct User: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    package let name: String
    package let password: String

    package init(name: String, password: String) {
      self.name = name
      self.password = password
    }

    package var description: String { self.name }
    package var customMirror: Mirror { Mirror(self, children: ["name": self.name]) }
  }

  /// - Throws: `.badSetting`.
  package init(
    endpoints: [String], prefix: String = EtcdSettings.defaultPrefix, tls: ClientTLSFiles? = nil, user: User? = nil,
    requestTimeout: Duration = .seconds(2)
  ) throws(StoreError) {
    guard (1...Self.endpointLimit).contains(endpoints.count) else {
      throw .badSetting(
        "the number of etcd's endpoints", value: "\(endpoints.count)", accepted: "give 1 to \(Self.endpointLimit)")
    }
    for endpoint in endpoints where !isEndpoint(endpoint) {
      throw .badSetting(
        "an endpoint of etcd", value: endpoint, accepted: "give http://HOST:PORT or https://HOST:PORT, nothing after it"
      )
    }
    guard prefix.utf8.count <= 255, prefix.count > 1, prefix.hasPrefix("/"), prefix.hasSuffix("/") else {
      throw .badSetting(
        "etcd's prefix", value: prefix,
        accepted: "begin and end it with '/', as \(Self.defaultPrefix); at most 255 bytes")
    }
    guard (.milliseconds(100) ... .seconds(60)).contains(requestTimeout) else {
      throw .badSetting("etcd's request timeout", value: "\(requestTimeout)", accepted: "give 100 ms to 60 s")
    }
    self.endpoints = endpoints
    self.prefix = prefix
    self.tls = tls
    self.user = user
    self.requestTimeout = requestTimeout
  }
}

private func isEndpoint(_ text: String) -> Bool {
  guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else { return false }
  let rest = text.dropFirst(scheme.count)
  // A name or password in it would be shown in errors.
  return !rest.isEmpty && rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && !rest.contains { "/@?#".contains($0) }
}
