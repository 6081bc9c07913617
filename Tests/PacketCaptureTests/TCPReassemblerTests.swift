// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import PacketCapture
import Testing

@Suite struct TCPReassemblerTests {
  private static let there = TCPDirection.toSwitch
  private static let back = TCPDirection.toSwitch.reversed

  private static func random(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix64(state: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  /// A stream cut into segments of 1 to 200 bytes; `first` is the sequence number of its first byte.
  private static func segments(_ bytes: [UInt8], first: UInt32, _ random: inout SplitMix64) -> [TCPSegment] {
    var segments: [TCPSegment] = []
    var place = 0
    while place < bytes.count {
      let end = min(bytes.count, place + 1 + random.below(200))
      segments.append(
        TCPSegment(there, sequence: first &+ UInt32(place), flags: .ack, payload: bytes[place..<end]))
      place = end
    }
    return segments
  }

  private static func handshake(first: UInt32) -> TCPSegment {
    TCPSegment(there, sequence: first &- 1, flags: .syn)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func anyOrderRepetitionAndOverlapGivesTheStream(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let bytes = Self.random(20_000, seed: seed)
    // Half of them wrap.
    let first = seed % 2 == 0 ? UInt32.max - UInt32(random.below(20_000)) : UInt32(truncatingIfNeeded: random.next())
    var segments = Self.segments(bytes, first: first, &random)
    // Sent again, cut up otherwise.
    segments += Self.segments(bytes, first: first, &random).filter { _ in random.below(3) == 0 }
    segments.shuffle(using: &random)
    segments.append(
      TCPSegment(Self.there, sequence: first &+ UInt32(bytes.count), flags: [.ack, .fin]))

    var story = Story()
    story.add(Self.handshake(first: first))
    for segment in segments { story.add(segment) }
    #expect(story.kinds.first == .began(inTheMiddle: false))
    #expect(story.kinds.last == .ended)
    #expect(story.bytes == bytes)
    #expect(story.missing == 0)
  }

  @Test func whatWasGivenIsNotTakenBack() {
    var story = Story()
    story.add(Self.handshake(first: 100))
    story.add(TCPSegment(Self.there, sequence: 100, payload: [1, 2, 3]))
    story.add(TCPSegment(Self.there, sequence: 106, payload: [7, 8]))
    // It overlaps both, and says something else there.
    story.add(TCPSegment(Self.there, sequence: 99, payload: [0, 99, 99, 99, 4, 5, 6, 99, 99, 9]))
    #expect(story.bytes == [1, 2, 3, 4, 5, 6, 7, 8, 9])
  }

  @Test func aHoleThatWasAcknowledgedIsAGapAfterASecond() {
    var story = Story()
    story.add(Self.handshake(first: 100), at: 1)
    story.add(TCPSegment(Self.there, sequence: 100, payload: [1, 2]), at: 1)
    story.add(TCPSegment(Self.there, sequence: 105, payload: [6]), at: 1)
    story.add(TCPSegment(Self.back, sequence: 0, acknowledgment: 106, flags: .ack), at: 2)
    #expect(story.bytes == [1, 2])
    story.add(TCPSegment(Self.there, sequence: 106, payload: [7]), at: 3)
    #expect(story.bytes == [1, 2, 6, 7])
    #expect(story.kinds.contains(.gap(3)))
    // A hole that nobody acknowledges may still be filled.
    story.add(TCPSegment(Self.there, sequence: 109, payload: [10]), at: 60)
    story.add(TCPSegment(Self.there, sequence: 107, payload: [8, 9]), at: 120)
    #expect(story.bytes == [1, 2, 6, 7, 8, 9, 10])
    #expect(story.missing == 3)
  }

  @Test func whatTheSnapshotLengthCutOffIsAGap() {
    var story = Story()
    story.add(Self.handshake(first: 1))
    story.add(TCPSegment(Self.there, sequence: 1, payload: [1, 2], payloadLength: 10))
    story.add(TCPSegment(Self.there, sequence: 11, payload: [11]))
    #expect(story.kinds.dropFirst() == [.bytes([1, 2], at: nil), .gap(8), .bytes([11], at: nil)])
  }

  @Test func theEndOfTheCaptureGivesOutWhatWaits() {
    var story = Story()
    story.add(Self.handshake(first: 1))
    story.add(TCPSegment(Self.there, sequence: 5, payload: [5]))
    story.add(TCPSegment(Self.there, sequence: 7, payload: [7]))
    #expect(story.bytes == [])
    story.finish()
    #expect(
      story.kinds.dropFirst() == [.gap(4), .bytes([5], at: nil), .gap(1), .bytes([7], at: nil), .ended])
  }

  @Test func memoryIsBounded() {
    var random = SplitMix64(state: 5)
    let limits = TCPLimits(bytesPerStream: 10_000, piecesPerStream: 50, bytes: 30_000, streams: 64)
    var story = Story(limits: limits)
    for _ in 0..<20_000 {
      var direction = Self.there
      direction.source.port = UInt16(random.below(200))
      story.add(
        TCPSegment(
          direction, sequence: UInt32(random.below(1_000_000)), flags: .ack,
          payload: [UInt8](repeating: 1, count: 1 + random.below(1000))[...]), keeping: false)
      #expect(story.reassembler.pendingByteCount <= 30_000)
      #expect(story.reassembler.streamCount <= 64)
    }
  }

  @Test func aTooWideHoleIsGivenUp() {
    var story = Story(limits: TCPLimits(bytesPerStream: 100))
    story.add(Self.handshake(first: 0))
    for index in 0..<20 as Range<UInt32> {
      story.add(TCPSegment(Self.there, sequence: 10 + 10 * index, payload: [UInt8](repeating: 1, count: 10)[...]))
    }
    #expect(story.kinds[1] == .gap(10))
    #expect(story.bytes.count == 200)
  }

  @Test func aConnectionInTheMiddleBeginsWhereItIsFirstSeen() {
    var story = Story()
    story.add(TCPSegment(Self.there, sequence: 500, flags: .ack))
    #expect(story.kinds == [], "an acknowledgment alone says nothing")
    story.add(TCPSegment(Self.there, sequence: 500, flags: .ack, payload: [1]))
    story.add(Self.handshake(first: 500))
    story.add(TCPSegment(Self.there, sequence: 501, flags: .ack, payload: [2]))
    #expect(story.kinds == [.began(inTheMiddle: true), .bytes([1], at: nil), .bytes([2], at: nil)])
  }

  @Test func theSameEndsMayConnectAgain() {
    var story = Story()
    story.add(Self.handshake(first: 100))
    story.add(Self.handshake(first: 100))
    story.add(TCPSegment(Self.there, sequence: 100, flags: [.ack, .fin], payload: [1]))
    story.add(TCPSegment(Self.there, sequence: 100, flags: [.ack, .fin], payload: [1]))
    story.add(Self.handshake(first: 5000))
    story.add(TCPSegment(Self.there, sequence: 5000, flags: .ack, payload: [2]))
    story.add(Self.handshake(first: 9000))
    #expect(
      story.kinds == [
        .began(inTheMiddle: false), .bytes([1], at: nil), .ended, .began(inTheMiddle: false), .bytes([2], at: nil),
        .ended, .began(inTheMiddle: false),
      ])
  }

  @Test func aResetEndsBothDirections() {
    var story = Story()
    story.add(Self.handshake(first: 100))
    story.add(TCPSegment(Self.back, sequence: 7, acknowledgment: 100, flags: [.syn, .ack]))
    story.add(TCPSegment(Self.there, sequence: 90, flags: .rst))
    #expect(!story.kinds.contains(.ended), "a number from before its window is another's")
    story.add(TCPSegment(Self.there, sequence: 100, flags: .rst))
    #expect(story.kinds.filter { $0 == .ended }.count == 2)
  }

  @Test func theTimeIsThatOfWhatCompletedIt() {
    var story = Story()
    story.add(Self.handshake(first: 0), at: 1)
    story.add(TCPSegment(Self.there, sequence: 2, payload: [3]), at: 2)
    story.add(TCPSegment(Self.there, sequence: 0, payload: [1, 2]), at: 3)
    #expect(
      story.kinds.dropFirst() == [
        .bytes([1, 2], at: CaptureTime(seconds: 3)), .bytes([3], at: CaptureTime(seconds: 3)),
      ])
  }

