// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What one check of a member found.
package enum ProbeOutcome: Sendable, Equatable {
  case success
  case failure(CheckFailure)
  /// The machine that checks could not: it lacks files, ports or memory. That says nothing of the member.
  case notMade(String)
}
