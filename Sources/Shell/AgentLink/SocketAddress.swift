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
  /// Nil unless `address` is an IPv4 or IPv6 address with a port.
  package init?(_ address: SocketAddress) {
    let found = address.withSockAddr { pointer, size -> SocketEndpoint? in
      // struct sockaddr_in: family 2, port 2, address 4; sockaddr_in6: family 2, port 2, flow 4, address 16.
      let bytes = UnsafeRawBufferPointer(start: pointer, count: size)
      func octets(_ range: Range<Int>) -> UInt128 { bytes[range].reduce(0) { $0 << 8 | UInt128($1) } }
      switch address.protocol {
      case .inet where size >= 8:
        return SocketEndpoint(
          IPv4Address(rawValue: UInt32(truncatingIfNeeded: octets(4..<8))), UInt16(truncatingIfNeeded: octets(2..<4)))
      case .inet6 where size >= 24:
        return SocketEndpoint(IPv6Address(rawValue: octets(8..<24)), UInt16(truncatingIfNeeded: octets(2..<4)))
      default: return nil
      }
    }
    guard let found else { return nil }
    self = found
  }
}
