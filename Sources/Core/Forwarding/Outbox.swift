// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// Messages that one step has for each switch: they leave in one write a switch.
struct Outbox: Sendable {
  /// In the order in which switches were first written to.
  private(set) var sends: [(slot: Int, messages: [MessageBody])] = []

  var isEmpty: Bool { self.sends.isEmpty }

  mutating func add(_ messages: [MessageBody], to slot: Int) {
    guard !messages.isEmpty else { return }
    if let index = self.sends.firstIndex(where: { $0.slot == slot }) {
      self.sends[index].messages += messages
    } else {
      self.sends.append((slot, messages))
    }
  }

  mutating func add(_ message: MessageBody, to slot: Int) { self.add([message], to: slot) }
}
