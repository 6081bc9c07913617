// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

extension ErrorMessage {
  /// OFPET_HELLO_FAILED, OFPHFC_INCOMPATIBLE, with a text as the specification suggests (7.5.4.1).
  static func incompatible(_ text: String) -> ErrorMessage { ErrorMessage(type: 0, code: 0, data: Array(text.utf8)) }

  /// OFPET_HELLO_FAILED, OFPHFC_EPERM
  static func notPermitted(_ text: String) -> ErrorMessage { ErrorMessage(type: 0, code: 1, data: Array(text.utf8)) }

  /// OFPET_BAD_REQUEST, OFPBRC_BAD_TYPE
  static func badType(_ frame: ByteBuffer) -> ErrorMessage {
    ErrorMessage(type: 1, code: 1, data: Array(frame.readableBytesView.prefix(64)))
  }

  /// OFPET_BAD_REQUEST with the code that fits: a wrong version, or a wrong length for all else.
  static func badRequest(_ error: OpenFlowDecodingError, _ frame: ByteBuffer) -> ErrorMessage {
    let isVersion = if case .badVersion = error { true } else { false }
    return ErrorMessage(type: 1, code: isVersion ? 0 : 6, data: Array(frame.readableBytesView.prefix(64)))
  }
}
