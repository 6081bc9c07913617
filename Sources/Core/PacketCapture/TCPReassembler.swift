// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What reassembly may keep in memory.
package struct TCPLimits: Sendable {
  /// Bytes that wait behind a hole of one stream: more than a receive window usually is.
  package var bytesPerStream: Int
  /// Runs of bytes that wait there.
  package var piecesPerStream: Int
  /// Bytes that wait in all streams together.
  package var bytes: Int
  /// Streams (directions of connections), those that have ended included. The oldest ones are forgotten.
  package var streams: Int

  package init(
    bytesPerStream: Int = 4 << 20, piecesPerStream: Int = 4096, bytes: Int = 64 << 20, streams: Int = 4096
  ) {
    self.bytesPerStream = bytesPerStream
    self.piecesPerStream = piecesPerStream
    self.bytes = bytes
    self.streams = max(4, streams)
  }
}

/// Makes streams of bytes from the segments of many TCP connections, in whatever order a capture has them.
package struct TCPReassembler: Sendable {
  private struct Entry: Sendable {
    var stream: TCPStream
    /// A count of segments: which stream was heard of last.
    var lastUse: UInt64
  }

  private let limits: TCPLimits
  private var entries: [TCPDirection: Entry] = [:]
  /// How many bytes wait behind holes.
  package private(set) var pendingByteCount = 0
  private var segments: UInt64 = 0

  package init(limits: TCPLimits = TCPLimits()) {
    self.limits = limits
  }

  /// How many streams are remembered.
  package var streamCount: Int { self.entries.count }

  /// Takes in a segment; says what has become known by it, in order for each direction.
  package mutating func add(_ segment: TCPSegment, at time: CaptureTime?) -> [TCPEvent] {
    self.segments += 1
    var events: [TCPEvent] = []
    let direction = segment.direction
    self.begin(segment, &events)
    self.update(direction, &events) { [limits] stream, emit in
      stream.add(segment, at: time, limits: limits, emit)
    }
    if segment.flags.contains(.ack) {
      self.update(direction.reversed, &events) { stream, emit in
        stream.acknowledge(segment.acknowledgment, at: time, emit)
      }
    }
    if segment.flags.contains(.rst), self.entries[direction]?.stream.isEnded ?? true {
      // A connection that is reset has no other direction left.
      self.update(direction.reversed, &events) { stream, emit in stream.finish(emit) }
    }
    while self.pendingByteCount > self.limits.bytes, self.entries[direction] != nil {
      let before = self.pendingByteCount
      self.update(direction, &events) { stream, emit in stream.giveUpFirstHole(emit) }
      if self.pendingByteCount == before { break }
    }
    self.forgetOldest(&events)
    return events
  }

  /// The capture has ended: what still waits is given out.
  package mutating func finish() -> [TCPEvent] {
    var events: [TCPEvent] = []
    for direction in self.byAge() {
      self.update(direction, &events) { stream, emit in stream.finish(emit) }
    }
    self.entries = [:]
    return events
  }

  /// Makes a stream if the segment begins one.
  private mutating func begin(_ segment: TCPSegment, _ events: inout [TCPEvent]) {
    let isHandshake = segment.flags.contains(.syn)
    let first = isHandshake ? segment.sequence &+ 1 : segment.sequence
    if let old = self.entries[segment.direction]?.stream {
      guard isHandshake ? old.isReplaced(byHandshakeWith: first) : old.isOutlived(by: segment) else { return }
      self.update(segment.direction, &events) { stream, emit in stream.finish(emit) }
    } else if !isHandshake, segment.payloadLength == 0 {
      return
    }
    self.entries[segment.direction] = Entry(
      stream: TCPStream(firstSequence: first, inTheMiddle: !isHandshake), lastUse: self.segments)
    events.append(TCPEvent(segment.direction, .began(inTheMiddle: !isHandshake)))
  }

  private mutating func update(
    _ direction: TCPDirection, _ events: inout [TCPEvent],
    _ change: (inout TCPStream, (TCPEvent.Kind) -> Void) -> Void
  ) {
    guard let index = self.entries.index(forKey: direction) else { return }
    let before = self.entries.values[index].stream.pendingBytes
    self.entries.values[index].lastUse = self.segments
    change(&self.entries.values[index].stream) { events.append(TCPEvent(direction, $0)) }
    self.pendingByteCount += self.entries.values[index].stream.pendingBytes - before
  }

  /// Forgets a quarter at a time, so that it costs little for each new stream.
  private mutating func forgetOldest(_ events: inout [TCPEvent]) {
    guard self.entries.count > self.limits.streams else { return }
    for direction in self.byAge().prefix(self.limits.streams / 4) {
      self.update(direction, &events) { stream, emit in stream.finish(emit) }
      self.entries[direction] = nil
    }
  }

  /// Longest unheard of first; of two that one segment touched, the one whose source sorts first.
  private func byAge() -> [TCPDirection] {
    self.entries.map { ($0.key, $0.value.lastUse) }
      .sorted { a, b in a.1 != b.1 ? a.1 < b.1 : a.0.description < b.0.description }
      .map(\.0)
  }
}

extension TCPStream {
  /// Whether a handshake for the byte `first` begins another connection with the same ends. It does not if it is this
  /// one's, sent again or captured late.
  func isReplaced(byHandshakeWith first: UInt32) -> Bool {
    if first == self.firstSequence { return false }
    guard self.beganInTheMiddle, !self.isEnded else { return true }
    return !(0...65_536).contains(Int(Int32(bitPattern: self.firstSequence &- first)))
  }
}

extension TCPDirection: CustomStringConvertible {
  /// `192.0.2.1:40000 → 192.0.2.2:6653`
  package var description: String { "\(self.source) → \(self.destination)" }
}
