// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import OpenFlow

/// A blocking OpenFlow connection to a `PrivateSwitch`; no answer within ten seconds is an error.
final class SwitchConnection {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let version: ProtocolVersion
  /// Messages that nobody asked for, in the order in which they came.
  private(set) var unsolicited: [Message] = []
  /// Every message's bytes as they came.
  private(set) var frames: [[UInt8]] = []
  private let socket: Int32
  private var nextID: UInt32 = 1

  init(_ path: String, version: ProtocolVersion) throws {
    self.version = version
    self.socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard self.socket >= 0 else { throw Failure(description: "socket: errno \(errno)") }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(self.socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw Failure(description: "connect \(path): errno \(errno)") }
    var timeout = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(self.socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))

    let mine = Hello(offering: [version])
    try self.send(.hello(mine))
    guard case .hello(let theirs) = try self.receive().body, mine.negotiated(with: theirs) == version else {
      throw Failure(description: "no agreement on OpenFlow \(version)")
    }
  }

  deinit { close(self.socket) }

  /// Sends a message and returns its transaction id.
  @discardableResult
  func send(_ body: MessageBody) throws -> UInt32 {
    let id = self.nextID
    self.nextID += 1
    let bytes = try Message(xid: id, body).bytes(self.version)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(self.socket, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(description: "write: errno \(errno)") }
      sent += count
    }
    return id
  }

  /// Sends messages and a barrier; returns what the switch refused.
  func apply(_ bodies: [MessageBody]) throws -> [ErrorMessage] {
    for body in bodies { try self.send(body) }
    let barrier = try self.send(.barrierRequest)
    var errors: [ErrorMessage] = []
    while true {
      let message = try self.receive()
      switch message.body {
      case .error(let error): errors.append(error)
      case .barrierReply where message.xid == barrier: return errors
      default: self.unsolicited.append(message)
      }
    }
  }

  /// All parts of the answer to a request.
  func request(_ body: MultipartRequest.Body) throws -> [MultipartReply.Body] {
    let id = try self.send(.multipartRequest(MultipartRequest(body)))
    var parts: [MultipartReply.Body] = []
    while true {
      let message = try self.receive()
      guard message.xid == id else {
        self.unsolicited.append(message)
        continue
      }
      guard case .multipartReply(let reply) = message.body else {
        throw Failure(description: "\(body) was answered by \(message.body)")
      }
      parts.append(reply.body)
      if !reply.more { return parts }
    }
  }

  /// The next message, whatever it is.
  func receive() throws -> Message {
    var frame = try self.read(OpenFlowFrame.headerLength)
    guard let length = try OpenFlowFrame.length(of: ByteBuffer(bytes: frame)) else {
      throw Failure(description: "no length in \(frame)")
    }
    frame += try self.read(length - frame.count)
    self.frames.append(frame)
    return try Message(bytes: frame, self.version)
  }

  private func read(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      let result = bytes.withUnsafeMutableBytes {
        recv(self.socket, $0.baseAddress! + received, count - received, 0)
      }
      guard result > 0 else { throw Failure(description: "recv: \(result), errno \(errno)") }
      received += result
    }
    return bytes
  }
}
