// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How long a connection may be silent.
package struct ConnectionTiming: Sendable {
  /// After this long without a byte the switch is asked whether it is there.
  package var echoInterval: Duration
  /// After this long without a byte it is not.
  package var deadAfter: Duration
  /// From the first byte to the end of the handshake.
  package var handshakeTimeout: Duration

  package init(
    echoInterval: Duration = .seconds(5), deadAfter: Duration = .seconds(15), handshakeTimeout: Duration = .seconds(10)
  ) {
    self.echoInterval = echoInterval
    self.deadAfter = deadAfter
    self.handshakeTimeout = handshakeTimeout
  }
}

extension Duration {
  var nanosecondCount: Int64 {
    let (seconds, attoseconds) = self.components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
