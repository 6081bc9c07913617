// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import PacketCapture
import Testing

@Suite struct CaptureReaderTests {
  private static let packets = [
    CapturedPacket(
      time: CaptureTime(seconds: 1_763_822_912, nanoseconds: 123_456_000), linkType: .ethernet, bytes: [1, 2, 3, 4, 5],
      originalLength: 5),
    CapturedPacket(
      time: CaptureTime(seconds: 1_763_822_913, nanoseconds: 1000), linkType: .ethernet, bytes: [], originalLength: 60),
    CapturedPacket(
      time: CaptureTime(seconds: 4_294_967_295), linkType: .ethernet, bytes: [UInt8](repeating: 7, count: 300),
      originalLength: 1500),
  ]

  private static func pcapng(isBigEndian: Bool) -> [UInt8] {
    var writer = CaptureWriter(isBigEndian: isBigEndian)
    writer.section()
    writer.interface(.ethernet)
    writer.block(5, [UInt8](repeating: 9, count: 40))
    for packet in packets {
      let time = packet.time ?? CaptureTime(seconds: 0)
      writer.enhanced(packet, ticks: UInt64(time.seconds) * 1_000_000 + UInt64(time.nanoseconds / 1000))
    }
    return writer.bytes
  }

  private static let files: [[UInt8]] = [
    CaptureWriter.pcap(packets), CaptureWriter.pcap(packets, isBigEndian: true),
    CaptureWriter.pcap(packets, nanoseconds: true),
    CaptureWriter.pcap(packets, isBigEndian: true, nanoseconds: true),
    pcapng(isBigEndian: false), pcapng(isBigEndian: true),
  ]

  @Test(arguments: files.indices)
  func readsEveryFormInPiecesOfAnySize(_ file: Int) {
    let bytes = Self.files[file]
    #expect(CaptureReader.recognises(bytes) == true)
    for chunk in [1, 2, 3, 7, 16, 100, .max] {
      let result = read(bytes, chunk: chunk)
      #expect(result.packets == Self.packets)
      #expect(result.error == nil)
    }
  }

  @Test(arguments: files.indices)
  func aCutFileGivesItsWholePacketsAndAnError(_ file: Int) {
    let bytes = Self.files[file]
    var ends = 0
    for length in 0..<bytes.count {
      let result = read(Array(bytes[..<length]))
      #expect(Self.packets.starts(with: result.packets))
      if result.error == nil { ends += 1 }
    }
    // Nothing; the header (for pcapng: section, interface, another block); and each packet but the last.
    #expect(ends == (file < 4 ? 4 : 6))
  }

