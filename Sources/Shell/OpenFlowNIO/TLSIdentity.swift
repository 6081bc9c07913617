// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
package import NIOSSL
import SwiftOverlayShims
import Synchronization

/// Who we are to switches, and which switches we trust: three PEM files.
package struct TLSFiles: Sendable, Equatable {
  /// Our certificate, and those between it and its root.
  package var certificateChain: String
  /// The key of the first certificate in the chain, without a passphrase.
  package var privateKey: String
  /// The authorities whose certificates switches have.
  package var trustedAuthorities: String

  package init(certificateChain: String, privateKey: String, trustedAuthorities: String) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
    self.trustedAuthorities = trustedAuthorities
  }

  fileprivate var all: [String] { [self.certificateChain, self.privateKey, self.trustedAuthorities] }
}

/// Mutual TLS, 1.2 or later: a switch must show a certificate that one of the trusted authorities gave. Its name is not
/// looked at, for a switch has none.
package final class TLSIdentity: Sendable {
  private struct Loaded {
    var context: NIOSSLContext
    var stamps: [FileStamp?]
  }

  package let files: TLSFiles
  private let loaded: Mutex<Loaded>

  /// - Throws: what is wrong with which file.
  package init(_ files: TLSFiles) throws(TLSFileError) {
    self.files = files
    self.loaded = Mutex(try Self.load(files))
  }

  /// For a new connection.
  package var context: NIOSSLContext { self.loaded.withLock { $0.context } }

  /// Reads the files again; connections that are accepted from now on use them.
  ///
  /// - Throws: what is wrong with which file. Then nothing changes.
  package func reload() throws(TLSFileError) {
    let loaded = try Self.load(self.files)
    self.loaded.withLock { $0 = loaded }
  }

  /// Reads the files again if they have changed since. Cheap enough for every second.
  ///
  /// - Returns: whether they had.
  /// - Throws: what is wrong with which file. Then nothing changes, and the next call tries again.
  package func reloadIfChanged() throws(TLSFileError) -> Bool {
    let stamps = self.files.all.map { FileStamp(of: $0) }
    guard self.loaded.withLock({ $0.stamps != stamps }) else { return false }
    try self.reload()
    return true
  }

  private static func load(_ files: TLSFiles) throws(TLSFileError) -> Loaded {
    // Before the files are read: if one changes meanwhile, it is read once more.
    let stamps = files.all.map { FileStamp(of: $0) }
    let chain = try certificates(in: files.certificateChain)
    let authorities = try certificates(in: files.trustedAuthorities)
    let keyBytes = try contents(of: files.privateKey)
    let key: NIOSSLPrivateKey
    do { key = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem) } catch {
      throw .noPrivateKey(file: files.privateKey)
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates(authorities)
    do { return Loaded(context: try NIOSSLContext(configuration: configuration), stamps: stamps) } catch {
      throw .mismatch(key: files.privateKey, certificate: files.certificateChain, problem: TLSFailure.describe(error))
    }
  }

  private static func certificates(in file: String) throws(TLSFileError) -> [NIOSSLCertificate] {
    let bytes = try contents(of: file)
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
      throw .noCertificate(file: file)
    }
    return certificates
  }

  /// The longest file that is read: some thousand certificates.
  private static let maximumLength = 8 << 20

  private static func contents(of file: String) throws(TLSFileError) -> [UInt8] {
    do {
      return try FileContent(path: file, limit: self.maximumLength).bytes
    } catch {
      throw .unreadable(file: file, problem: "\(error)")
    }
  }
}
