// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import NIOCore
import ServiceModel
import Testing

@Suite struct HeartbeatCodecTests {
  @Test func aHeartbeatComesBackAsItWas() throws {
    let heartbeat = Samples.heartbeat()
    let datagram = try heartbeat.encoded(key: Samples.key)
    #expect(try Heartbeat(datagram, key: Samples.key) == heartbeat)
  }

  @Test func aReplyComesBackAsItWas() throws {
    let datagram = try Samples.reply.encoded(key: Samples.key)
    #expect(try HeartbeatReply(datagram, key: Samples.key) == Samples.reply)
  }

  /// The format is a promise to agents of other versions: these bytes may only change with the version.
  @Test func theFormatStays() throws {
    let heartbeat = Heartbeat(
      region: Samples.east, boot: 1, sequence: 2, assignment: 3,
      services: [ServiceReport(target: 0x4000, state: .down(.refused), lastGoodAge: .milliseconds(1))],
      sessions: [9], peers: [PeerReport(region: Samples.west, sequence: 7, age: .zero)])
    let bytes = Array(try heartbeat.encoded(key: Samples.key).readableBytesView)
    let expected: [UInt8] = [
      0x49, 0x53, 0x54, 0x48, 1, 1, 4, 0x65, 0x61, 0x73, 0x74,  // "ISTH", version, kind, "east"
      0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0,  // boot, sequence, assignment, flags
      0, 1, 0, 8, 0x40, 0, 2, 1, 0, 0, 3, 0xe8,  // services
      0, 2, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9,  // sessions
      0, 3, 0, 17, 4, 0x77, 0x65, 0x73, 0x74, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0,  // peers
    ]
    #expect(Array(bytes.dropLast(HeartbeatKey.tagSize)) == expected)
  }

  /// An agent that is its region's only one says nothing of an instance: its bytes are those above.
  @Test func theFormatOfAnInstanceStays() throws {
    let mac = MACAddress(rawValue: 0x0200_5e00_0101)
    for (instance, value) in [
      (
        AgentInstance(name: InstanceName(unchecked: "gw1"), role: .active, mac: mac),
        [1, 2, 0, 0x5e, 0, 1, 1, 3, 0x67, 0x77, 0x31]
      ),
      (AgentInstance(name: InstanceName(unchecked: "b"), role: .standby), [0, 0, 0, 0, 0, 0, 0, 1, 0x62]),
    ] as [(AgentInstance, [UInt8])] {
      let heartbeat = Heartbeat(region: Samples.east, instance: instance, boot: 1, sequence: 2)
      let bytes = Array(try heartbeat.encoded(key: Samples.key).readableBytesView)
      let body = [UInt8](repeating: 0, count: 7) + [1] + [UInt8](repeating: 0, count: 7) + [2]
      let expected: [UInt8] =
        [0x49, 0x53, 0x54, 0x48, 1, 1, 4, 0x65, 0x61, 0x73, 0x74] + body + [UInt8](repeating: 0, count: 9)
        + [0, 5, 0, UInt8(value.count)] + value
      #expect(Array(bytes.dropLast(HeartbeatKey.tagSize)) == expected)
      #expect(try Heartbeat(ByteBuffer(bytes: bytes), key: Samples.key) == heartbeat)
    }
  }

  @Test func anInstanceOfNoKnownRoleOrWithAGroupsAddressIsRefused() throws {
    for value: [UInt8] in [
      [2, 0, 0, 0, 0, 0, 0, 1, 0x62], [1, 1, 0, 0, 0, 0, 0, 1, 0x62], [0, 0, 0, 0, 0, 0, 0, 1, 0x20],
      [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0],
    ] {
      let datagram = try LaterVersion.heartbeat(
        Heartbeat(region: Samples.east, boot: 1, sequence: 2), extraType: 5, extra: value, key: Samples.regionKey)
      #expect(throws: HeartbeatError.self) { try Heartbeat(datagram, key: Samples.key) }
    }
  }

  @Test func whatALaterVersionAddsIsSkipped() throws {
    var later = Samples.heartbeat()
    later.peers = []
    let datagram = try LaterVersion.heartbeat(later, extraType: 0x7fff, extra: [1, 2, 3], key: Samples.regionKey)
    #expect(try Heartbeat(datagram, key: Samples.key) == later)
  }

