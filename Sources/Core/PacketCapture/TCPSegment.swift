// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One direction of a TCP connection: who sends to whom.
package struct TCPDirection: Sendable, Hashable {
  package var source: TransportAddress
  package var destination: TransportAddress

  package init(from source: TransportAddress, to destination: TransportAddress) {
    self.source = source
    self.destination = destination
  }

  package var reversed: TCPDirection { TCPDirection(from: self.destination, to: self.source) }
}

/// What one packet says in one direction of a connection (RFC 9293, 3.1).
package struct TCPSegment: Sendable, Hashable {
  package struct Flags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let fin = Flags(rawValue: 0x01)
    package static let syn = Flags(rawValue: 0x02)
    package static let rst = Flags(rawValue: 0x04)
    package static let ack = Flags(rawValue: 0x10)
  }

  package var direction: TCPDirection
  /// Of the first byte of the payload, or of SYN or FIN.
  package var sequence: UInt32
  /// Meaningful with ACK: the next sequence number that the sender of this segment expects.
  package var acknowledgment: UInt32
  package var flags: Flags
  /// What was captured of the payload.
  package var payload: ArraySlice<UInt8>
  /// How long the payload was on the wire; more than `payload` has if the capture cut it.
  package var payloadLength: Int

  package init(
    _ direction: TCPDirection, sequence: UInt32, acknowledgment: UInt32 = 0, flags: Flags = [],
    payload: ArraySlice<UInt8> = [], payloadLength: Int? = nil
  ) {
    self.direction = direction
    self.sequence = sequence
    self.acknowledgment = acknowledgment
    self.flags = flags
    self.payload = payload
    self.payloadLength = max(payloadLength ?? payload.count, payload.count)
  }
}
