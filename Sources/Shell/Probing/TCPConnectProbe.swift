// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import NIOCore
import NIOPosix
package import ServiceModel

/// A connection can be opened.
package struct TCPConnectProbe: HealthProbe {
  package init() {}

  package func run(
    _ member: SocketEndpoint, timeout: Duration, on eventLoop: any EventLoop
  ) -> EventLoopFuture<ProbeOutcome> {
    let address: SocketAddress
    do {
      address = try SocketAddress(ipAddress: "\(member.address)", port: Int(member.port))
    } catch {
      return eventLoop.makeSucceededFuture(.failure(.unreachable))
    }
    return ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(timeout))
      .connect(to: address)
      .map { channel in
        channel.close(promise: nil)
        return .success
      }
      .recover { ProbeOutcome($0) }
  }
}
