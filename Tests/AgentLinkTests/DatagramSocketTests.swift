// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1))) struct DatagramSocketTests {
  static let here = SocketEndpoint("127.0.0.1:0")!

  /// Sends everything in one flush; tells the sizes that arrive, up to a datagram of one byte.
  func sizesThatArrive(of datagrams: [(size: Int, to: SocketEndpoint?)]) async throws -> [Int] {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let (received, continuation) = AsyncStream.makeStream(
      of: (Int, SocketEndpoint).self, bufferingPolicy: .bufferingOldest(16))
    let receiver = try await DatagramSocket.bind(to: Self.here, on: loop) { buffer, source in
      continuation.yield((buffer.readableBytes, source))
    }
    let sender = try await DatagramSocket.bind(to: Self.here, on: loop) { _, _ in }
    let local = try #require(receiver.localEndpoint)
    try await loop.submit {
      for (size, endpoint) in datagrams + [(1, nil)] {
        sender.send(ByteBuffer(repeating: 1, count: size), to: endpoint ?? local)
      }
      sender.flush()
    }.get()
    var sizes: [Int] = []
    for await (size, source) in received {
      #expect(source == sender.localEndpoint)
      if size == 1 { break }
      sizes.append(size)
    }
    await receiver.close()
    await sender.close()
    return sizes
  }

  @Test func datagramsOfEverySizeArriveWhole() async throws {
    let sizes = [0, 2, 129, 2_048, 9_000, HeartbeatDatagram.maximumSize]
    #expect(try await self.sizesThatArrive(of: sizes.map { ($0, nil) }) == sizes)
  }

  /// Broadcasts are not permitted, port 0 is invalid, and 70,000 bytes are too many.
  @Test func whatCannotBeSentIsLostAndOnlyThat() async throws {
    let sizes = try await self.sizesThatArrive(of: [
      (2, SocketEndpoint("255.255.255.255:9")), (3, nil), (4, SocketEndpoint("127.0.0.1:0")), (5, nil), (70_000, nil),
      (6, nil),
    ])
    #expect(sizes == [3, 5, 6])
  }

  @Test func aTakenPortIsAnError() async throws {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let first = try await DatagramSocket.bind(to: Self.here, on: loop) { _, _ in }
    let taken = try #require(first.localEndpoint)
    await #expect(throws: IOError.self) { _ = try await DatagramSocket.bind(to: taken, on: loop) { _, _ in } }
    await first.close()
    let second = try await DatagramSocket.bind(to: taken, on: loop) { _, _ in }
    await second.close()
  }
}
