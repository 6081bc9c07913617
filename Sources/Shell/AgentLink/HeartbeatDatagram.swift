// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
import ServiceModel

/// The envelope of heartbeats and replies.
///
///      0        4         5      6      7          7+r         size-16
///      ┌────────┬─────────┬──────┬──────┬──────────┬───────────┬──────────┐
///      │ "ISTH" │ version │ kind │ r    │ region   │ body      │ tag      │
///      └────────┴─────────┴──────┴──────┴──────────┴───────────┴──────────┘
///
/// The region's name is in clear so that the receiver can pick the key. The tag covers everything before it, so
/// nothing of the body is read before it verified. Numbers are big-endian. A body has fixed fields and then any
/// number of (type 2 bytes, length 2 bytes, value) fields; a receiver skips types that it does not know, which is how
/// later versions add to the format.
package enum HeartbeatDatagram {
  package static let version: UInt8 = 1
  /// Fits into one UDP datagram over IPv4 (at most 65,507 bytes) with room to spare.
  package static let maximumSize = 60_000

  static let magic: UInt32 = 0x4953_5448
  private static let kindOffset = 5
  private static let usualSize = 512

  enum Kind: UInt8 {
    case heartbeat = 1
    case reply = 2
  }

  /// What stands before the body. Proves nothing: only the tag does.
  struct Header {
    var region: RegionName
    var kind: UInt8
    /// Where the body begins.
    var size: Int
  }

  static func header(of datagram: ByteBuffer) throws(HeartbeatError) -> Header {
    guard datagram.readableBytes <= Self.maximumSize else { throw .tooLarge(datagram.readableBytes) }
    var fields = FieldReader(datagram)
    guard try fields.read(UInt32.self) == Self.magic else { throw .foreign }
    let version = try fields.read(UInt8.self)
    guard version == Self.version else { throw .wrongVersion(version) }
    let kind = try fields.read(UInt8.self)
    let region = try fields.readName()
    return Header(region: region, kind: kind, size: fields.offset)
  }

  /// Whether a datagram says that it is a reply. Proves nothing either.
  package static func claimsToBeReply(_ datagram: ByteBuffer) -> Bool {
    datagram.getInteger(at: datagram.readerIndex + Self.kindOffset, as: UInt8.self) == Kind.reply.rawValue
  }

  /// The authentic body of a datagram of that kind.
  ///
  /// - Parameter header: the datagram's own.
  static func open(
    _ datagram: ByteBuffer, _ header: Header, as kind: Kind, key: HeartbeatKey
  ) throws(HeartbeatError) -> FieldReader {
    let length = datagram.readableBytes - header.size - HeartbeatKey.tagSize
    guard length >= 0, let body = datagram.getSlice(at: datagram.readerIndex + header.size, length: length) else {
      throw .truncated(at: datagram.readableBytes)
    }
    guard key.verifies(datagram) else { throw .badTag(header.region) }
    guard header.kind == kind.rawValue else { throw .wrongKind(header.kind) }
    return FieldReader(body, startingAt: header.size)
  }

  /// A datagram of that kind with its tag.
  static func seal(
    _ kind: Kind, region: RegionName, key: HeartbeatKey, body: (inout ByteBuffer) -> Void
  ) throws(HeartbeatError) -> ByteBuffer {
    var datagram = ByteBuffer()
    // Most have room in that, so that it need not grow again and again.
    datagram.reserveCapacity(Self.usualSize)
    datagram.writeInteger(Self.magic)
    datagram.writeInteger(Self.version)
    datagram.writeInteger(kind.rawValue)
    datagram.writeName(region)
    body(&datagram)
    key.seal(&datagram)
    guard datagram.readableBytes <= Self.maximumSize else { throw .tooLarge(datagram.readableBytes) }
    return datagram
  }
}
