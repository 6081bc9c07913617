// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Reserved numbers of flow tables (OpenFlow 1.3.5, 7.3.4.1).
public enum TableNumber {
  /// OFPTT_MAX: the last table that a switch can have.
  public static let last: UInt8 = 0xfe
  /// OFPTT_ALL: every table; for deleting and asking.
  public static let all: UInt8 = 0xff
}
