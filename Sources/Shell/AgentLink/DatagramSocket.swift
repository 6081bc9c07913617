// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import NIOCore
import NIOPosix

/// A UDP socket on one event loop. What is sent goes out with the next flush, all in one system call.
package struct DatagramSocket: Sendable {
  private let channel: any Channel

  /// - Parameter onDatagram: called on `eventLoop` with each datagram and where it came from. The buffer's memory is
  ///   used again for the next one unless it is kept.
  package static func bind(
    to endpoint: SocketEndpoint, on eventLoop: any EventLoop,
    onDatagram: @escaping @Sendable (ByteBuffer, SocketEndpoint) -> Void
  ) async throws -> DatagramSocket {
    let channel = try await DatagramBootstrap(group: eventLoop)
      .channelOption(.socketOption(.so_reuseaddr), value: 1)
      // One datagram a read: read in bulk, the buffer would be cut into equal parts, and what is longer is lost.
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(DatagramHandler(onDatagram))
        }
      }
      .bind(to: SocketAddress(endpoint))
      .get()
    return DatagramSocket(channel: channel)
  }

  /// Where the socket is bound; tells the port when it was bound to port 0.
  package var localEndpoint: SocketEndpoint? { self.channel.localAddress.flatMap(SocketEndpoint.init) }

  /// False if the socket's queue is full: the datagram is dropped, as a full network would.
  @discardableResult
  package func send(_ datagram: ByteBuffer, to endpoint: SocketEndpoint) -> Bool {
    guard self.channel.isWritable, let address = try? SocketAddress(endpoint) else { return false }
    self.channel.write(AddressedEnvelope(remoteAddress: address, data: datagram), promise: nil)
    return true
  }

  /// Sends what `send` has collected.
  package func flush() {
    self.channel.flush()
  }

  package func close() async {
    try? await self.channel.close()
  }
}

private final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private let onDatagram: (ByteBuffer, SocketEndpoint) -> Void

  init(_ onDatagram: @escaping (ByteBuffer, SocketEndpoint) -> Void) {
    self.onDatagram = onDatagram
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = self.unwrapInboundIn(data)
    guard let source = SocketEndpoint(envelope.remoteAddress) else { return }
    self.onDatagram(envelope.data, source)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // An ICMP error that an earlier datagram met (ECONNREFUSED and the like). The silence is what counts.
  }
}

@available(*, unavailable)
extension DatagramHandler: Sendable {}
