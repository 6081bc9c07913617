// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Glibc

extension SocketEndpoint {
  /// As bind(2) and connect(2) take it.
  func withSocketAddress(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Int32) -> Int32 {
    func call(_ address: some Any) -> Int32 {
      withUnsafeBytes(of: address) { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) { body($0.baseAddress, socklen_t(bytes.count)) }
      }
    }
    switch self.address {
    case .v4(let host):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = self.port.bigEndian
      address.sin_addr.s_addr = host.rawValue.bigEndian
      return call(address)
    case .v6(let host):
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = self.port.bigEndian
      withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: host.octets) }
      return call(address)
    }
  }
}
