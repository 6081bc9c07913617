// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOSSL

/// Why there is no TLS with a server, as a person says it.
enum TLSFailure {
  static func describe(_ error: any Error) -> String {
    let text = "\(error)"
    guard let name = self.name(in: text) else { return "the TLS handshake failed: \(text)" }
    return "the TLS handshake failed: \(self.explanations[name].map { "\($0) (\(name))" } ?? name)"
  }

  /// `CERTIFICATE_VERIFY_FAILED`, from the library's `…:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at …`.
  private static func name(in text: String) -> String? {
    guard let start = text.firstRange(of: "OPENSSL_internal:")?.upperBound else { return nil }
    let name = text[start...].prefix { $0.isUppercase || $0.isNumber || $0 == "_" }
    return name.isEmpty ? nil : String(name)
  }

  private static let explanations = [
    "CERTIFICATE_VERIFY_FAILED": "the server's certificate was not given by a trusted authority, or has expired",
    "WRONG_VERSION_NUMBER": "the server does not speak TLS",
    "TLSV1_ALERT_CERTIFICATE_REQUIRED": "the server wants a certificate of ours",
    "TLSV1_ALERT_UNKNOWN_CA": "the server does not trust the authority of our certificate",
    "TLSV1_ALERT_BAD_CERTIFICATE": "the server does not accept our certificate",
    "SSLV3_ALERT_BAD_CERTIFICATE": "the server does not accept our certificate",
  ]
}
