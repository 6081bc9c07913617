// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import NIOCore
package import ServiceModel

/// `GET path` is answered with one of the status codes. The body is not waited for.
package struct HTTPProbe: HealthProbe {
  package var path: String
  package var status: ClosedRange<Int>
  /// Of the Host header; nil: the member's address and port.
  package var host: String?

  package init(path: String, status: ClosedRange<Int>, host: String? = nil) {
    self.path = path
    self.status = status
    self.host = host
  }

  package func run(
    _ member: SocketEndpoint, timeout: Duration, on eventLoop: any EventLoop
  ) -> EventLoopFuture<ProbeOutcome> {
    let accepted = self.status
    return HTTPExchange(path: self.path, host: self.host ?? member.description, reading: .head)
      .run(with: member, timeout: timeout, on: eventLoop)
      .map { accepted.contains($0.status) ? .success : .failure(.status) }
      .recover { ProbeOutcome($0) }
  }
}
