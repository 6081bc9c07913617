// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import Floodlight
import NIOCore
import OpenFlow
import OpenFlowNIO

/// What operators want to know of a switch itself.
extension ControlLoop {
  /// The state's own tickets are far below.
  private static let firstQuestion: UInt64 = 1 << 63

  /// - Returns: nil if the switch is not there, or does not answer in time.
  func ask(_ datapath: DatapathID, _ request: MessageBody) async -> [MessageBody]? {
    guard self.ports[datapath] != nil, let server = self.server else { return nil }
    return await withCheckedContinuation { continuation in
      self.lastQuestion += 1
      let ticket = Self.firstQuestion | self.lastQuestion
      self.questions[ticket] = (datapath, continuation)
      server.perform(.ask(request, ticket: ticket), on: datapath)
    }
  }

  /// - Returns: false if it was no question.
  func settle(question ticket: UInt64, with answer: [MessageBody]?) -> Bool {
    guard let (_, continuation) = self.questions.removeValue(forKey: ticket) else {
      return ticket >= Self.firstQuestion
    }
    continuation.resume(returning: answer)
    return true
  }

  func dropQuestions(to datapath: DatapathID) {
    for (ticket, question) in self.questions where question.datapath == datapath {
      _ = self.settle(question: ticket, with: nil)
    }
  }

  /// The switches that are connected, as Floodlight tells them.
  func connectedSwitches() -> [FloodlightSwitch] {
    let now = wallClock()
    return (self.server?.statuses ?? []).filter { self.ports[$0.datapath] != nil }
      .sorted { $0.datapath < $1.datapath }
      .map { status in
        FloodlightSwitch(
          datapath: status.datapath, peer: status.peer,
          connectedSince: (now - status.connectedFor.nanosecondsOfWallClock / 1000) / 1000, version: status.version,
          isMaster: status.role != .slave)
      }
  }
}

extension Duration {
  fileprivate var nanosecondsOfWallClock: Int64 {
    let (seconds, attoseconds) = self.components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
