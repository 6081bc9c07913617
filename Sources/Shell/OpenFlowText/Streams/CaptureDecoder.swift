// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow
import PacketCapture

/// Finds OpenFlow messages in a capture: those of the TCP connections of which one end has one of `ports`.
struct CaptureDecoder {
  /// Where an item was seen.
  struct Sighting {
    var time: CaptureTime?
    var direction: TCPDirection
    var item: MessageStream.Item
  }

  private let ports: Set<UInt16>
  private var reader = CaptureReader()
  private var reassembler = TCPReassembler()
  private var streams: [TCPDirection: MessageStream] = [:]
  private var time: CaptureTime?
  /// What the packets were that have nothing to do with `ports`.
  private(set) var census = CaptureCensus()

  init(ports: Set<UInt16>) {
    self.ports = ports
  }

  /// Takes in the next bytes of the capture's file.
  ///
  /// - Throws: `CaptureError` if the rest of it cannot be read. What came before has been handed to `emit`.
  mutating func read(_ bytes: ArraySlice<UInt8>, _ emit: (Sighting) -> Void) throws(CaptureError) {
    self.reader.append(bytes)
    while let packet = try self.reader.next() {
      self.time = packet.time
      guard let segment = TCPSegment(packet) else {
        self.census.addOther(packet.linkType)
        continue
      }
      guard
        self.ports.contains(segment.direction.source.port) || self.ports.contains(segment.direction.destination.port)
      else {
        self.census.add(segment.direction)
        continue
      }
      self.census.segments += 1
      for event in self.reassembler.add(segment, at: packet.time) { self.take(event, emit) }
    }
  }

  /// Gives out what still waits: nothing more comes.
  mutating func finish(_ emit: (Sighting) -> Void) throws(CaptureError) {
    for event in self.reassembler.finish() { self.take(event, emit) }
    try self.reader.finish()
  }

  private mutating func take(_ event: TCPEvent, _ emit: (Sighting) -> Void) {
    let items: [MessageStream.Item]
    var time = self.time
    switch event.kind {
    case .began(let inTheMiddle):
      self.streams[event.direction] = MessageStream(hasRuns: true, inTheMiddle: inTheMiddle)
      return
    case .bytes(let bytes, let completed):
      items = self.streams[event.direction]?.add(bytes) ?? []
      time = completed
    case .gap(let count): items = self.streams[event.direction]?.addGap(count) ?? []
    case .ended:
      items = self.streams[event.direction]?.finish() ?? []
      self.streams[event.direction] = nil
    }
    for item in items { emit(Sighting(time: time, direction: event.direction, item: item)) }
  }
}
