// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How far something may be relied on: the way to a region, or a service's members in it.
///
/// What is well is used. What is on its way back stays in use if it was, and is taken into use early only where there
/// is nobody else.
package enum Standing: Int, Sendable, Hashable, Comparable {
  case out
  /// Good once or more often since it was out.
  case returning
  /// Good `rise` times in a row; only the hold time is missing.
  case proven
  case well

  package static func < (a: Standing, b: Standing) -> Bool { a.rawValue < b.rawValue }
}