  @Test func damagedFilesAreReadOrRefused() {
    var random = SplitMix64(state: 3)
    for round in 0..<20_000 {
      var bytes = Self.files[round % Self.files.count]
      for _ in 0...random.below(4) {
        bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      for packet in read(bytes, chunk: 1 + random.below(200)).packets { _ = TCPSegment(packet) }
    }
  }

  @Test func nanosecondsAreKept() {
    let time = CaptureTime(seconds: 5, nanoseconds: 123_456_789)
    let packet = CapturedPacket(time: time, linkType: .raw, bytes: [1], originalLength: 1)
    #expect(read(CaptureWriter.pcap([packet], nanoseconds: true)).packets == [packet])
    #expect(time.description == "5.123456789")
    #expect(CaptureTime(seconds: 5, nanoseconds: 42_000).description == "5.000042")
    #expect(CaptureTime(seconds: 5, nanoseconds: 42).description == "5.000000042")
  }

  @Test(arguments: [
    // if_tsresol, ticks, the time that they say
    (nil as UInt8?, 2_500_000 as UInt64, CaptureTime(seconds: 2, nanoseconds: 500_000_000)),
    (9, 2_000_000_001, CaptureTime(seconds: 2, nanoseconds: 1)),
    (0, 77, CaptureTime(seconds: 77)),
    (3, 1001, CaptureTime(seconds: 1, nanoseconds: 1_000_000)),
    (0x80 | 10, 1536, CaptureTime(seconds: 1, nanoseconds: 500_000_000)),
    (19, .max, CaptureTime(seconds: 1, nanoseconds: 844_674_407)),
    (0x80 | 63, .max, CaptureTime(seconds: 1, nanoseconds: 999_999_999)),
  ])
  func unitsOfTimeArePowersOfTenOrTwo(resolution: UInt8?, ticks: UInt64, time: CaptureTime) {
    var writer = CaptureWriter()
    writer.section()
    writer.interface(.raw, options: resolution.map { writer.option(9, [$0]) } ?? [])
    writer.enhanced(CapturedPacket(time: nil, linkType: .raw, bytes: [1], originalLength: 1), ticks: ticks)
    #expect(read(writer.bytes).packets.map(\.time) == [time])
  }

  @Test func interfacesBelongToTheirSection() {
    let packet = CapturedPacket(time: nil, linkType: .raw, bytes: [1, 2, 3], originalLength: 9)
    var writer = CaptureWriter(isBigEndian: true)
    writer.section()
    writer.interface(.raw, options: writer.option(2, Array("eth0".utf8)) + writer.option(14, bigEndian(100 as UInt64)))
    writer.interface(.linuxCooked2, snapshotLength: 3)
    writer.enhanced(packet, interface: 1, ticks: 1_000_000)
    writer.obsolete(packet, interface: 0, ticks: 1_000_000)
    writer.isBigEndian = false
    writer.section()
    writer.interface(.null, snapshotLength: 3)
    writer.simple(packet)
    let packets = read(writer.bytes, chunk: 5).packets
    #expect(packets.map(\.linkType) == [.linuxCooked2, .raw, .null])
    #expect(packets.map(\.time) == [CaptureTime(seconds: 1), CaptureTime(seconds: 101), nil])
    #expect(packets.allSatisfy { $0.bytes == [1, 2, 3] && $0.originalLength == 9 })
  }

  @Test func whatCannotBeIsRefusedWithItsPlace() {
    #expect(read(Array("OpenFlow".utf8)).error == .notACapture)
    #expect(read([1, 2]).error == .notACapture)

    var pcap = CaptureWriter.pcap(Self.packets)
    pcap.replaceSubrange(32..<36, with: [0, 0, 16, 0])
    #expect(
      read(pcap).error
        == .badValue(what: "length of a packet", offset: 32, value: 1 << 20, accepted: "at most 262144"))
    pcap[4] = 3
    #expect(read(pcap).error == .unsupportedVersion(major: 3, minor: 4, offset: 4, accepted: "2.x"))

    var noInterface = CaptureWriter()
    noInterface.section()
    noInterface.simple(Self.packets[0])
    #expect(
      read(noInterface.bytes).error?.description
        == "the capture's interface number at byte 36 is 0, but it must be that of an interface, of which the section "
        + "has none yet")

    var wrongEnd = CaptureWriter()
    wrongEnd.section()
    wrongEnd.bytes[24] = 29
    #expect(
      read(wrongEnd.bytes).error
        == .badValue(what: "block length at its end", offset: 24, value: 29, accepted: "that at its beginning, 28"))
  }

  @Test func longBlocksOfNoInterestAreNotKept() {
    var writer = CaptureWriter()
    writer.section()
    writer.interface(.ethernet)
    writer.block(0x0bad, [UInt8](repeating: 1, count: 3 << 20))
    writer.enhanced(Self.packets[0], ticks: 0)
    #expect(read(writer.bytes, chunk: 4096).packets.count == 1)
    #expect(read(writer.bytes.dropLast(500), chunk: 4096).error != nil)
  }
}

private func read(_ bytes: ArraySlice<UInt8>, chunk: Int) -> (packets: [CapturedPacket], error: CaptureError?) {
  read(Array(bytes), chunk: chunk)
}
