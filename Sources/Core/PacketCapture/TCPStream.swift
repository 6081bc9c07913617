// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Puts the segments of one direction of a connection in order.
///
/// Places in the stream are counted in bytes from where it begins, not in sequence numbers: those wrap, and only their
/// distance from the one that is expected next is ever used.
///
///         position        a hole           pending
///     ───────┬──────────────────────────┬────────────┬───
///     given  │  expected next           │ came early │
///
/// A hole is given up (a gap) when its bytes have been acknowledged for a second and still have not come: the
/// receiver had them, the capture does not. Or when what waits behind it becomes too much.
struct TCPStream: Sendable {
  /// A run of bytes that came before the bytes in front of it.
  private struct Piece: Sendable {
    var start: Int
    var bytes: [UInt8]
    var time: CaptureTime?
    var end: Int { self.start + self.bytes.count }
  }

  /// How long an acknowledged hole may stay: packets of two directions may change places in a capture.
  private static let patienceSeconds: Int64 = 1

  /// The sequence number of its first byte.
  let firstSequence: UInt32
  let beganInTheMiddle: Bool
  private(set) var isEnded = false
  private var position = 0
  /// The sequence number of the byte at `position`.
  private var nextSequence: UInt32
  /// In order, not overlapping, all behind `position`.
  private var pending: [Piece] = []
  private(set) var pendingBytes = 0
  /// Where FIN says that the stream ends.
  private var end: Int?
  /// Up to where the receiver has said that it has everything, and since when it says so.
  private var acknowledged: (upTo: Int, since: CaptureTime?)?
  /// That of the newest bytes given.
  private var time: CaptureTime?

  init(firstSequence: UInt32, inTheMiddle: Bool) {
    self.firstSequence = firstSequence
    self.nextSequence = firstSequence
    self.beganInTheMiddle = inTheMiddle
  }

  /// Where in the stream a sequence number is.
  func place(of sequence: UInt32) -> Int {
    self.position + Int(Int32(bitPattern: sequence &- self.nextSequence))
  }

  /// Whether the segment's bytes can be no repetition of what this stream, which has ended, had.
  func isOutlived(by segment: TCPSegment) -> Bool {
    self.isEnded && segment.payloadLength > 0 && self.place(of: segment.sequence) >= self.position
  }

  /// Takes in a segment of this direction.
  mutating func add(
    _ segment: TCPSegment, at time: CaptureTime?, limits: TCPLimits, _ emit: (TCPEvent.Kind) -> Void
  ) {
    guard !self.isEnded else { return }
    let start = self.place(of: segment.flags.contains(.syn) ? segment.sequence &+ 1 : segment.sequence)
    let stop = start + segment.payloadLength
    if segment.flags.contains(.fin), stop >= self.position { self.end = stop }
    self.add(segment.payload, start: start, at: time, emit)
    if segment.payload.count < segment.payloadLength, stop > self.position {
      // The snapshot length cut it off: waiting is of no use.
      self.giveUp(upTo: stop, emit)
    }
    while self.pending.count > limits.piecesPerStream || self.pendingBytes > limits.bytesPerStream {
      self.giveUpFirstHole(emit)
    }
    self.settle(at: time, emit)
    if segment.flags.contains(.rst), start >= self.position { self.finish(emit) }
  }

  /// Takes in the other direction's word on how much it has got.
  mutating func acknowledge(_ sequence: UInt32, at time: CaptureTime?, _ emit: (TCPEvent.Kind) -> Void) {
    guard !self.isEnded else { return }
    let upTo = min(self.place(of: sequence), self.end ?? .max)
    if upTo > self.position {
      self.acknowledged = (max(upTo, self.acknowledged?.upTo ?? upTo), self.acknowledged?.since ?? time)
    }
    self.settle(at: time, emit)
  }

