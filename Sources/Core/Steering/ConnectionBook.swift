// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// Which region each connection was given to, where the controller is asked about every one (placement `reactive`).
///
/// A connection is open from its first packet until its end was seen, or until its flow expired unused. One whose flow
/// expired is remembered: its next packet must find the same region. What is remembered is bounded; the longest unused
/// goes first.
package struct ConnectionBook: Sendable, Equatable {
  /// A client's connection to a listener.
  package struct Key: Sendable, Hashable, Comparable {
    package var client: SocketEndpoint
    package var target: UInt16

    /// - Parameter target: the listener's port on gateways.
    package init(client: SocketEndpoint, target: UInt16) {
      self.client = client
      self.target = target
    }

    package static func < (a: Key, b: Key) -> Bool { (a.client, a.target) < (b.client, b.target) }
  }

  struct Entry: Sendable, Equatable {
    var region: RegionName
    var isOpen = true
    /// The switch has a flow for it.
    var hasFlow = true
    /// More than its beginning was seen.
    var isEstablished = false
  }

  private var entries: [Key: Entry] = [:]
  /// Open connections by target and region.
  private var counts: [UInt16: [RegionName: Int]] = [:]
  /// Without a flow, in the order in which their flows expired; some may have got one again, or be here twice.
  private var expired: [Key] = []
  private let capacity: Int

  /// - Parameter capacity: connections that are remembered without a flow. At least 2
  package init(capacity: Int = 65_536) { self.capacity = capacity }

  package var count: Int { self.entries.count }

  package func region(of key: Key) -> RegionName? { self.entries[key]?.region }

  /// How many are open in each region.
  package func open(target: UInt16) -> [RegionName: Int] { self.counts[target] ?? [:] }

  /// How far a connection has come.
  package enum Stage: Sendable { case begun, established, ended }

  /// - Parameter isRepeatable: it may be a first packet that was sent again, and proves nothing.
  /// - Returns: how far the connection has come. One that has ended is not opened again by its last packets.
  @discardableResult
  package mutating func begin(_ key: Key, in region: RegionName, isRepeatable: Bool = false) -> Stage {
    guard var entry = self.entries[key], entry.region == region else {
      self.forget(key)
      self.entries[key] = Entry(region: region)
      self.counts[key.target, default: [:]][region, default: 0] += 1
      return .begun
    }
    entry.hasFlow = true
    if !isRepeatable { entry.isEstablished = true }
    self.entries[key] = entry
    guard entry.isOpen else { return .ended }
    return entry.isEstablished ? .established : .begun
  }

  /// Its end was seen.
  package func hasEnded(_ key: Key) -> Bool { self.entries[key]?.isOpen == false }

  /// The switch has a flow for it.
  package func hasFlow(_ key: Key) -> Bool { self.entries[key]?.hasFlow == true }

  /// Its end was seen. Its flow remains for the last packets.
  ///
  /// - Returns: its region; nil if it is not open.
  @discardableResult
  package mutating func end(_ key: Key) -> RegionName? {
    guard let entry = self.entries[key], entry.isOpen else { return nil }
    self.entries[key]?.isOpen = false
    self.counts[key.target]?[entry.region]? -= 1
    return entry.region
  }

  /// A connection for which a switch has a flow.
  package struct Found: Sendable {
    var key: Key
    var region: RegionName
    var hasEnded: Bool

    package init(key: Key, region: RegionName, hasEnded: Bool = false) {
      self.key = key
      self.region = region
      self.hasEnded = hasEnded
    }
  }

  /// These, and no others, have a flow.
  package mutating func found(_ connections: [Found]) {
    let keys = Set(connections.map(\.key))
    for key in self.entries.keys.filter({ !keys.contains($0) }).sorted() { self.expire(key, packets: .max) }
    for connection in connections where self.entries[connection.key]?.isOpen != false {
      self.begin(connection.key, in: connection.region)
      self.entries[connection.key]?.isEstablished = true
      if connection.hasEnded { self.end(connection.key) }
    }
  }

  /// Its flow is gone.
  ///
  /// - Parameter packets: how many came through it; fewer than a handshake: there never was a connection.
  package mutating func expire(_ key: Key, packets: UInt64) {
    guard let entry = self.entries[key] else { return }
    guard entry.isEstablished || packets > 1 else { return self.forget(key) }
    self.entries[key]?.hasFlow = false
    self.expired.append(key)
    // The older half at once: one by one, each would move all others.
    guard self.expired.count > self.capacity else { return }
    for oldest in self.expired.prefix(self.capacity / 2) where self.entries[oldest]?.hasFlow == false {
      self.forget(oldest)
    }
    self.expired.removeFirst(self.capacity / 2)
  }

  package mutating func forget(_ key: Key) {
    self.end(key)
    self.entries[key] = nil
  }

  /// Forgets all connections to a region.
  ///
  /// - Parameter target: only of this listener.
  package mutating func forget(region: RegionName, target: UInt16? = nil) {
    for (key, entry) in self.entries where entry.region == region && (target == nil || key.target == target) {
      self.forget(key)
    }
  }
}
