// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlowNIO

/// An authority, a controller and a switch with its certificates, and a stranger with another authority's.
struct Certificates {
  private let directory: String

  /// Makes them with `openssl`, in `directory`.
  init(in directory: String) throws {
    self.directory = directory
    for authority in ["authority", "other"] {
      try Self.openssl(
        ["req", "-x509"] + Self.newKey + [
          "-keyout", self.path("\(authority).key"), "-out", self.path("\(authority).pem"), "-days", "2", "-subj",
          "/CN=\(authority)",
        ])
    }
    for (name, authority) in [("controller", "authority"), ("switch", "authority"), ("stranger", "other")] {
      try self.issue(name, by: authority)
    }
  }

  /// A key and a certificate `name` of `authority`; those before are replaced.
  func issue(_ name: String, by authority: String) throws {
    try Self.openssl(
      ["req"] + Self.newKey + [
        "-keyout", self.path("\(name).key"), "-out", self.path("\(name).csr"), "-subj", "/CN=\(name)",
      ])
    try Self.openssl([
      "x509", "-req", "-in", self.path("\(name).csr"), "-CA", self.path("\(authority).pem"), "-CAkey",
      self.path("\(authority).key"), "-CAcreateserial", "-days", "2", "-out", self.path("\(name).pem"),
    ])
  }

  func path(_ file: String) -> String { "\(self.directory)/\(file)" }

  var controller: TLSFiles {
    TLSFiles(
      certificateChain: self.path("controller.pem"), privateKey: self.path("controller.key"),
      trustedAuthorities: self.path("authority.pem"))
  }

  private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

  private static func openssl(_ arguments: [String]) throws { try Program.run("openssl", arguments) }
}
