// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import NIOPosix
import OpenFlow
import OpenFlowNIO

/// A switch's end of a real connection: it shakes hands, answers echo requests and barriers, and otherwise does what the
/// test says.
enum LoopbackSwitch {
  static func connect(_ datapath: DatapathID, to port: Int, on eventLoop: any EventLoop, answersEchoes: Bool = true)
    async throws -> any Channel
  {
    try await ClientBootstrap(group: eventLoop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connectTimeout(.seconds(60))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(SwitchEnd(datapath, answersEchoes: answersEchoes))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
  }

  static func encode(_ xid: UInt32, _ body: MessageBody) -> ByteBuffer {
    var bytes = ByteBuffer()
    do { try Message(xid: xid, body).encode(into: &bytes, version: .v1_3) } catch { return ByteBuffer() }
    return bytes
  }
}

/// Sent to a `LoopbackSwitch`'s pipeline when the controller has answered an echo request of it.
struct EchoAnswered { var xid: UInt32 }

private final class SwitchEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let datapath: DatapathID
  private let answersEchoes: Bool
  private var frames = FrameBuffer()

  init(_ datapath: DatapathID, answersEchoes: Bool) {
    self.datapath = datapath
    self.answersEchoes = answersEchoes
  }

  func channelActive(context: ChannelHandlerContext) {
    self.send(1, .hello(Hello(offering: [.v1_3])), context)
    context.flush()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    self.frames.append(Self.unwrapInboundIn(data))
    do {
      while let frame = try self.frames.next() {
        // Of what comes most is of no interest, and there may be much of it.
        let type: UInt8? = frame.getInteger(at: frame.readerIndex + 1)
        guard let type, type != 14, type != 13 else { continue }
        self.received(try Message.decode(from: frame, version: .v1_3), context)
      }
    } catch { context.close(promise: nil) }
    context.flush()
  }

  private func received(_ message: Message, _ context: ChannelHandlerContext) {
    switch message.body {
    case .echoRequest(let data): if self.answersEchoes { self.send(message.xid, .echoReply(data), context) }
    case .echoReply: context.fireUserInboundEventTriggered(EchoAnswered(xid: message.xid))
    case .barrierRequest: self.send(message.xid, .barrierReply, context)
    case .featuresRequest: self.send(message.xid, .featuresReply(FeaturesReply(datapathID: self.datapath)), context)
    case .multipartRequest(let request):
      switch request.body {
      case .description:
        let description = SwitchDescription(
          manufacturer: "M", hardware: "H", software: "S", serialNumber: "", datapath: "")
        self.send(message.xid, .multipartReply(MultipartReply(.description(description))), context)
      case .portDescriptions: self.send(message.xid, .multipartReply(MultipartReply(.portDescriptions([]))), context)
      default: break
      }
    default: break
    }
  }

  private func send(_ xid: UInt32, _ body: MessageBody, _ context: ChannelHandlerContext) {
    context.write(Self.wrapOutboundOut(LoopbackSwitch.encode(xid, body)), promise: nil)
  }
}
