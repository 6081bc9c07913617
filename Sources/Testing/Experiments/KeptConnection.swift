// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A connection to an HTTP server that is kept, as plain as can be: what is measured is the server.
package struct KeptConnection: ~Copyable {
  package struct Problem: Error, CustomStringConvertible {
    package var description: String
  }

  package let descriptor: Int32
  private var unread: [UInt8] = []

  package init(to address: String, port: UInt16) throws {
    self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var endpoint = sockaddr_in()
    endpoint.sin_family = sa_family_t(AF_INET)
    endpoint.sin_port = port.bigEndian
    guard inet_pton(AF_INET, address, &endpoint.sin_addr) == 1 else { throw Problem(description: "no address") }
    let connected = withUnsafePointer(to: &endpoint) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      throw Problem(description: "\(address):\(port): \(String(cString: strerror(errno)))")
    }
    var one: Int32 = 1
    setsockopt(self.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(self.descriptor) }

  package static func request(_ method: String, _ path: String, body: String) -> [UInt8] {
    Array(
      "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        .utf8)
  }

  package func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(self.descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else { throw Problem(description: "write: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(written)
    }
  }

  /// The next answer's status and body; nil: none is whole yet, and `isWaiting` is false.
  package mutating func answer(isWaiting: Bool = true) throws -> (status: Int, body: [UInt8])? {
    while true {
      if let answer = self.takeAnswer() { return answer }
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      let count = recv(self.descriptor, &buffer, buffer.count, Int32(isWaiting ? 0 : MSG_DONTWAIT))
      if count < 0, errno == EAGAIN { return nil }
      guard count > 0 else { throw Problem(description: "the server has closed the connection") }
      self.unread += buffer[..<count]
    }
  }

  private mutating func takeAnswer() -> (status: Int, body: [UInt8])? {
    guard let end = self.unread.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: self.unread[..<end.lowerBound], as: UTF8.self)
    var length = 0
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      length = Int(line.dropFirst(15).filter { $0 != " " }) ?? 0
    }
    guard self.unread.count >= end.upperBound + length else { return nil }
    let status = Int(head.dropFirst(9).prefix(3)) ?? 0
    let body = Array(self.unread[end.upperBound..<end.upperBound + length])
    self.unread.removeFirst(end.upperBound + length)
    return (status, body)
  }
}
