// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import NIOCore
import NIOHTTP1
import NIOPosix

/// One `GET` over a connection of its own: what a check and the fetch of an assignment need, and no more.
package struct HTTPExchange: Sendable {
  package struct Answer: Sendable {
    package var status: Int
    package var body: ByteBuffer
  }

  /// How much of an answer is read.
  package enum Reading: Sendable, Equatable {
    /// The connection is closed when the status is known.
    case head
    /// At most so many bytes of body.
    case body(limit: Int)
  }

  /// 16 KiB and 128 header fields: more than any web server sends, and little memory.
  private static var headLimits: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 16 << 10
    limits.maxHeaderListSize = 16 << 10
    limits.maxHeaderFieldCount = 128
    return limits
  }

  package var path: String
  package var host: String
  package var reading: Reading

  package init(path: String, host: String, reading: Reading) {
    self.path = path
    self.host = host
    self.reading = reading
  }

  /// Fails with an `HTTPExchangeError`, an `HTTPParserError`, an `IOError` or a `ChannelError`.
  package func run(
    with server: SocketEndpoint, timeout: Duration, on eventLoop: any EventLoop
  ) -> EventLoopFuture<Answer> {
    let answer = eventLoop.makePromise(of: Answer.self)
    let timer = eventLoop.scheduleTask(in: TimeAmount(timeout)) { answer.fail(HTTPExchangeError.timeout) }
    answer.futureResult.whenComplete { _ in timer.cancel() }
    let address: SocketAddress
    do {
      address = try SocketAddress(ipAddress: "\(server.address)", port: Int(server.port))
    } catch {
      answer.fail(error)
      return answer.futureResult
    }
    let request = self
    ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(timeout))
      .channelInitializer { channel in
        // The answer may come, or time be up, while the connection is still being opened.
        answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            HTTPRequestEncoder(),
            ByteToMessageHandler(
              HTTPResponseDecoder(informationalResponseStrategy: .drop, limitConfiguration: Self.headLimits)),
            HTTPExchangeHandler(request, answer),
          ])
        }
      }
      .connect(to: address)
      .whenFailure { answer.fail($0) }
    return answer.futureResult
  }
}

package enum HTTPExchangeError: Error, Sendable, Equatable {
  case timeout
  /// The head or the body is longer than is accepted. In bytes.
  case tooLarge(limit: Int)
  /// The connection ended before the answer did.
  case closed
}
