// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Who we are to a cloud, and where it is, as `clouds.yaml` or `OS_*` say.
package struct CloudAccess: Sendable, Equatable {
  package enum Identity: Sendable, Equatable {
    case password(user: Name, password: String, project: Name?)
    /// It has its project, and perhaps fewer rights than its user.
    case applicationCredential(id: String?, name: String?, user: Name?, secret: String)
  }

  /// Something of Keystone's that has an id, or a name in a domain.
  package struct Name: Sendable, Equatable {
    package var id: String?
    package var name: String?
    /// Of its domain.
    package var domainID: String?
    package var domainName: String?

    package init(id: String? = nil, name: String?, domainID: String? = nil, domainName: String? = nil) {
      self.id = id
      self.name = name
      self.domainID = domainID
      self.domainName = domainName
    }
  }

  package var cloud: String
  /// Keystone, with its version: `https://…/v3`
  package var authURL: String
  package var identity: Identity
  package var region: String?
  /// `public`, `internal` or `admin`
  package var interface: String
  /// Authorities of TLS; nil: the system's.
  package var authorities: String?

  /// For messages: the cloud and its region.
  package var title: String { self.region.map { "\(self.cloud) (\($0))" } ?? self.cloud }
}
