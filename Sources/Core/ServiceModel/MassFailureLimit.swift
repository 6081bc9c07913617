// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How many services may fail within how long before it is taken for an error of ours.
package struct MassFailureLimit: Sendable, Equatable {
  /// More than this share of all services. 1…100; 100: never.
  package var percent: Int
  /// 1 s … 10 min
  package var within: Duration

  package init(percent: Int = 50, within: Duration = .seconds(10)) {
    self.percent = percent
    self.within = within
  }
}
