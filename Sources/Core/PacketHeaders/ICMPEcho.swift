// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// An ICMP echo or echo reply (RFC 792).
package struct ICMPEcho: Sendable, Equatable {
  package enum Kind: UInt8, Sendable { case reply = 0, request = 8 }

  package var kind: Kind
  package var identifier: UInt16
  package var sequence: UInt16
  package var payload: [UInt8]

  package init(kind: Kind, identifier: UInt16, sequence: UInt16, payload: [UInt8]) {
    self.kind = kind
    self.identifier = identifier
    self.sequence = sequence
    self.payload = payload
  }

  /// Nil for what is truncated or no echo.
  package init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let kind = reader.uint8().flatMap(Kind.init(rawValue:)), reader.uint8() == 0, reader.skip(2),
      let identifier = reader.uint16(), let sequence = reader.uint16()
    else { return nil }
    self.init(kind: kind, identifier: identifier, sequence: sequence, payload: reader.rest())
  }

  package var bytes: [UInt8] {
    var message: [UInt8] = [self.kind.rawValue, 0, 0, 0] + bigEndian(self.identifier) + bigEndian(self.sequence)
    message += self.payload
    message.replaceSubrange(2..<4, with: bigEndian(internetChecksum(message)))
    return message
  }
}
