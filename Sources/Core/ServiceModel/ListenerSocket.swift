// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// What a client's packet says of whom it wants.
package struct ListenerSocket: Sendable, Hashable {
  package var endpoint: SocketEndpoint
  package var transport: Listener.TransportProtocol

  package init(_ virtualIP: VirtualIP, _ listener: Listener) {
    self.endpoint = SocketEndpoint(virtualIP.address, listener.port)
    self.transport = listener.transport
  }

  /// Nil: a protocol that no listener speaks.
  package init?(_ endpoint: SocketEndpoint, protocolNumber: UInt8) {
    guard let transport = Listener.TransportProtocol.allCases.first(where: { $0.ipProtocol == protocolNumber }) else {
      return nil
    }
    self.endpoint = endpoint
    self.transport = transport
  }
}
