// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import OpenFlow
import ServiceModel

/// The groups of the model, and which of their buckets are live.
struct GroupTable: Sendable, Equatable {
  private(set) var groups: [GroupNumber: DatapathProgram.Group] = [:]

  /// Open vSwitch gives up on watch groups that are nested more deeply.
  private static let maximumDepth = 128

  subscript(number: GroupNumber) -> DatapathProgram.Group? { self.groups[number] }

  mutating func apply(_ mod: GroupMod) throws(SwitchRefusal) {
    let exists = self.groups[mod.group] != nil
    switch mod.command {
    case .add:
      guard !exists else { throw .groupExists(mod.group) }
    case .modify:
      guard exists else { throw .unknownGroup(mod.group) }
    case .addOrModify: break
    case .delete:
      if mod.group == .all { self.groups = [:] } else { self.groups[mod.group] = nil }
      return
    case .insertBucket, .removeBucket: throw .unsupportedGroupCommand(mod.command)
    }
    for bucket in mod.buckets {
      let watches = bucket.watchPort != .any || bucket.watchGroup != .any
      // The only weights that we send: shares are made by the number of slots.
      if bucket.weight != (mod.kind == .select ? 1 : 0) { throw .invalidGroup(mod.group) }
      switch mod.kind {
      case .all, .indirect: if watches { throw .watchUnsupported(mod.group) }
      case .fastFailover: if !watches { throw .invalidGroup(mod.group) }
      case .select: break
      default: throw .unsupportedGroupKind(mod.kind)
      }
    }
    self.groups[mod.group] = DatapathProgram.Group(kind: mod.kind, buckets: mod.buckets, properties: mod.properties)
  }

  /// The buckets that a packet in this group goes through, by their index.
  func chosen(_ number: GroupNumber, for packet: Packet, livePorts: Set<PortNumber>) -> [Int] {
    guard let group = self.groups[number] else { return [] }
    switch group.kind {
    case .all: return Array(group.buckets.indices)
    case .indirect: return Array(group.buckets.indices.prefix(1))
    case .select:
      // The slot that the packet hashes to, or the next live one (ofproto-dpif-xlate.c, pick_dp_hash_select_group).
      guard !group.buckets.isEmpty else { return [] }
      let first = Int(truncatingIfNeeded: packet.hash(byClient: group.choosesByClient) % UInt64(group.buckets.count))
      let slots = (0..<group.buckets.count).lazy.map { (first + $0) % group.buckets.count }
      return slots.first { self.isLive(group.buckets[$0], livePorts, depth: 0) }.map { [$0] } ?? []
    case .fastFailover:
      return group.buckets.firstIndex { self.isLive($0, livePorts, depth: 0) }.map { [$0] } ?? []
    default: return []
    }
  }

  /// A bucket is live if what it watches is, port or group (ofproto-dpif-xlate.c asks for one of them, not both).
  private func isLive(_ bucket: Bucket, _ livePorts: Set<PortNumber>, depth: Int) -> Bool {
    guard depth < Self.maximumDepth else { return false }
    if bucket.watchPort == .any, bucket.watchGroup == .any { return true }
    if bucket.watchPort != .any, livePorts.contains(bucket.watchPort) { return true }
    guard bucket.watchGroup != .any, let watched = self.groups[bucket.watchGroup] else { return false }
    return watched.buckets.contains { self.isLive($0, livePorts, depth: depth + 1) }
  }
}

extension DatapathProgram.Group {
  fileprivate var choosesByClient: Bool {
    self.properties.contains { if case .selectionMethod(let method) = $0 { method.name == "hash" } else { false } }
  }
}

extension Packet {
  /// Of what tells connections from each other, or only clients.
  fileprivate func hash(byClient: Bool) -> UInt64 {
    guard let datagram = self.datagram else { return 0 }
    var text = "\(datagram.source)"
    if !byClient {
      text += " \(datagram.destination) \(datagram.protocolNumber)"
      if let segment = self.segment { text += " \(segment.source) \(segment.destination)" }
    }
    return UInt64(fnv1a(text))
  }
}
