// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import Glibc
import NIOCore

/// An address on which the controller cannot listen.
package struct ListenError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What the controller listens for.
  package enum Listener: String, Sendable {
    case api = "the API"
    case agents = "agents"
    case heartbeats
    case switches
    case floodlight = "Floodlight's API"
  }

  package enum Reason: Sendable, Equatable {
    case inUse
    case notOurs
    case notAllowed
    case other(String)
  }

  package var listener: Listener
  package var endpoint: SocketEndpoint
  package var reason: Reason

  package init(listener: Listener, endpoint: SocketEndpoint, reason: Reason) {
    self.listener = listener
    self.endpoint = endpoint
    self.reason = reason
  }

  /// Reads the reason from what a failed bind throws.
  package init(listener: Listener, endpoint: SocketEndpoint, cause: any Error) {
    let reason: Reason =
      switch (cause as? IOError)?.errnoCode {
      case EADDRINUSE: .inUse
      case EADDRNOTAVAIL: .notOurs
      case EACCES, EPERM: .notAllowed
      default: .other("\(cause)")
      }
    self.init(listener: listener, endpoint: endpoint, reason: reason)
  }

  package var description: String {
    let why =
      switch self.reason {
      case .inUse: "the port is in use; stop the other process (ss -ltnp shows it) or configure another port"
      case .notOurs: "the address is not of this machine; configure one that is (ip -4 address shows them)"
      case .notAllowed: "not permitted; configure a port from 1024 on, or grant CAP_NET_BIND_SERVICE"
      case .other(let what): what
      }
    return "cannot listen on \(self.endpoint) for \(self.listener.rawValue): \(why)"
  }
}
