// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What the executables say of themselves.
package enum Product {
  /// Semantic version; the API's `version` and every `--version`.
  package static let version = "0.1.0"
}
