// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Why a datagram was not counted as a heartbeat, or not taken as a reply.
package enum HeartbeatError: Error, Sendable, Equatable {
  /// Ends too early. Offsets are in bytes from the start of the datagram.
  case truncated(at: Int)
  /// Does not begin with the magic number: something else's datagram.
  case foreign
  case wrongVersion(UInt8)
  /// Authentic, but a reply where a heartbeat is expected, or the other way round.
  case wrongKind(UInt8)
  /// No key is held for the region that the datagram names.
  case unknownRegion(RegionName)
  case badTag(RegionName)
  /// Its content contradicts the format.
  case malformed(at: Int)
  /// More than `HeartbeatDatagram.maximumSize` bytes, received or to be sent.
  case tooLarge(Int)
  /// Seen before, or more than 64 older than the newest.
  case replayed(sequence: UInt64)
  /// From an earlier start of the agent than the latest one heard.
  case staleBoot(UInt64, floor: UInt64)
  /// Does not name this controller's session: it may be from before the controller's start.
  case staleSession

  /// The case without its values: the label of a counter.
  package enum Reason: String, Sendable, CaseIterable {
    case truncated
    case foreign
    case wrongVersion = "wrong-version"
    case wrongKind = "wrong-kind"
    case unknownRegion = "unknown-region"
    case badTag = "bad-tag"
    case malformed
    case tooLarge = "too-large"
    case replayed
    case staleBoot = "stale-boot"
    case staleSession = "stale-session"
  }

  package var reason: Reason {
    switch self {
    case .truncated: .truncated
    case .foreign: .foreign
    case .wrongVersion: .wrongVersion
    case .wrongKind: .wrongKind
    case .unknownRegion: .unknownRegion
    case .badTag: .badTag
    case .malformed: .malformed
    case .tooLarge: .tooLarge
    case .replayed: .replayed
    case .staleBoot: .staleBoot
    case .staleSession: .staleSession
    }
  }
}

extension HeartbeatError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated(let at): "datagram ends at byte \(at), in the middle of a field"
    case .foreign: "not a heartbeat: wrong magic number"
    case .wrongVersion(let version): "heartbeat format \(version); \(HeartbeatDatagram.version) is understood"
    case .wrongKind(let kind): "kind \(kind) is not expected here"
    case .unknownRegion(let region): "no key for region '\(region)'"
    case .badTag(let region): "wrong tag: not made with the key of region '\(region)'"
    case .malformed(let at): "malformed at byte \(at)"
    case .tooLarge(let size): "\(size) bytes; at most \(HeartbeatDatagram.maximumSize) are accepted"
    case .replayed(let sequence): "sequence \(sequence) was seen before or is too old"
    case .staleBoot(let boot, let floor): "boot \(boot) is older than boot \(floor), heard before"
    case .staleSession: "does not name this controller's session"
    }
  }
}
