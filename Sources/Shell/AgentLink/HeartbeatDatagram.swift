// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import ServiceModel

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

  enum Kind: UInt8 {
    case heartbeat = 1
    case reply = 2
  }

  /// The region that a datagram says it is from. Proves nothing: only the tag does.
  package static func claimedRegion(of datagram: ByteBuffer) throws(HeartbeatError) -> RegionName {
    guard datagram.readableBytes <= Self.maximumSize else { throw .tooLarge(datagram.readableBytes) }
    var fields = FieldReader(datagram)
    guard try fields.read(UInt32.self) == Self.magic else { throw .foreign }
    let version = try fields.read(UInt8.self)
    guard version == Self.version else { throw .wrongVersion(version) }
    _ = try fields.read(UInt8.self)
    return try fields.readName()
  }

  /// Whether a datagram says that it is a reply. Proves nothing either.
  package static func claimsToBeReply(_ datagram: ByteBuffer) -> Bool {
    datagram.getInteger(at: datagram.readerIndex + Self.kindOffset, as: UInt8.self) == Kind.reply.rawValue
  }

  /// The authentic body of a datagram of that kind.
  static func open(
    _ datagram: ByteBuffer, _ kind: Kind, key: HeartbeatKey
  ) throws(HeartbeatError) -> (region: RegionName, body: FieldReader) {
    let region = try Self.claimedRegion(of: datagram)
    let end = datagram.readableBytes - HeartbeatKey.tagSize
    guard end >= 0, let content = datagram.getSlice(at: datagram.readerIndex, length: end),
      let tag = datagram.viewBytes(at: datagram.readerIndex + end, length: HeartbeatKey.tagSize)
    else { throw .truncated(at: datagram.readableBytes) }
    guard key.verifies(tag, of: content) else { throw .badTag(region) }

    var body = FieldReader(content)
    _ = try body.read(UInt32.self)
    _ = try body.read(UInt8.self)
    let found = try body.read(UInt8.self)
    guard found == kind.rawValue else { throw .wrongKind(found) }
    _ = try body.readName()
    return (region, body)
  }

  /// A datagram of that kind with its tag.
  static func seal(
    _ kind: Kind, region: RegionName, key: HeartbeatKey, body: (inout ByteBuffer) -> Void
  ) throws(HeartbeatError) -> ByteBuffer {
    var datagram = ByteBuffer()
    datagram.writeInteger(Self.magic)
    datagram.writeInteger(Self.version)
    datagram.writeInteger(kind.rawValue)
    datagram.writeName(region)
    body(&datagram)
    datagram.writeBytes(key.tag(of: datagram))
    guard datagram.readableBytes <= Self.maximumSize else { throw .tooLarge(datagram.readableBytes) }
    return datagram
  }
}
