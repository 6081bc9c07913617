// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads captures, pcap or pcapng, from bytes as they arrive.
///
/// Put bytes in with `append`, take packets out with `next` until it returns nil, and say with `finish` that there are
/// no more. It keeps one packet or block at most, beside what has been put in and not been taken out.
package struct CaptureReader: Sendable {
  private enum Format: Sendable { case unknown, pcap(PcapReader), pcapng(PcapngReader) }

  private var queue = ByteQueue()
  private var format = Format.unknown

  package init() {}

  /// Whether a file that begins with these 4 bytes is a capture; nil: more bytes are needed to tell.
  package static func recognises(_ bytes: some Collection<UInt8>) -> Bool? {
    let beginning = [UInt8](bytes.prefix(4))
    guard beginning.count == 4 else { return nil }
    return PcapReader.Magic(beginning) != nil || beginning == PcapngReader.magic
  }

  package mutating func append(_ bytes: some Sequence<UInt8>) { self.queue.append(bytes) }

  /// The next packet; nil: more bytes are needed.
  ///
  /// - Throws: `CaptureError`; there is nothing more to be read from this file then.
  package mutating func next() throws(CaptureError) -> CapturedPacket? {
    switch self.format {
    case .unknown:
      guard let magic = self.queue.peek(UInt32.self, .big) else { return nil }
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: magic >> (24 - 8 * UInt32($0))) }
      if bytes == PcapngReader.magic {
        self.format = .pcapng(PcapngReader())
      } else if let magic = PcapReader.Magic(bytes) {
        self.format = .pcap(PcapReader(magic))
      } else {
        throw .notACapture
      }
      return try self.next()
    case .pcap(var reader):
      defer { self.format = .pcap(reader) }
      return try reader.next(from: &self.queue)
    case .pcapng(var reader):
      // Nobody else holds the list of interfaces while it may grow.
      self.format = .unknown
      defer { self.format = .pcapng(reader) }
      return try reader.next(from: &self.queue)
    }
  }

  /// Makes sure that the file ends where a packet or block does.
  package func finish() throws(CaptureError) {
    guard self.queue.count > 0 || self.queue.isSkipping else { return }
    switch self.format {
    case .unknown: throw .notACapture
    case .pcap(let reader): throw reader.truncated(self.queue)
    case .pcapng(let reader): throw reader.truncated(self.queue)
    }
  }
}
