// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How much one connection, and all of them together, may cost.
package struct ConnectionLimits: Sendable {
  /// Bytes that a switch has not taken, at which it is given up. Default: 64 MiB, enough for the program of 100,000
  /// services.
  package var maximumUnsent: Int
  /// Bytes that a switch has not taken, from which on it is watched: while it takes none, its PACKET_INs are dropped,
  /// so that answers to them do not pile up. Default: 1 MiB.
  package var congestedAt: Int
  /// Bytes that are read from one switch before the others on the event loop have their turn. Default: 16 KiB, some
  /// 150 PACKET_INs.
  package var bytesPerTurn: Int
  /// Connections whose handshake is not finished. Default: 1024, so that as many switches can come at once.
  package var unfinishedHandshakes: Int
  /// Requests of one connection that wait for their answer. Default: 1024.
  package var requests: Int
  /// Bytes of one answer in several parts. Default: 256 MiB.
  package var answerBytes: Int
  /// Bytes that are kept of what was sent, to tell what an OFPT_ERROR is about: without a barrier behind them.
  /// Default: 16 KiB.
  package var keptBytes: Int
  /// The same for what has a barrier behind it that is not answered yet. Default: 16 MiB.
  package var keptBytesBeforeBarrier: Int

  package init(
    maximumUnsent: Int = 64 << 20, congestedAt: Int = 1 << 20, bytesPerTurn: Int = 16 << 10,
    unfinishedHandshakes: Int = 1024, requests: Int = 1024, answerBytes: Int = 256 << 20, keptBytes: Int = 16 << 10,
    keptBytesBeforeBarrier: Int = 16 << 20
  ) {
    self.maximumUnsent = maximumUnsent
    self.congestedAt = congestedAt
    self.bytesPerTurn = bytesPerTurn
    self.unfinishedHandshakes = unfinishedHandshakes
    self.requests = requests
    self.answerBytes = answerBytes
    self.keptBytes = keptBytes
    self.keptBytesBeforeBarrier = keptBytesBeforeBarrier
  }
}
