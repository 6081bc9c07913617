// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import NIOCore

extension SocketAddress {
  package init(_ endpoint: SocketEndpoint) throws {
    try self.init(packedIPAddress: ByteBuffer(bytes: endpoint.address.octets), port: Int(endpoint.port))
  }
}

extension SocketEndpoint {
  /// Nil unless `address` is an IPv4 address with a port.
  package init?(_ address: SocketAddress) {
    guard address.protocol == .inet else { return nil }
    let (port, host) = address.withSockAddr { pointer, size in
      // struct sockaddr_in: family 2, port 2, address 4.
      let bytes = UnsafeRawBufferPointer(start: pointer, count: size)
      return (
        bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self), bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
      )
    }
    self.init(IPv4Address(rawValue: UInt32(bigEndian: host)), UInt16(bigEndian: port))
  }
}
