// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How much of the controller one client, or all of them together, can take.
struct HTTPLimits: Sendable {
  /// More wait in the backlog.
  var connections: Int
  /// Seconds until a connection is closed on which no whole request arrives.
  var idleSeconds: Int64
  /// Seconds until a connection is closed whose client takes nothing of what is written.
  var stalledWriteSeconds: Int64
  /// Bytes of one header field, of all of them, and their number.
  var headerFieldSize = 8 << 10
  var headerListSize = 16 << 10
  var headerFieldCount = 64
  /// Bytes of a request's body; what is longer is answered with 413, or the connection is closed.
  var bodySize: Int

  /// Bytes of a configuration: as many as a file of it may have.
  static let configurationSize = 10_000_000
  /// Bytes of any other request's body.
  static let commandSize = 64 << 10

  static let api = HTTPLimits(connections: 256, idleSeconds: 30, stalledWriteSeconds: 30, bodySize: configurationSize)
  /// Reachable by more than operators, and asked for little: a region's agent fetches once in a long while.
  static let agents = HTTPLimits(connections: 256, idleSeconds: 10, stalledWriteSeconds: 10, bodySize: 0)
}