  @Test func everyTruncationIsRejected() throws {
    let datagram = try Samples.heartbeat().encoded(key: Samples.key)
    for size in 0..<datagram.readableBytes {
      let part = datagram.getSlice(at: 0, length: size)!
      #expect(throws: HeartbeatError.self) { try Heartbeat(part, key: Samples.key) }
      #expect(throws: HeartbeatError.self) { try HeartbeatReply(part, key: Samples.key) }
    }
  }

  @Test func everyFlippedBitIsRejected() throws {
    for datagram in [try Samples.heartbeat().encoded(key: Samples.key), try Samples.reply.encoded(key: Samples.key)] {
      for index in 0..<datagram.readableBytes {
        for bit in 0..<8 {
          let changed = datagram.flipping(1 << UInt8(bit), at: index)
          #expect(throws: HeartbeatError.self) { try Heartbeat(changed, key: Samples.key) }
          #expect(throws: HeartbeatError.self) { try HeartbeatReply(changed, key: Samples.key) }
        }
      }
    }
  }

  /// What an attacker who knows a key can do: any content at all. It may be refused, but never trap.
  @Test func anAuthenticBodyOfAnyContentNeverTraps() throws {
    let datagram = try Samples.heartbeat().encoded(key: Samples.key)
    let content = Array(datagram.readableBytesView.dropLast(HeartbeatKey.tagSize))
    var refused = 0
    for size in 7...content.count {
      for mask: UInt8 in [0, 0x01, 0x80, 0xff] {
        var changed = Array(content.prefix(size))
        changed[size - 1] ^= mask
        let sealed = LaterVersion.sealed(changed, key: Samples.regionKey)
        do { _ = try Heartbeat(sealed, key: Samples.key) } catch { refused += 1 }
      }
    }
    #expect(refused > content.count)
  }

  @Test func aReplyIsNoHeartbeat() throws {
    let datagram = try Samples.reply.encoded(key: Samples.key)
    #expect(HeartbeatDatagram.claimsToBeReply(datagram))
    #expect(!HeartbeatDatagram.claimsToBeReply(try Samples.heartbeat().encoded(key: Samples.key)))
    #expect(!HeartbeatDatagram.claimsToBeReply(ByteBuffer()))
    #expect(throws: HeartbeatError.wrongKind(2)) { try Heartbeat(datagram, key: Samples.key) }
  }

  @Test func anotherVersionAndOtherTrafficAreNamed() throws {
    let datagram = try Samples.heartbeat().encoded(key: Samples.key)
    #expect(throws: HeartbeatError.wrongVersion(3)) { try Heartbeat(datagram.flipping(2, at: 4), key: Samples.key) }
    #expect(throws: HeartbeatError.foreign) { try Heartbeat(datagram.flipping(2, at: 0), key: Samples.key) }
  }

  @Test func whatDoesNotFitIsNotSent() {
    var heartbeat = Samples.heartbeat()
    heartbeat.sessions = [UInt64](repeating: 1, count: 7_500)
    #expect(throws: HeartbeatError.self) { try heartbeat.encoded(key: Samples.key) }
    #expect(throws: HeartbeatError.tooLarge(60_001)) {
      try Heartbeat(ByteBuffer(repeating: 0, count: 60_001), key: Samples.key)
    }
  }

  @Test func agesSaturate() throws {
    var heartbeat = Samples.heartbeat()
    heartbeat.services = [
      ServiceReport(target: 1, state: .up, lastGoodAge: .seconds(1_000_000)),
      ServiceReport(target: 2, state: .up, lastGoodAge: .seconds(-1)),
    ]
    let read = try Heartbeat(try heartbeat.encoded(key: Samples.key), key: Samples.key)
    #expect(read.services[0].lastGoodAge == .microseconds(Int64(UInt32.max) - 1))
    #expect(read.services[1].lastGoodAge == .zero)
  }

  @Test func thePeersKeyOpensNothingElse() throws {
    let peer = HeartbeatKey(bytes: Samples.regionKey.peerKey)
    let toPeers = try Samples.heartbeat().encoded(key: peer)
    #expect(throws: HeartbeatError.badTag(Samples.east)) { try Heartbeat(toPeers, key: Samples.key) }
    #expect(Samples.regionKey.peerKey.count == 32)
    #expect(Samples.regionKey.peerKey != Samples.regionKey.bytes)
  }
}
