// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Where etcd is, in which several controllers agree on who leads, and who we are to it.
package struct EtcdAccess: Sendable, Equatable {
  /// `http://HOST:PORT` or `https://HOST:PORT`, of one cluster; the first that answers is used.
  package var endpoints: [String]
  /// Before every key of ours.
  package var prefix: String
  /// PEM files, for `https`; nil: the authorities that the system trusts, and no certificate of ours.
  package var authorities: String?
  package var certificate: String?
  package var privateKey: String?
  /// Nil: etcd asks for no password.
  package var user: String?
  /// Holds the password in its first line.
  package var passwordFile: String?
  /// How long a leader that is not heard stays the leader. Whole seconds, 2 s … 1 min
  package var lease: Duration

  package init(
    endpoints: [String], prefix: String = "/isthmus/", authorities: String? = nil, certificate: String? = nil,
    privateKey: String? = nil, user: String? = nil, passwordFile: String? = nil, lease: Duration = .seconds(2)
  ) {
    self.endpoints = endpoints
    self.prefix = prefix
    self.authorities = authorities
    self.certificate = certificate
    self.privateKey = privateKey
    self.user = user
    self.passwordFile = passwordFile
    self.lease = lease
  }

  /// With paths that begin at `folder` unless they are absolute. `folder` is empty or ends with a slash.
  func relative(to folder: String) -> EtcdAccess {
    func path(_ path: String?) -> String? { path.map { $0.hasPrefix("/") ? $0 : folder + $0 } }
    var access = self
    access.authorities = path(self.authorities)
    access.certificate = path(self.certificate)
    access.privateKey = path(self.privateKey)
    access.passwordFile = path(self.passwordFile)
    return access
  }
}
