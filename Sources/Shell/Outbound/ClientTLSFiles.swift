// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
import NIOSSL

/// Whom we trust and who we are to servers with https: PEM files. TLS 1.2 or later; the server's name is checked.
package struct ClientTLSFiles: Sendable, Equatable {
  /// The authorities whose certificates servers have; nil: those that the system trusts.
  package var trustedAuthorities: String?
  /// What we show to a server that asks; nil: nothing.
  package var identity: Identity?

  package struct Identity: Sendable, Equatable {
    /// Our certificate, and those between it and its root.
    package var certificateChain: String
    /// The key of the first certificate in the chain, without a passphrase.
    package var privateKey: String

    package init(certificateChain: String, privateKey: String) {
      self.certificateChain = certificateChain
      self.privateKey = privateKey
    }
  }

  package init(trustedAuthorities: String? = nil, identity: Identity? = nil) {
    self.trustedAuthorities = trustedAuthorities
    self.identity = identity
  }

  func configuration() throws(HTTPOutboundError) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let trustedAuthorities { configuration.trustRoots = .certificates(try certificates(in: trustedAuthorities)) }
    guard let identity else { return configuration }
    let chain = try certificates(in: identity.certificateChain)
    guard let key = try? NIOSSLPrivateKey(bytes: try contents(of: identity.privateKey), format: .pem) else {
      throw .badTLSFile(
        identity.privateKey, problem: "holds no private key in PEM form (BEGIN PRIVATE KEY) without a passphrase")
    }
    configuration.certificateChain = chain.map { .certificate($0) }
    configuration.privateKey = .privateKey(key)
    // Else the first request would be what finds out.
    guard (try? NIOSSLContext(configuration: configuration)) != nil else {
      throw .badTLSFile(
        identity.privateKey, problem: "is not the key of the first certificate in \(identity.certificateChain)")
    }
    return configuration
  }
}

private func certificates(in file: String) throws(HTTPOutboundError) -> [NIOSSLCertificate] {
  let bytes = try contents(of: file)
  guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
    throw .badTLSFile(file, problem: "holds no certificate in PEM form (BEGIN CERTIFICATE)")
  }
  return certificates
}

private func contents(of file: String) throws(HTTPOutboundError) -> [UInt8] {
  do {
    return try FileContent(path: file, limit: 8 << 20).bytes
  } catch {
    throw .badTLSFile(file, problem: "cannot be read: \(error)")
  }
}
