// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The sending half of a UDP socket.
struct DatagramSender: Sendable {
  /// Datagrams that may wait for a flush.
  private static let queueLimit = 4_096

  /// Nil: closed.
  private var descriptor: CInt?
  private var queue: [(datagram: ByteBuffer, address: SocketAddress)] = []

  init(descriptor: CInt) {
    self.descriptor = descriptor
  }

  /// Two descriptors of one bound socket that does not block: each half closes its own, so that neither ever uses a
  /// number that has become somebody else's.
  static func openSockets(boundTo endpoint: SocketEndpoint) throws -> (receiving: CInt, sending: CInt) {
    let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    let receiving = socket(endpoint.address.family == .v4 ? AF_INET : AF_INET6, type, 0)
    guard receiving >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
    let bound = try SocketAddress(endpoint).withSockAddr { address, size in
      bind(receiving, address, socklen_t(size))
    }
    guard bound == 0 else {
      let error = IOError(errnoCode: errno, reason: "bind")
      close(receiving)
      throw error
    }
    let sending = fcntl(receiving, F_DUPFD_CLOEXEC, 0)
    guard sending >= 0 else {
      let error = IOError(errnoCode: errno, reason: "fcntl")
      close(receiving)
      throw error
    }
    return (receiving, sending)
  }

  mutating func add(_ datagram: ByteBuffer, to endpoint: SocketEndpoint) -> Bool {
    guard self.descriptor != nil, self.queue.count < Self.queueLimit, let address = try? SocketAddress(endpoint) else {
      return false
    }
    self.queue.append((datagram, address))
    return true
  }

  mutating func flush() {
    guard let descriptor, !self.queue.isEmpty else { return }
    for (datagram, address) in self.queue {
      datagram.withUnsafeReadableBytes { bytes in
        address.withSockAddr { pointer, size in
          // Whatever the error is, the next datagram may go elsewhere.
          _ = sendto(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL), pointer, socklen_t(size))
        }
      }
    }
    self.queue.removeAll(keepingCapacity: true)
  }

  mutating func shutDown() {
    guard let descriptor else { return }
    close(descriptor)
    self.descriptor = nil
    self.queue = []
  }
}