  /// Gives out all that waits, with the gaps before it, and ends.
  mutating func finish(_ emit: (TCPEvent.Kind) -> Void) {
    guard !self.isEnded else { return }
    while !self.pending.isEmpty { self.giveUpFirstHole(emit) }
    self.isEnded = true
    emit(.ended)
  }

  /// Gives up the hole in front of what waits.
  mutating func giveUpFirstHole(_ emit: (TCPEvent.Kind) -> Void) {
    guard let first = self.pending.first else { return }
    self.giveUp(upTo: first.start, emit)
  }

  private mutating func add(
    _ bytes: ArraySlice<UInt8>, start: Int, at time: CaptureTime?, _ emit: (TCPEvent.Kind) -> Void
  ) {
    let new = bytes.dropFirst(max(0, self.position - start))
    guard !new.isEmpty else { return }
    if start > self.position {
      self.keep(new, start: start, at: time)
    } else if let next = self.pending.first, next.start < self.position + new.count {
      self.keep(new, start: self.position, at: time)
      self.giveOutPending(emit)
    } else {
      self.give(new, at: time, emit)
      self.giveOutPending(emit)
    }
  }

  /// Keeps those of the bytes that are not there yet: what came first counts.
  private mutating func keep(_ bytes: ArraySlice<UInt8>, start: Int, at time: CaptureTime?) {
    let stop = start + bytes.count
    var cursor = start
    var index = self.firstPiece(endingBehind: start)
    while cursor < stop {
      if index < self.pending.count, self.pending[index].start <= cursor {
        cursor = self.pending[index].end
      } else {
        let limit = index < self.pending.count ? min(stop, self.pending[index].start) : stop
        // A copy, since a slice would keep its whole packet.
        let part = [UInt8](bytes.dropFirst(cursor - start).prefix(limit - cursor))
        self.pending.insert(Piece(start: cursor, bytes: part, time: time), at: index)
        self.pendingBytes += part.count
        cursor = limit
      }
      index += 1
    }
  }

  private func firstPiece(endingBehind place: Int) -> Int {
    var (low, high) = (0, self.pending.count)
    while low < high {
      let middle = (low + high) / 2
      if self.pending[middle].end > place { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private mutating func giveOutPending(_ emit: (TCPEvent.Kind) -> Void) {
    var count = 0
    while count < self.pending.count, self.pending[count].start <= self.position {
      let piece = self.pending[count]
      self.give(piece.bytes[...], at: piece.time, emit)
      self.pendingBytes -= piece.bytes.count
      count += 1
    }
    self.pending.removeSubrange(..<count)
  }

  private mutating func give(_ bytes: ArraySlice<UInt8>, at time: CaptureTime?, _ emit: (TCPEvent.Kind) -> Void) {
    self.advance(bytes.count)
    if let time, self.time.map({ $0 < time }) ?? true { self.time = time }
    emit(.bytes(bytes, at: self.time))
  }

  private mutating func giveUp(upTo place: Int, _ emit: (TCPEvent.Kind) -> Void) {
    while self.position < place {
      let stop = min(place, self.pending.first?.start ?? place)
      let missing = stop - self.position
      self.advance(missing)
      emit(.gap(missing))
      self.giveOutPending(emit)
    }
  }

  private mutating func advance(_ count: Int) {
    self.position += count
    self.nextSequence &+= UInt32(truncatingIfNeeded: count)
  }

  /// Gives up what has been acknowledged for long enough, and notices the end.
  private mutating func settle(at now: CaptureTime?, _ emit: (TCPEvent.Kind) -> Void) {
    if let (upTo, since) = self.acknowledged {
      if upTo <= self.position {
        self.acknowledged = nil
      } else if let now, let since, now.isAfter(since, bySeconds: Self.patienceSeconds) {
        self.acknowledged = nil
        self.giveUp(upTo: upTo, emit)
      }
    }
    if let end = self.end, self.position >= end { self.finish(emit) }
  }
}