  @Test func anySegmentsAtAllAreNoTrap() {
    var random = SplitMix64(state: 8)
    var story = Story(limits: TCPLimits(bytesPerStream: 2000, piecesPerStream: 20, bytes: 5000, streams: 8))
    for round in 0..<200_000 {
      var direction = random.below(2) == 0 ? Self.there : Self.back
      if random.below(50) == 0 { direction.source.port = UInt16(random.below(20)) }
      let near = UInt32(truncatingIfNeeded: round * 3) &+ UInt32(random.below(400))
      story.add(
        TCPSegment(
          direction, sequence: random.below(20) == 0 ? UInt32(truncatingIfNeeded: random.next()) : near,
          acknowledgment: random.below(20) == 0 ? UInt32(truncatingIfNeeded: random.next()) : near,
          flags: .init(rawValue: random.below(10) == 0 ? UInt8(random.below(256)) : 0x10),
          payload: [UInt8](repeating: 0, count: random.below(100))[...],
          payloadLength: random.below(30) == 0 ? random.below(1 << 18) : nil),
        at: Int64(round / 100), keeping: false)
    }
    story.finish()
    #expect(story.reassembler.pendingByteCount == 0)
  }
}

/// What a reassembler has said so far.
private struct Story {
  var reassembler: TCPReassembler
  var kinds: [TCPEvent.Kind] = []

  init(limits: TCPLimits = TCPLimits()) {
    self.reassembler = TCPReassembler(limits: limits)
  }

  mutating func add(_ segment: TCPSegment, at seconds: Int64? = nil, keeping: Bool = true) {
    let events = self.reassembler.add(segment, at: seconds.map { CaptureTime(seconds: $0) })
    if keeping { self.kinds += events.map(\.kind) }
  }

  mutating func finish() { self.kinds += self.reassembler.finish().map(\.kind) }

  var bytes: [UInt8] {
    self.kinds.flatMap { kind -> [UInt8] in if case .bytes(let bytes, _) = kind { Array(bytes) } else { [] } }
  }

  var missing: Int {
    self.kinds.reduce(0) { sum, kind in if case .gap(let count) = kind { sum + count } else { sum } }
  }
}
