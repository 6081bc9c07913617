// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a capture may demand of memory, whatever its lengths claim.
package enum CaptureLimits {
  /// The longest packet, bytes: tcpdump's own greatest snapshot length.
  package static let packetLength = 262_144
  /// The longest block of pcapng that is looked at, bytes: a packet with room for options. Longer ones that are no
  /// packets are passed over without being kept.
  package static let blockLength = packetLength + 65_536
  /// Interfaces in one section of pcapng.
  package static let interfaces = 4096
}
