// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// Why a message has no JSON form, or a JSON form no message.
enum MessageProblem: Error, CustomStringConvertible {
  case decoding(OpenFlowDecodingError)
  case encoding(OpenFlowEncodingError)
  /// A version whose messages are not read, in the header.
  case version(UInt8)
  /// A HELLO says its version twice, in the header and in its body.
  case helloVersion(UInt8, header: UInt8)

  var description: String {
    switch self {
    case .decoding(let error): "\(error)"
    case .encoding(let error): "\(error)"
    case .version(let number):
      "message version \(VersionName.text(number)) at byte 0 is none of 1.3 and 1.5; "
        + "of other versions there are only HELLO and ERROR"
    case .helloVersion(let body, let header):
      "is \(VersionName.text(header)), but the body of this hello says \(body), "
        + "which stands for \(VersionName.text(body))"
    }
  }

  /// Whether it is the version that must be another one, and not the body.
  var isAboutVersion: Bool {
    switch self {
    case .version, .helloVersion: true
    case .decoding, .encoding: false
    }
  }

  /// The part of the message that is wrong, and where in the message it begins.
  var place: (field: String, offset: Int)? {
    switch self {
    case .decoding(let error): error.place
    case .version: ("message version", 0)
    case .encoding, .helloVersion: nil
    }
  }
}

extension OpenFlowDecodingError {
  fileprivate var place: (field: String, offset: Int) {
    switch self {
    case .truncated(let what, let offset, _, _), .badLength(let what, let offset, _, _),
      .badValue(let what, let offset, _, _):
      (what, offset)
    case .badField(_, _, let offset, _): ("match field", offset)
    case .badVersion: ("message version", 0)
    }
  }
}
