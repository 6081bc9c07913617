// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One after the other, in the order of asking, also across what is awaited meanwhile. Those who wait are as many as there
/// are connections to the API.
actor Turns {
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func begin() async {
    guard self.isTaken else {
      self.isTaken = true
      return
    }
    await withCheckedContinuation { self.waiting.append($0) }
  }

  func end() {
    if self.waiting.isEmpty { self.isTaken = false } else { self.waiting.removeFirst().resume() }
  }
}
