// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// An authority of certificates in a directory, made with openssl.
struct TestAuthority {
  let directory: String

  init(in directory: String) throws {
    self.directory = directory
    try Self.run([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
      "/CN=trial", "-keyout", "\(directory)/ca.key", "-out", "\(directory)/ca.pem",
    ])
  }

  var certificate: String { "\(self.directory)/ca.pem" }

  /// For 127.0.0.1, as server and as client: etcd's gateway is a client of its own server.
  ///
  /// - Parameter subject: as openssl wants it.
  func issue(_ name: String, subject: String) throws -> (certificate: String, key: String) {
    let path = "\(self.directory)/\(name)"
    try Data("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n".utf8)
      .write(to: URL(filePath: path + ".ext"))
    try Self.run([
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject, "-keyout",
      path + ".key", "-out", path + ".csr",
    ])
    try Self.run([
      "x509", "-req", "-in", path + ".csr", "-CA", self.certificate, "-CAkey", "\(self.directory)/ca.key",
      "-CAcreateserial", "-days", "2", "-extfile", path + ".ext", "-out", path + ".pem",
    ])
    return (path + ".pem", path + ".key")
  }

  private static func run(_ arguments: [String]) throws {
    guard try ChildProcess.run(["openssl"] + arguments) else { throw NeverHappened(what: "openssl") }
  }
}
