// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A version of the OpenFlow protocol that this module speaks, as it stands in a message's header.
///
/// One version holds for a whole connection, so everything that encodes or decodes takes it as a parameter.
public enum ProtocolVersion: UInt8, Sendable, Hashable, Comparable, CaseIterable, CustomStringConvertible {
  /// OpenFlow 1.3 (0x04)
  case v1_3 = 4
  /// OpenFlow 1.5 (0x06)
  case v1_5 = 6

  /// `1.3` or `1.5`
  public var description: String {
    switch self {
    case .v1_3: "1.3"
    case .v1_5: "1.5"
    }
  }

  /// The older version is the lesser.
  public static func < (a: ProtocolVersion, b: ProtocolVersion) -> Bool { a.rawValue < b.rawValue }
}
