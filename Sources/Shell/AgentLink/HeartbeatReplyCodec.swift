// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import ServiceModel

/// Body of a reply: boot 8, sequence 8, session 8, assignment 8, boot floor 8. What follows is skipped.
extension HeartbeatReply {
  package func encoded(key: HeartbeatKey) throws(HeartbeatError) -> ByteBuffer {
    try HeartbeatDatagram.seal(.reply, region: self.region, key: key) { body in
      body.writeInteger(self.boot)
      body.writeInteger(self.sequence)
      body.writeInteger(self.session)
      body.writeInteger(self.assignment)
      body.writeInteger(self.bootFloor)
    }
  }

  package init(_ datagram: ByteBuffer, key: HeartbeatKey) throws(HeartbeatError) {
    let header = try HeartbeatDatagram.header(of: datagram)
    var body = try HeartbeatDatagram.open(datagram, header, as: .reply, key: key)
    self.init(
      region: header.region, boot: try body.read(UInt64.self), sequence: try body.read(UInt64.self),
      session: try body.read(UInt64.self), assignment: try body.read(UInt64.self),
      bootFloor: try body.read(UInt64.self))
    while !body.isAtEnd { _ = try body.readTypeLengthValue() }
  }
}
