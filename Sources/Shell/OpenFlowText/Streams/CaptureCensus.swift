// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import PacketCapture

/// What a capture has, to tell somebody who finds no messages in it why.
package struct CaptureCensus: Sendable, Equatable {
  /// Different ports that are counted at most.
  private static let portLimit = 4096

  /// TCP segments of the ports that were asked for.
  package var segments = 0
  private var otherSegments = 0
  private var otherPackets = 0
  /// How many segments each other connection's lower port has: mostly the server's.
  private var ports: [UInt16: Int] = [:]
  private var unreadLink: LinkType?

  package init() {}

  mutating func add(_ direction: TCPDirection) {
    self.otherSegments += 1
    let port = min(direction.source.port, direction.destination.port)
    if self.ports.count < Self.portLimit || self.ports[port] != nil { self.ports[port, default: 0] += 1 }
  }

  mutating func addOther(_ type: LinkType) {
    self.otherPackets += 1
    if !type.isRead { self.unreadLink = type }
  }

  /// Why there was nothing; nil: there was something.
  package func explanation(for asked: Set<UInt16>) -> String? {
    guard self.segments == 0 else { return nil }
    let numbers = asked.sorted().map { String($0) }.joined(separator: ", ")
    var text = "the capture has no TCP segment of port \(numbers)"
    if let unreadLink {
      text += "; its packets are of link type \(unreadLink.rawValue), which is not read"
    } else if self.otherSegments > 0 {
      // The most frequent ones; of equally frequent ones, the lowest.
      let found = self.ports.sorted { a, b in a.value != b.value ? a.value > b.value : a.key < b.key }
      text += "; it has some of port " + found.prefix(5).map { String($0.key) }.joined(separator: ", ") + ": see --port"
    } else {
      text += self.otherPackets > 0 ? ", only packets that are no TCP" : ", and no packet at all"
    }
    return text
  }
}
