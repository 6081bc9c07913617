// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

/// One emulated switch's connection: handshake, teaching, load.
///
/// A window of packets is under way; each answer lets the next packet out. All connections of a load share one event
/// loop and one recorder.
final class SwitchLoadHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private struct Flight {
    var number: UInt32
    var sent: UInt64
  }

  private let options: LoadOptions
  private let recorder: SharedRecorder
  private var emulated: EmulatedSwitch
  private var version: ProtocolVersion
  private var traffic: HostTraffic?
  private var flights: [Flight?]
  private var nextNumber: UInt32 = 0
  private(set) var outstanding = 0
  private(set) var isTaught = false
  private var isRunning = false
  private var unsent = ByteBuffer()
  private var context: ChannelHandlerContext?
  /// Why the connection ended, if it has.
  private(set) var end: String?

  /// A power of two, and many windows: a packet that is still under way when its place is needed is lost.
  private static let places = 4096
  private static let echoData = Array("taught".utf8)

  init(_ emulated: EmulatedSwitch, _ options: LoadOptions, recorder: SharedRecorder) {
    self.emulated = emulated
    self.options = options
    self.recorder = recorder
    self.version = options.version
    self.flights = [Flight?](repeating: nil, count: Self.places)
  }

  var hasJoined: Bool { self.emulated.hasAnsweredFeatures }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    self.say(.hello(Hello(offering: [self.options.version])), xid: 1)
    self.flush()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.end = self.end ?? "the controller closed the connection"
    self.context = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.end = "\(error)"
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let message: Message
    do {
      message = try Message.decode(from: Self.unwrapInboundIn(data), version: self.version)
    } catch {
      self.recorder.value.wasWrong("\(error)")
      return
    }
    if let traffic = self.traffic { self.judge(message.body, traffic) }
    switch message.body {
    case .error(let error): self.recorder.value.wasWrong("the controller says \(error)")
    case .echoReply(let data) where data == Self.echoData: self.isTaught = true
    case let body:
      if let reply = self.emulated.reply(to: body) { self.say(reply, xid: message.xid) }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { self.flush() }

  private func judge(_ body: MessageBody, _ traffic: HostTraffic) {
    switch self.emulated.judge(body, traffic) {
    case .other: break
    case .flow: self.recorder.value.flowAdded()
    case .packet(let number): self.landed(number, traffic)
    case .wrong(let number, let complaint):
      if self.recorder.value.isCounting { self.recorder.value.wasWrong(complaint) }
      if let number { self.landed(number, traffic) }
    }
  }

  private func landed(_ number: UInt32, _ traffic: HostTraffic) {
    let place = Int(number) & (Self.places - 1)
    guard let flight = self.flights[place], flight.number == number else { return }
    self.flights[place] = nil
    self.outstanding -= 1
    let now = NIODeadline.now().uptimeNanoseconds
    self.recorder.value.answered(sent: flight.sent, at: now)
    if self.isRunning { self.launch(traffic, at: now) }
  }

  // MARK: Phases

  /// Every host sends to all, once; the answer to the echo behind says that the controller has seen them.
  func teach() throws {
    let traffic = try HostTraffic(
      datapath: self.emulated.datapath, hosts: self.emulated.hosts, version: self.version,
      cookie: self.emulated.missCookie)
    self.traffic = traffic
    for host in 0..<traffic.hosts { traffic.write(number: .max, from: host, to: nil, into: &self.unsent) }
    self.say(.echoRequest(Self.echoData), xid: 2)
    self.flush()
  }

  func start() {
    guard let traffic = self.traffic else { return }
    self.isRunning = true
    let now = NIODeadline.now().uptimeNanoseconds
    for _ in 0..<self.options.mode.window { self.launch(traffic, at: now) }
    self.flush()
  }

  func stop() { self.isRunning = false }

  func close() { self.context?.close(promise: nil) }

  // MARK: Out

  private func launch(_ traffic: HostTraffic, at now: UInt64) {
    let number = self.nextNumber
    // The largest number is that of the packets that teach.
    self.nextNumber = number == .max - 1 ? 0 : number + 1
    let from = Int(number) % traffic.hosts
    let to = (from + 1 + Int(number) / traffic.hosts % (traffic.hosts - 1)) % traffic.hosts
    traffic.write(number: number, from: from, to: to, into: &self.unsent)
    let place = Int(number) & (Self.places - 1)
    if self.flights[place] == nil { self.outstanding += 1 }
    self.flights[place] = Flight(number: number, sent: now)
  }

  private func say(_ body: MessageBody, xid: UInt32) {
    do {
      try Message(xid: xid, body).encode(into: &self.unsent, version: self.version)
    } catch {
      self.recorder.value.wasWrong("\(error)")
    }
  }

  private func flush() {
    guard self.unsent.readableBytes > 0, let context = self.context else { return }
    let bytes = self.unsent
    self.unsent = context.channel.allocator.buffer(capacity: 4096)
    context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
  }
}

@available(*, unavailable)
extension SwitchLoadHandler: Sendable {}

/// What all connections of a load write to, on their one event loop.
final class SharedRecorder {
  var value = LoadRecorder()
}

@available(*, unavailable)
extension SharedRecorder: Sendable {}
