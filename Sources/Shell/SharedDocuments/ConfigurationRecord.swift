// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// What the store says of the configuration: the document `configuration`. The text itself is in parts beside it, because
/// a document is small; this one names them, so that a reader has one text or the other, never a mixture.
package struct ConfigurationRecord: Codable, Sendable, Equatable {
  /// How it came into the store.
  package enum Origin: String, Codable, Sendable {
    /// A controller's own `--config FILE`.
    case file
    /// `isthmus apply`, or the API.
    case `operator`
    /// A controller's copy of a store that is empty now.
    case copy
  }

  package static let key = "configuration"
  /// Of this record. Others are refused.
  package static let format = 1
  /// Texts that were replaced, and are known again.
  static let memory = 64

  package var format = Self.format
  /// Names the parts: 16 hexadecimal digits, at random.
  package var id: String
  package var parts: Int
  /// Of the text's content, see `digest(of:)`.
  package var digest: String
  /// What the operator called the text, for messages.
  package var file: String
  package var origin: Origin
  /// The controller that put it here.
  package var controller: String
  /// Microseconds since 1970-01-01T00:00:00Z.
  package var time: Int64
  /// Digests of earlier texts, the newest first.
  package var earlier: [String]

  package init(
    text: String, file: String, origin: Origin, controller: String, time: Int64, after previous: ConfigurationRecord?
  ) {
    let id = String(UInt64.random(in: .min ... .max), radix: 16)
    self.id = String(repeating: "0", count: 16 - id.count) + id
    self.parts = ConfigurationText.parts(of: text).count
    self.digest = Self.digest(of: text)
    self.file = file
    self.origin = origin
    self.controller = controller
    self.time = time
    var earlier: [String] = []
    if let previous { earlier = [previous.digest] + previous.earlier.filter { $0 != previous.digest } }
    self.earlier = Array(earlier.filter { [digest] in $0 != digest }.prefix(Self.memory))
  }

  /// Of the lines that are not empty: two files whose `controller` differs only say the same to all.
  ///
  /// - Returns: 64 hexadecimal digits.
  package static func digest(of text: String) -> String {
    var hash = SHA256()
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0d }) {
      hash.update(data: Data(line))
      hash.update(data: [UInt8(ascii: "\n")])
    }
    return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// The parts of a text, each as large as a document may be.
enum ConfigurationText {
  /// Bytes of a part: together with other documents it fits into one commit of etcd.
  static let partBytes = 1_000_000

  /// Cut between characters of UTF-8. One at least.
  static func parts(of text: String) -> [String] {
    var parts: [String] = []
    var rest = text.utf8[...]
    repeat {
      var end = rest.index(rest.startIndex, offsetBy: self.partBytes, limitedBy: rest.endIndex) ?? rest.endIndex
      // A byte that continues a character begins with 10.
      while end < rest.endIndex, rest[end] & 0xc0 == 0x80 { end = rest.index(before: end) }
      parts.append(String(decoding: rest[..<end], as: UTF8.self))
      rest = rest[end...]
    } while !rest.isEmpty
    return parts
  }

  static func key(_ id: String, _ part: Int) -> String {
    let digits = String(part)
    return "\(ConfigurationRecord.key)/\(id)/" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}
