// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Logging
import NIOCore
import NIOEmbedded
import OpenFlow
import OpenFlowNIO

/// A controller's side of connections in memory: what a switch sends is put in, what it would get is taken out, and
/// time passes when the test says so.
final class EmbeddedSwitches {
  let eventLoop = EmbeddedEventLoop()
  let registry: SwitchRegistry
  private let log: Log

  private final class Log { var reports: [(datapath: DatapathID, report: SwitchReport)] = [] }

  init(timing: ConnectionTiming = ConnectionTiming(), limits: ConnectionLimits = ConnectionLimits()) {
    let log = Log()
    self.log = log
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    self.registry = SwitchRegistry(eventLoop: self.eventLoop, timing: timing, limits: limits, logger: logger) {
      log.reports.append(($0, $1))
    }
  }

  /// What was reported since the last call.
  func takeReports() -> [SwitchReport] {
    defer { self.log.reports = [] }
    return self.log.reports.map(\.report)
  }

  /// A connection that was accepted just now.
  func connect() throws -> EmbeddedSwitch { try EmbeddedSwitch(self.eventLoop, self.registry) }

  /// A connection whose handshake is done.
  func connected(_ datapath: DatapathID = DatapathID(rawValue: 1), version: ProtocolVersion = .v1_3) throws
    -> EmbeddedSwitch
  {
    let connection = try self.connect()
    try connection.greet(datapath, version: version)
    return connection
  }

  func pass(_ time: TimeAmount) { self.eventLoop.advanceTime(by: time) }
}

/// One of those connections.
final class EmbeddedSwitch {
  let channel: EmbeddedChannel
  var version = ProtocolVersion.v1_3
  private var stream = ByteBuffer()

  init(_ eventLoop: EmbeddedEventLoop, _ registry: SwitchRegistry) throws {
    self.channel = EmbeddedChannel(
      handler: SwitchHandler(peer: "192.0.2.1:40000", isEncrypted: false, registry: registry), loop: eventLoop)
    try self.channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 40000)).wait()
  }

  var isOpen: Bool { self.channel.isActive }

  /// What a switch says until it is asked no more.
  func greet(_ datapath: DatapathID, version: ProtocolVersion, auxiliary: UInt8 = 0) throws {
    self.version = version
    try self.send(1, .hello(Hello(offering: [version])))
    for message in try self.received() {
      switch message.body {
      case .featuresRequest:
        try self.send(
          message.xid,
          .featuresReply(
            FeaturesReply(datapathID: datapath, auxiliaryID: auxiliary, capabilities: [.flowStatistics, .bundles])))
      case .multipartRequest(let request):
        switch request.body {
        case .description:
          let description = SwitchDescription(
            manufacturer: "Maker", hardware: "Hard", software: "Soft", serialNumber: "", datapath: "")
          try self.send(message.xid, .multipartReply(MultipartReply(.description(description))))
        case .portDescriptions: try self.send(message.xid, .multipartReply(MultipartReply(.portDescriptions([]))))
        default: break
        }
      default: break
      }
    }
  }

  func send(_ xid: UInt32, _ body: MessageBody) throws {
    var bytes = ByteBuffer()
    try Message(xid: xid, body).encode(into: &bytes, version: self.version)
    try self.send(bytes)
  }

  func send(_ bytes: ByteBuffer) throws {
    guard self.channel.isActive else { return }
    try self.channel.writeInbound(bytes)
  }

  /// The writes since the last call; each is what left with one flush.
  func writes() throws -> [ByteBuffer] {
    var writes: [ByteBuffer] = []
    while let bytes = try self.channel.readOutbound(as: ByteBuffer.self) { writes.append(bytes) }
    return writes
  }

  /// The messages in the writes since the last call.
  func received() throws -> [Message] { try self.writes().flatMap { try frames(of: $0, version: self.version) } }
}

/// The messages in whole frames.
func frames(of bytes: ByteBuffer, version: ProtocolVersion) throws -> [Message] {
  var bytes = bytes
  var messages: [Message] = []
  while let length = try OpenFlowFrame.length(of: bytes), let frame = bytes.readSlice(length: length) {
    messages.append(try Message.decode(from: frame, version: version))
  }
  return messages
}
