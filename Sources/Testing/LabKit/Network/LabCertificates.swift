// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a lab's switch and controller show each other: certificates of one authority, good for two days.
struct LabCertificates: Sendable {
  let directory: String

  var authority: String { "\(self.directory)/authority.pem" }
  func certificate(of name: String) -> String { "\(self.directory)/\(name).pem" }
  func key(of name: String) -> String { "\(self.directory)/\(name).key" }

  /// The controller's files by the keys of `openflow-tls`.
  var controllerYAML: String {
    let name = LabCertificates.controller
    return "certificate: \(self.certificate(of: name)), private-key: \(self.key(of: name)), "
      + "authorities: \(self.authority)"
  }

  static let controller = "controller"
  static let `switch` = "switch"

  func make() async throws {
    try makeDirectory(self.directory)
    try await self.openssl(
      ["req", "-x509"] + Self.newKey(self.key(of: "authority"), name: "isthmus lab") + [
        "-days", "2", "-out", self.authority,
      ])
    for name in [Self.controller, Self.switch] {
      let request = "\(self.directory)/\(name).csr"
      try await self.openssl(["req"] + Self.newKey(self.key(of: name), name: name) + ["-out", request])
      try await self.openssl([
        "x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", self.key(of: "authority"), "-CAcreateserial",
        "-days", "2", "-out", self.certificate(of: name),
      ])
    }
  }

  private static func newKey(_ path: String, name: String) -> [String] {
    [
      "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path, "-subj", "/CN=\(name)",
    ]
  }

  private func openssl(_ words: [String]) async throws { try await Command(["openssl"] + words).runSuccessfully() }
}
