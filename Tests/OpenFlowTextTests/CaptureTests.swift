// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlowText
import Testing

/// Captures of a connection on which both sides say all vectors.
@Suite struct CaptureTests {
  private static func connection(size: Int) throws -> CaptureFile {
    var file = CaptureFile()
    for (index, name) in try Vectors.names().enumerated() {
      file.send(index % 3 == 0 ? .controller : .switchSide, try Vectors.bytes(name), size: size)
    }
    file.close()
    return file
  }

  /// The lines of one direction, without time and addresses.
  private static func lines(_ decoded: Decoded, from source: String) -> [String] {
    decoded.lines.filter { $0.contains(#""source":"\#(source)""#) }.map { line in
      guard let start = line.range(of: #""version""#) else { return line }
      return "{" + line[start.lowerBound...]
    }
  }

  private static func expected(_ sender: CaptureFile.Sender) throws -> [String] {
    try Vectors.names().enumerated().filter { ($0.offset % 3 == 0) == (sender == .controller) }
      .flatMap { try Decoded(Vectors.bytes($0.element)).lines }
  }

  @Test(arguments: [1, 100, 1460])
  func bothDirectionsAreRead(size: Int) throws {
    let decoded = Decoded(try Self.connection(size: size).bytes, chunk: 1000)
    #expect(decoded.problem == nil)
    #expect(decoded.errorCount == 0)
    #expect(Self.lines(decoded, from: CaptureFile.controllerText) == (try Self.expected(.controller)))
    #expect(Self.lines(decoded, from: CaptureFile.switchText) == (try Self.expected(.switchSide)))
    if size == 1460 {
      // The fourth packet; they are a quarter of a millisecond apart.
      let seen = #"{"time":1763822912.000750,"source":"192.0.2.1:6653","destination":"192.0.2.2:40000","version":"#
      #expect(decoded.lines[0].hasPrefix(seen))
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func theOrderOfSegmentsDoesNotMatter(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var file = try Self.connection(size: 1 + random.below(400))
    // Behind the handshake, each may come up to twenty places late, and some come twice.
    var segments = file.segments.dropFirst(3).enumerated().map { (place: $0.offset + random.below(20), $0.element) }
    segments += segments.filter { _ in random.below(10) == 0 }.map { ($0.place + random.below(20), $0.1) }
    file.segments = Array(file.segments.prefix(3)) + segments.sorted { $0.place < $1.place }.map(\.1)
    let decoded = Decoded(file.bytes)
    #expect(decoded.errorCount == 0)
    #expect(Self.lines(decoded, from: CaptureFile.controllerText) == (try Self.expected(.controller)))
    #expect(Self.lines(decoded, from: CaptureFile.switchText) == (try Self.expected(.switchSide)))
  }

  @Test func lostSegmentsAreSaidAndTheRestGoesOn() throws {
    var random = SplitMix64(state: 4)
    var file = try Self.connection(size: 1460)
    let before = file.segments.count
    file.segments = file.segments.enumerated().filter { $0.offset < 3 || random.below(8) > 0 }.map(\.element)
    let lost = before - file.segments.count
    let decoded = Decoded(file.bytes)
    let whole = try Set(Self.expected(.controller) + Self.expected(.switchSide))
    let lines =
      Self.lines(decoded, from: CaptureFile.controllerText) + Self.lines(decoded, from: CaptureFile.switchText)
    let good = lines.filter { !$0.contains(#""error":"#) }
    #expect(good.allSatisfy { whole.contains($0) })
    #expect(good.count > whole.count - 3 * lost)
    #expect(decoded.errorCount > 0)
    #expect(decoded.text.contains("bytes are not in the capture"))
  }

  @Test func aCaptureThatBeginsLateStartsWithTheNextMessage() throws {
    var file = CaptureFile()
    let barrier: [UInt8] = [4, 20, 0, 8, 0, 0, 0, 1]
    file.send(.controller, [UInt8](repeating: 0x55, count: 3000) + barrier)
    file.send(.controller, barrier + barrier)
    file.segments.removeFirst(4)
    let decoded = Decoded(file.bytes)
    #expect(decoded.lines.count == 3)
    #expect(decoded.errorCount == 1)
    #expect(decoded.lines[0].contains(#""lost":1548"#), "\(decoded.text)")
    #expect(Self.lines(decoded, from: CaptureFile.controllerText).suffix(2) == Decoded(barrier + barrier).lines[...])
  }

  @Test func listsOfNumbersAreNotTakenForMessages() throws {
    var file = CaptureFile()
    let barrier: [UInt8] = [4, 20, 0, 8, 0, 0, 0, 1]
    file.send(.controller, barrier)
    file.send(.controller, [UInt8](repeating: 0, count: 100))
    // Table numbers, as a switch lists them: version 4, and types and lengths that there could be.
    for first in [4, 6] as [UInt8] { file.send(.controller, Array(first...253)) }
    file.send(.controller, [4, 0, 1, 0x1c] + [UInt8](repeating: 0, count: 280))
    file.send(.controller, barrier + barrier)
    file.segments.remove(at: 4)
    let decoded = Decoded(file.bytes)
    #expect(decoded.errorCount == 2, "\(decoded.text)")
    #expect(decoded.lines.count == 5)
    #expect(decoded.lines.dropFirst().prefix(2).allSatisfy { $0.contains(#""lost":"#) })
  }

  @Test func otherPortsAreLeftOut() throws {
    let bytes = try Self.connection(size: 1460).bytes
    var decoder = OpenFlowDecoder(ports: [6634])
    var output: [UInt8] = []
    try decoder.read(bytes[...], into: &output)
    try decoder.finish(into: &output)
    #expect(output == [])
    #expect(
      decoder.explanation == "the capture has no TCP segment of port 6634; it has some of port 6653: see --port")
    #expect(!Decoded(bytes, ports: [40_000]).lines.isEmpty)
  }

  @Test func hexadecimalCapturesAreReadToo() throws {
    let bytes = try Self.connection(size: 1460).bytes
    #expect(Decoded(hex: Hex.text(bytes)).text == Decoded(bytes).text)
  }

  @Test func anEncryptedConnectionIsNamedOnce() {
    var file = CaptureFile()
    file.send(.switchSide, [0x16, 3, 1, 2, 0] + [UInt8](repeating: 0xa5, count: 512))
    file.send(.switchSide, [0x17, 3, 3, 2, 0] + [UInt8](repeating: 0xa5, count: 512))
    file.close()
    let decoded = Decoded(file.bytes)
    #expect(decoded.lines.count == 2)
    #expect(decoded.lines[0].contains("this is TLS"))
    #expect(decoded.lines[1].contains(#""lost":970"#), "\(decoded.text)")
  }

  @Test func everyCutOfTheFileIsReadAsFarAsItGoes() throws {
    let names = try Vectors.names().prefix(6)
    var file = CaptureFile()
    for name in names { file.send(.controller, try Vectors.bytes(name), size: 80) }
    let bytes = file.bytes
    let whole = Decoded(bytes)
    for length in 1..<bytes.count {
      let decoded = Decoded(Array(bytes[..<length]))
      let good = decoded.lines.filter { !$0.contains(#""error":"#) }
      #expect(whole.lines.starts(with: good))
    }
  }

  @Test func damagedCapturesAreNoTrap() throws {
    var random = SplitMix64(state: 99)
    let whole = try Self.connection(size: 500).bytes
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0...random.below(40) {
        bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = Decoded(bytes, chunk: 1 + random.below(5000))
    }
  }
}
