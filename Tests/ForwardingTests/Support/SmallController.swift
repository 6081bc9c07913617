// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Forwarding
import Glibc
import NIOCore
import OpenFlow
import ServiceModel

/// A forwarding state with real switches in its hands, and nothing else: one thread that waits on all connections.
final class SmallController {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private struct Connection {
    var descriptor: Int32
    var datapath: DatapathID
    var received: [UInt8] = []
    var isReady = false
  }

  private(set) var decisions: [ForwardingDecision] = []
  /// What switches refused.
  private(set) var errors: [String] = []
  private(set) var packetsIn = 0
  private var state: ForwardingState
  private var connections: [Connection] = []
  private var xid: UInt32 = 0

  init(seed: UInt64) {
    self.state = ForwardingState(
      seed: seed, settings: ForwardingSettings(probeInterval: .seconds(1), burstInterval: .milliseconds(100)))
  }

  deinit { for connection in self.connections { close(connection.descriptor) } }

  /// Connects to a switch's listening socket, and asks for its ports and its packets.
  func connect(to path: String, _ datapath: DatapathID) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw Failure(description: "connect \(path): errno \(errno)") }
    self.connections.append(Connection(descriptor: descriptor, datapath: datapath))
    try self.send(
      [
        .hello(Hello(offering: [.v1_3])), .setConfig(SwitchConfiguration()),
        .multipartRequest(MultipartRequest(.portDescriptions())),
      ], on: self.connections.count - 1)
  }

  /// Works until `isDone` says so, asked after everything that happens and every 20 ms.
  ///
  /// - Returns: false if that does not come within `limit`.
  func work(limit: Duration, until isDone: (SmallController) -> Bool) throws -> Bool {
    let end = Self.now() + limit
    while !isDone(self) {
      let now = Self.now()
      if now >= end { return false }
      let next = min(self.state.nextDeadline ?? end, now + .milliseconds(20))
      var polls = self.connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      let wait = max(0, (next - now).nanoseconds / 1_000_000)
      guard poll(&polls, nfds_t(polls.count), Int32(wait)) >= 0 || errno == EINTR else {
        throw Failure(description: "poll: errno \(errno)")
      }
      for index in polls.indices where polls[index].revents != 0 { try self.receive(on: index) }
      if let deadline = self.state.nextDeadline, deadline <= Self.now() { try self.step(.deadline) }
    }
    return true
  }

  private static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  private func receive(on index: Int) throws {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(self.connections[index].descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { throw Failure(description: "recv: \(count), errno \(errno)") }
    self.connections[index].received += bytes[..<count]
    while let length = try OpenFlowFrame.length(of: ByteBuffer(bytes: self.connections[index].received)),
      self.connections[index].received.count >= length
    {
      let frame = ByteBuffer(bytes: self.connections[index].received[..<length])
      self.connections[index].received.removeFirst(length)
      try self.handle(try Message.decode(from: frame, version: .v1_3), on: index)
    }
  }

  private func handle(_ message: Message, on index: Int) throws {
    let datapath = self.connections[index].datapath
    switch message.body {
    case .echoRequest(let data): try self.send([.echoReply(data)], on: index)
    case .error(let error): self.errors.append("\(error)")
    case .multipartReply(let reply):
      guard case .portDescriptions(let ports) = reply.body else { break }
      self.connections[index].isReady = true
      try self.step(.switchConnected(datapath, ports: ports, table: 0))
    case .portStatus(let status):
      if self.connections[index].isReady { try self.step(.portChanged(datapath, status)) }
    case .packetIn(let packet):
      self.packetsIn += 1
      try self.step(.packetArrived(datapath, packet))
    default: break
    }
  }

  private func step(_ event: ForwardingEvent) throws {
    var effects: [ForwardingEffect] = []
    self.state.step(event, at: Self.now(), into: &effects)
    for effect in effects {
      switch effect {
      case .record(let decision): self.decisions.append(decision)
      case .send(let id, let messages):
        guard let index = self.connections.firstIndex(where: { $0.datapath == id }) else { break }
        try self.send(messages, on: index)
      }
    }
  }

  private func send(_ messages: [MessageBody], on index: Int) throws {
    var buffer = ByteBuffer()
    for message in messages {
      self.xid += 1
      try Message(xid: self.xid, message).encode(into: &buffer, version: .v1_3)
    }
    let bytes = Array(buffer.readableBytesView)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(self.connections[index].descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(description: "write: errno \(errno)") }
      sent += count
    }
  }
}
