// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Glibc
import ServiceModel
import SystemPackage

/// One request under way, on a socket that never blocks.
struct ProbeConnection {
  let descriptor: Int32
  let start: Instant
  private var received: [UInt8] = []
  private(set) var connected: Instant?
  /// What `connect` said at once: no route, for example. The socket polls as ready then.
  private var failure: Int32?

  /// More than a member ever answers.
  private static let receivedLimit = 16_384
  private static let request = Array("GET / HTTP/1.0\r\nHost: isthmus\r\n\r\n".utf8)

  /// Begins to connect.
  ///
  /// - Parameter source: an address of this machine; nil: the one that the route has.
  /// - Throws: what the machine lacks: descriptors, ports, memory, the source. What the network does is an outcome.
  init(to target: SocketEndpoint, from source: IPv4Address?, at start: Instant) throws(Errno) {
    self.start = start
    self.descriptor = socket(
      target.address.family == .v4 ? AF_INET : AF_INET6,
      Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard self.descriptor >= 0 else { throw Errno(rawValue: errno) }
    if let source {
      // The port is chosen by connect(2), which knows the target, so that all are free for it (ip(7)).
      var isLate: Int32 = 1
      setsockopt(
        self.descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &isLate, socklen_t(MemoryLayout<Int32>.size))
      let descriptor = self.descriptor
      if SocketEndpoint(source, 0).withSocketAddress({ bind(descriptor, $0, $1) }) != 0 {
        let error = Errno(rawValue: errno)
        Glibc.close(descriptor)
        throw error
      }
    }
    let descriptor = self.descriptor
    let result = target.withSocketAddress { connect(descriptor, $0, $1) }
    if result == 0 || errno == EINPROGRESS { return }
    if errno == EADDRNOTAVAIL || errno == EAGAIN {
      let error = Errno(rawValue: errno)
      Glibc.close(self.descriptor)
      throw error
    }
    self.failure = errno
  }

  /// What to poll the socket for.
  var events: Int16 { Int16(self.connected == nil ? POLLOUT : POLLIN) }

  func close() { Glibc.close(self.descriptor) }

  /// Goes as far as it can without waiting.
  ///
  /// - Returns: how the request ended; nil: it has not yet.
  mutating func proceed() -> (outcome: ProbeRecord.Outcome, region: Int?)? {
    if let failure = self.failure { return (Self.outcome(of: failure), nil) }
    if self.connected == nil {
      var error: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(self.descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
      if error != 0 { return (Self.outcome(of: error), nil) }
      self.connected = MonotonicClock.now()
      if send(self.descriptor, Self.request, Self.request.count, Int32(MSG_NOSIGNAL)) < 0 {
        return (Self.outcome(of: errno), nil)
      }
    }
    var chunk = [UInt8](repeating: 0, count: 2_048)
    while true {
      let count = recv(self.descriptor, &chunk, chunk.count, 0)
      if count == 0 { return self.judgement }
      if count < 0 { return errno == EAGAIN || errno == EINTR ? nil : (Self.outcome(of: errno), nil) }
      self.received += chunk[..<count]
      if self.received.count > Self.receivedLimit { return (.malformed, nil) }
    }
  }

  private static func outcome(of error: Int32) -> ProbeRecord.Outcome {
    switch error {
    case ECONNREFUSED: .refused
    case ECONNRESET, EPIPE: .reset
    case ETIMEDOUT: .timeout
    default: .unreachable
    }
  }

  /// Of everything that came before the end of the connection.
  private var judgement: (outcome: ProbeRecord.Outcome, region: Int?) {
    if self.received.isEmpty { return (.closed, nil) }
    let lines = String(decoding: self.received, as: UTF8.self).split(
      separator: "\r\n", omittingEmptySubsequences: false)
    let header = "X-Region: r"
    guard lines[0].hasPrefix("HTTP/1."), lines[0].dropFirst("HTTP/1.1 ".count).hasPrefix("200 "),
      let region = lines.first(where: { $0.hasPrefix(header) }).flatMap({ Int($0.dropFirst(header.count)) })
    else { return (.malformed, nil) }
    return (.answered, region)
  }
}
