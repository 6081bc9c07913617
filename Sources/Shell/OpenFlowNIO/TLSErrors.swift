// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOSSL

/// What is wrong with the files of a `TLSIdentity`.
package enum TLSFileError: Error, Sendable, Equatable {
  case unreadable(file: String, problem: String)
  case noCertificate(file: String)
  case noPrivateKey(file: String)
  case mismatch(key: String, certificate: String, problem: String)
}

extension TLSFileError: CustomStringConvertible {
  /// Names the file, the problem, and what is accepted.
  package var description: String {
    switch self {
    case .unreadable(let file, let problem): "\(file) cannot be read: \(problem)"
    case .noCertificate(let file):
      "\(file) holds no certificate that can be read; it must hold one or more in PEM form (BEGIN CERTIFICATE)"
    case .noPrivateKey(let file):
      "\(file) holds no private key that can be read; it must hold one in PEM form (BEGIN PRIVATE KEY), without a "
        + "passphrase"
    case .mismatch(let key, let certificate, let problem):
      "the key in \(key) is not that of the first certificate in \(certificate) (\(problem))"
    }
  }
}

/// Why a connection failed, as a person says it.
enum TLSFailure {
  static func describe(_ error: any Error) -> String {
    switch error {
    case NIOSSLError.handshakeFailed(let cause): "the TLS handshake failed: \(reason(cause))"
    case NIOSSLError.uncleanShutdown: "the switch closed the connection without ending TLS"
    case let cause as BoringSSLError: "TLS failed: \(reason(cause))"
    default: "\(error)"
    }
  }

  private static func reason(_ error: BoringSSLError) -> String {
    switch error {
    case .sslError(let stack), .unknownError(let stack):
      // The library's own name of the error, and in a sentence those that people meet.
      guard let name = stack.first.flatMap({ name(in: $0.description) }) else { return "\(error)" }
      return explanations[name].map { "\($0) (\(name))" } ?? name
    default: return "\(error)"
    }
  }

  /// `CERTIFICATE_VERIFY_FAILED`, from `Error: 268435581 error:1000007d:SSL
  /// routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at …`.
  private static func name(in text: String) -> String? {
    let marker = "OPENSSL_internal:"
    guard let start = text.firstRange(of: marker)?.upperBound else { return nil }
    let name = text[start...].prefix { $0 != " " }
    return name.isEmpty ? nil : String(name)
  }

  private static let explanations = [
    "CERTIFICATE_VERIFY_FAILED": "the switch's certificate was not given by a trusted authority, or has expired",
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": "the switch has shown no certificate",
    "WRONG_VERSION_NUMBER": "the switch does not speak TLS",
    "TLSV1_ALERT_UNKNOWN_CA": "the switch does not trust the authority of our certificate",
    "TLSV1_ALERT_BAD_CERTIFICATE": "the switch does not accept our certificate",
    "SSLV3_ALERT_BAD_CERTIFICATE": "the switch does not accept our certificate",
    "UNSUPPORTED_PROTOCOL": "the switch speaks TLS 1.1 or older", "KEY_VALUES_MISMATCH": "they do not fit together",
  ]
}
