// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import NIOCore
import NIOPosix
import Testing

@Suite struct DatagramSocketTests {
  @Test(.timeLimit(.minutes(1)))
  func datagramsOfEverySizeArriveWhole() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (received, continuation) = AsyncStream.makeStream(
      of: (Int, SocketEndpoint).self, bufferingPolicy: .bufferingOldest(16))
    let here = SocketEndpoint("127.0.0.1:0")!
    let receiver = try await DatagramSocket.bind(to: here, on: group.next()) { buffer, source in
      continuation.yield((buffer.readableBytes, source))
    }
    let sender = try await DatagramSocket.bind(to: here, on: group.next()) { _, _ in }
    let to = try #require(receiver.localEndpoint)
    // What cannot be sent is lost, and only that: broadcasts are not permitted.
    #expect(sender.send(ByteBuffer(string: "lost"), to: SocketEndpoint("255.255.255.255:9")!))
    let sizes = [0, 1, 129, 2_048, 9_000, HeartbeatDatagram.maximumSize]
    for size in sizes { #expect(sender.send(ByteBuffer(repeating: 1, count: size), to: to)) }
    sender.flush()
    var arrived: [Int] = []
    for await (size, source) in received {
      #expect(source == sender.localEndpoint)
      arrived.append(size)
      if arrived.count == sizes.count { break }
    }
    #expect(arrived == sizes)
    await receiver.close()
    await sender.close()
    try await group.shutdownGracefully()
  }
}
