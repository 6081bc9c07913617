// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import NIOCore
import NIOPosix

/// A UDP socket on one event loop.
///
/// What cannot be sent (no route, a firewall, a full queue) is lost, as in a network, and only that: NIO's own datagram
/// channel would close after such an error, and an agent whose link was down for a moment would be silent for ever. So
/// NIO receives, and `DatagramSender` sends.
package struct DatagramSocket: Sendable {
  private let channel: any Channel
  private let sender: NIOLoopBoundBox<DatagramSender>

  /// - Parameter onDatagram: called on `eventLoop` with each datagram and where it came from. The buffer's memory is
  ///   used again for the next one unless it is kept.
  package static func bind(
    to endpoint: SocketEndpoint, on eventLoop: any EventLoop,
    onDatagram: @escaping @Sendable (ByteBuffer, SocketEndpoint) -> Void
  ) async throws -> DatagramSocket {
    let (receiving, sending) = try DatagramSender.openSockets(boundTo: endpoint)
    let channel = try await DatagramBootstrap(group: eventLoop)
      // One datagram a read: read in bulk, the buffer would be cut into equal parts, and what is longer is lost.
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(DatagramHandler(onDatagram))
        }
      }
      .withBoundSocket(receiving)
      .get()
    return DatagramSocket(
      channel: channel,
      sender: .makeBoxSendingValue(DatagramSender(descriptor: sending), eventLoop: eventLoop))
  }

  /// Where the socket is bound; tells the port when it was bound to port 0.
  package var localEndpoint: SocketEndpoint? { self.channel.localAddress.flatMap(SocketEndpoint.init) }

  /// Keeps a datagram for the next `flush`. False if too many wait already: it is dropped.
  ///
  /// - Precondition: called on the event loop.
  @discardableResult
  package func send(_ datagram: ByteBuffer, to endpoint: SocketEndpoint) -> Bool {
    self.sender.value.add(datagram, to: endpoint)
  }

  /// Sends what `send` has collected.
  ///
  /// - Precondition: called on the event loop.
  package func flush() {
    self.sender.value.flush()
  }

  package func close() async {
    try? await self.channel.eventLoop.submit { self.sender.value.shutDown() }.get()
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
}

@available(*, unavailable)
extension DatagramHandler: Sendable {}
