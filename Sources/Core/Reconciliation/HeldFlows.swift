// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import NIOCore
import OpenFlow

/// The flows that a switch holds, in a tenth of the room: of each the message that would delete it, and a digest of
/// what it does.
///
/// A digest has 64 bits and a key that is made anew in every process, so that a flow which does something else passes
/// for right once in 2^64, whoever wrote it.
struct HeldFlows: Sendable, Equatable {
  private var packed: [[UInt8]: UInt64] = [:]
  /// Flows that a message cannot say; a switch that holds such has its own idea of the protocol.
  private var unsayable: [DatapathProgram.FlowKey: UInt64] = [:]

  var count: Int { self.packed.count + self.unsayable.count }

  mutating func insert(_ key: DatapathProgram.FlowKey, _ flow: DatapathProgram.Flow) {
    if let bytes = Self.pack(key) {
      self.packed[bytes] = Self.digest(flow)
    } else {
      self.unsayable[key] = Self.digest(flow)
    }
  }

  /// Takes a flow out.
  ///
  /// - Returns: whether it was there and does what `flow` does.
  mutating func remove(_ key: DatapathProgram.FlowKey, equalTo flow: DatapathProgram.Flow) -> Bool {
    let held =
      Self.pack(key).map { self.packed.removeValue(forKey: $0) } ?? self.unsayable.removeValue(forKey: key)
    return held == Self.digest(flow)
  }

  /// Takes out at most `limit` flows.
  mutating func removeSome(_ limit: Int) -> [DatapathProgram.FlowKey] {
    var keys = Array(self.unsayable.keys.prefix(limit))
    for key in keys { self.unsayable[key] = nil }
    let packed = self.packed.keys.prefix(limit - keys.count)
    keys += packed.compactMap(Self.unpack)
    for bytes in Array(packed) { self.packed[bytes] = nil }
    return keys
  }

  private static func digest(_ flow: DatapathProgram.Flow) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(flow)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  private static func pack(_ key: DatapathProgram.FlowKey) -> [UInt8]? {
    var buffer = ByteBuffer()
    let delete = FlowMod(command: .deleteStrict, tableID: key.table, priority: key.priority, match: key.match)
    guard (try? Message(xid: 0, .flowMod(delete)).encode(into: &buffer, version: .v1_5)) != nil else { return nil }
    return Array(buffer.readableBytesView)
  }

  private static func unpack(_ bytes: [UInt8]) -> DatapathProgram.FlowKey? {
    guard let message = try? Message.decode(from: ByteBuffer(bytes: bytes), version: .v1_5),
      case .flowMod(let mod) = message.body
    else { return nil }
    return DatapathProgram.FlowKey(table: mod.tableID, priority: mod.priority, match: mod.match)
  }
}
