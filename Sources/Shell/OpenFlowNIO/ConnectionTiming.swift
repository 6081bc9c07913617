// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// How long a connection may take for what.
package struct ConnectionTiming: Sendable {
  /// So often the switch is asked whether it is there. Range: more than 0; below `deadAfter`.
  package var echoInterval: Duration
  /// A switch is given up that says nothing, does not answer an echo request, or takes no bytes for this long.
  package var deadAfter: Duration
  /// From the first byte, TLS included, to the end of the handshake.
  package var handshakeTimeout: Duration
  /// From a request, or the last part of its answer, to the next part.
  package var requestTimeout: Duration
  /// How long the holder of a datapath id has to answer when another connection claims the id.
  package var takeoverAfter: Duration

  package init(
    echoInterval: Duration = .seconds(5), deadAfter: Duration = .seconds(15), handshakeTimeout: Duration = .seconds(10),
    requestTimeout: Duration = .seconds(30), takeoverAfter: Duration = .seconds(1)
  ) {
    self.echoInterval = echoInterval
    self.deadAfter = deadAfter
    self.handshakeTimeout = handshakeTimeout
    self.requestTimeout = requestTimeout
    self.takeoverAfter = takeoverAfter
  }
}

extension ConnectionTiming {
  /// If a check comes later than this, it was the controller that was busy, and the silence may be its own.
  var toleratedLateness: TimeAmount { TimeAmount(self.deadAfter / 4) }
}

extension TimeAmount {
  /// As long; more than 292 years are that long.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    self = overflow ? .nanoseconds(.max) : .nanoseconds(nanoseconds &+ attoseconds / 1_000_000_000)
  }
}

extension Duration {
  init(_ amount: TimeAmount) { self = .nanoseconds(amount.nanoseconds) }
}
