// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension Instruction {
  /// A switch leaves it out when it tells a flow.
  var doesNothing: Bool {
    switch self {
    case .writeActions(let actions), .applyActions(let actions): actions.isEmpty
    default: false
    }
  }

  /// The order in which a switch does the instructions, whatever the order in which they stand
  /// (OpenFlow 1.3.5, 5.9).
  fileprivate var rank: Int {
    switch self {
    case .meter: 0
    case .applyActions: 1
    case .clearActions: 2
    case .writeActions: 3
    case .writeMetadata: 4
    case .gotoTable: 5
    case .unknown: 6
    }
  }
}

extension [Instruction] {
  /// As a switch tells them: in the order in which it does them, without those that do nothing.
  package var asTold: [Instruction] {
    var told: [Instruction] = []
    for instruction in self where !instruction.doesNothing { told.insertByRank(instruction) }
    return told
  }

  /// Inserts an instruction after those that are done before it.
  mutating func insertByRank(_ instruction: Instruction) {
    var index = self.endIndex
    while index > 0, instruction.rank < self[index - 1].rank { index -= 1 }
    if index == self.endIndex { self.append(instruction) } else { self.insert(instruction, at: index) }
  }
}
