// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import NIOCore
package import ServiceModel

/// One way to find out whether a member serves.
package protocol HealthProbe: Sendable {
  /// Checks once. The future is never failed and always completes within `timeout`, which counts from the start of
  /// the connection; the connection is closed in any case.
  func run(
    _ member: SocketEndpoint, timeout: Duration, on eventLoop: any EventLoop
  ) -> EventLoopFuture<ProbeOutcome>
}

extension Check.Method {
  /// The catalogue of health probes.
  package var probe: any HealthProbe {
    switch self {
    case .tcp: TCPConnectProbe()
    case .http(let path, let status, let host): HTTPProbe(path: path, status: status, host: host)
    }
  }
}
